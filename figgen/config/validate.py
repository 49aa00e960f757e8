"""Plain data -> spec, or all that is wrong with it."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from figgen.config.spec import (
    CheckedText,
    Figure,
    find_annotation,
    models,
)
from figgen.config.validation_errors import is_echo, to_problem
from figgen.errors import Problem, SpecError, Where
from figgen.site.limits import limit, limit_text, raise_limit_hint


def validate(data: Any) -> Figure:
    """Check plain data against the model. Raises SpecError with every problem found."""
    try:
        # By way of JSON, whose lists strict mode takes for tuples.
        figure = Figure.model_validate_json(json.dumps(data))
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if not is_echo(detail)]
        raise SpecError(to_problem(detail) for detail in details) from None
    if problems := [*_too_much(figure)]:
        raise SpecError(problems)
    return figure


def validate_partially(data: Any) -> tuple[Figure, tuple[Problem, ...]]:
    """Check plain data, and give a figure also where what is wrong can be left out, with what was found so far.

    So formulas and styles can be looked at beside mistakes of other kinds. Such a figure is not to be drawn. Raises
    SpecError where nothing more can be said.
    """
    try:
        return validate(data), ()
    except SpecError as error:
        rest = json.loads(json.dumps(data))
        places = {_key_of(problem, rest) for problem in error.problems}
        if not all(_left_out(rest, place) for place in sorted(places, key=len, reverse=True)):  # the inner ones first
            raise
        try:
            return validate(rest), error.problems
        except SpecError:
            raise error from None


def _key_of(problem: Problem, data: Any) -> Where:
    """Give the place of the key that has to go for a problem; none if other mistakes would follow from that."""
    where = problem.where
    if where[:1] == ("data",) or (
        problem.on_key and len(where) == 1 and "data" not in data
    ):  # it may be that, misspelt
        return ()
    while where and isinstance(where[-1], int):
        where = where[:-1]
    return where


def _left_out(data: Any, place: Where) -> bool:
    """Leave a key out of data, and tell whether it was there."""
    try:
        for part in place[:-1]:
            data = data[part]
    except (LookupError, TypeError):  # what is wrong is that something is missing
        return False
    return bool(place) and isinstance(data, dict) and data.pop(place[-1], None) is not None


def _too_much(figure: Figure) -> Iterator[Problem]:
    """Yield where a figure has more than the limits allow."""

    def over(where: Where, name: str, count: int, what: str) -> Iterator[Problem]:
        if count > limit(name):
            yield Problem(where, f"{count:,} {what}", limit_text(name), raise_limit_hint(name))

    panels = [panel for _, panel in figure.placed_panels()]
    yield from over(("panels",), "panels", len(panels), "panels")
    where: Where = ("panels",) if figure.panels else ("layers",)
    yield from over(where, "layers", sum(len(panel.layers) for panel in panels), "layers")
    yield from over(("alt",), "characters", len(figure.alt), "characters")
    for place, model in models(figure):
        for name, info in type(model).model_fields.items():
            value = getattr(model, name) if find_annotation(info, CheckedText) else None
            for text in (value,) if isinstance(value, str) else value or ():
                yield from over((*place, name), "characters", len(text), "characters")
