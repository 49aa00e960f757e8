"""Compare the descriptions of two arrays: how many values differ, the largest difference, and where it is."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from figgen.review.description.values import ArraySummary, round_number

_SUMMARY_KEYS = {"shape", "digest"}
_POINT = 2  # columns of an array of points: x and y


def is_summary(value: Any) -> bool:
    """Check whether a value of a description is the summary of a long array."""
    return isinstance(value, dict) and value.keys() >= _SUMMARY_KEYS


def format_summary(summary: Mapping[str, Any]) -> str:
    """Return the summary that a description has of a long array, as text."""
    bounds = f", min {summary['least']}, max {summary['greatest']}" if "least" in summary else ""
    count = " x ".join(map(str, summary["shape"]))
    return f"{count} values (first {summary['first']}, last {summary['last']}{bounds})"


def diff_arrays(before: Any, after: Any, x: Any) -> str:
    """Return how two descriptions of arrays differ, such as "1 of 40 values: 0.28 -> 1 at x = 19".

    `x` describes the positions on the x axis. Returns "" if one of them is no summary, or the shapes differ. Summaries
    from a file have no values, so that only the change is told.
    """
    if not (is_summary(before) and is_summary(after)) or before["shape"] != after["shape"]:
        return ""
    if not (isinstance(before, ArraySummary) and isinstance(after, ArraySummary)):
        old, new = format_summary(before), format_summary(after)
        return f"some of the {new} changed" if old == new else ""
    old, new = before.numbers, after.numbers
    places = [tuple(place) for place in np.argwhere((old != new) & ~(np.isnan(old) & np.isnan(new))).tolist()]
    changed = [place for place in places if before.rounded(place) != after.rounded(place)]
    if not changed:  # they have other numbers of digits
        return ""
    most = max(changed, key=lambda place: np.nan_to_num(abs(old[place] - new[place]), nan=np.inf))
    change = f"{_format(before.rounded(most))} -> {_format(after.rounded(most))}"
    count = f"{len(changed):,} of {old.size:,} values"
    where = _place(most, after, x)
    return f"{count}: {change} {where}" if len(changed) == 1 else f"{count}, most {where}: {change}"


def _place(place: tuple[int, ...], after: ArraySummary, x: Any) -> str:
    """Return the place of a value as text: by its x, if that is known, else by its index."""
    if isinstance(x, ArraySummary) and x.numbers.shape == after.numbers.shape:
        return f"at x = {_format(round_number(float(x.numbers[place])))}"
    if after.numbers.ndim == _POINT and after.numbers.shape[1] == _POINT and place[1]:
        return f"at x = {_format(after.rounded((place[0], 0)))}"
    return f"at index {', '.join(map(str, place))}"


def _format(value: Any) -> str:
    return "nothing" if value is None else str(value)
