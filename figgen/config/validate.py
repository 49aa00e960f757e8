"""Plain data -> spec, or all the problems found in it."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from figgen.config.spec import CheckedText, Figure, find_annotation, models
from figgen.config.unused_keys import find_unused
from figgen.config.validation_errors import is_follow_up, to_problems
from figgen.errors import MAX_FINDINGS, Problem, SpecError, Where, more_mistakes

MAX_PANELS = 400
MAX_LAYERS = 2_000
MAX_CHARACTERS = 5_000  # of one text, the alt text included


def validate(data: Any) -> Figure:
    """Return plain data as a spec. Raises SpecError with every problem found, keys without effect included."""
    figure = _validate(data)
    if unused := find_unused(figure):
        raise SpecError(unused)
    return figure


def _validate(data: Any) -> Figure:
    try:
        # From JSON, since in strict mode pydantic accepts no Python list for a tuple.
        figure = Figure.model_validate_json(json.dumps(data))
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if not is_follow_up(detail)]
        raise SpecError(_first_problems(details)) from None
    if problems := [*_check_counts(figure)]:
        raise SpecError(problems)
    return figure


def _first_problems(details: Sequence[ErrorDetails]) -> list[Problem]:
    """Return the first problems, and one for how many more there are: to explain each of very many takes long."""
    problems: list[Problem] = []
    explained = 0
    while explained < len(details) and len(problems) < MAX_FINDINGS:
        problems += to_problems(details[explained])
        explained += 1
    if more := len(details) - explained:
        where = next(to_problems(details[explained])).where
        problems.append(Problem(where, *more_mistakes(more), count=more))
    return problems


def validate_partially(data: Any) -> tuple[Figure, tuple[Problem, ...]]:
    """Return plain data as a spec, without the keys that have problems, and these problems.

    This way, formulas and styles are checked in the same run. A figure with problems must not be drawn, unless each is
    a key without effect. Raises SpecError if the data without those keys is not a spec either.
    """
    try:
        figure = _validate(data)
    except SpecError as error:
        rest = json.loads(json.dumps(data))
        keys = {_key_to_remove(problem, rest) for problem in error.problems}
        if not all(_remove(rest, key) for key in sorted(keys, key=len, reverse=True)):  # the inner ones first
            raise
        with contextlib.suppress(SpecError):
            return _validate(rest), error.problems
        raise
    return figure, find_unused(figure)


def _key_to_remove(problem: Problem, data: Any) -> Where:
    """Return the path of the key to remove because of a problem; () if its removal would cause other problems."""
    where = problem.where
    misspelt_data = problem.on_key and len(where) == 1 and "data" not in data
    if where[:1] == ("data",) or misspelt_data:
        return ()
    while where and isinstance(where[-1], int):
        where = where[:-1]
    return where


def _remove(data: Any, where: Where) -> bool:
    """Remove a key from data; return whether it had one."""
    try:
        for part in where[:-1]:
            data = data[part]
    except (LookupError, TypeError):  # the problem is that something is missing
        return False
    return bool(where) and isinstance(data, dict) and data.pop(where[-1], None) is not None


def _check_counts(figure: Figure) -> Iterator[Problem]:
    """Yield a problem wherever a figure has more panels, layers or characters than the format allows."""

    def check(where: Where, count: int, what: str, most: int) -> Iterator[Problem]:
        if count > most:
            yield Problem(where, f"{count:,} {what}", (f"up to {most:,}",))

    panels = [panel for _, panel in figure.placed_panels()]
    yield from check(("panels",), len(panels), "panels", MAX_PANELS)
    where: Where = ("panels",) if figure.panels else ("layers",)
    yield from check(where, sum(len(panel.layers) for panel in panels), "layers", MAX_LAYERS)
    yield from check(("alt",), len(figure.alt), "characters", MAX_CHARACTERS)
    for place, model in models(figure):
        for name, info in type(model).model_fields.items():
            value = getattr(model, name) if find_annotation(info, CheckedText) else None
            for text in (value,) if isinstance(value, str) else value or ():
                yield from check((*place, name), len(text), "characters", MAX_CHARACTERS)
