"""Find the small changes of a Python module that a test should notice, and make one of them.

Words of messages (strings with a space, and f-strings), docstrings, type annotations and assertions stay as they are.
"""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_NEXT: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_OPPOSITES = ("min max", "any all", "minimum maximum", "argmin argmax", "floor ceil", "xmin xmax", "ymin ymax")
_OTHER_NAME = {name: other for pair in map(str.split, _OPPOSITES) for name, other in (pair, pair[::-1])}
_LONGEST = 100  # characters of the source text that names an edit
_KEPT = {
    "description",
    "hint",
    "strict",
}  # keyword arguments that are text for people, or assert like `zip(strict=True)`
_ALREADY_NEGATED = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)  # by the change of their operator


class Edit(NamedTuple):
    """One change of a module: where it is, what was there, what is changed, and a function that changes the tree.

    `function` is the qualified name of the outermost function around it, or of the class if it is in none, or "".
    """

    function: str
    in_function: bool
    lines: range
    source: str
    change: str
    apply: Callable[[], None]


def edits(text: str) -> tuple[ast.Module, list[Edit]]:
    """Parse a module, and list its edits. Each changes the tree, for good; edits of one function that look alike get a number."""
    tree = ast.parse(text)
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for edit in _visit(tree, "", text, in_function=False):
        seen[edit[0], edit[3], edit[4]] += 1
        number = seen[edit[0], edit[3], edit[4]]
        found.append(edit._replace(change=f"{edit.change} #{number}") if number > 1 else edit)
    return tree, found


def _visit(parent: ast.AST, name: str, text: str, *, in_function: bool, in_type: bool = False) -> Iterator[Edit]:
    for field, value in ast.iter_fields(parent):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_left_alone(parent, field, child):
                continue
            is_type = (in_type or _is_type(parent, field, in_function=in_function)) and not isinstance(
                child, ast.Call
            )  # Field(ge=0)
            for change, new in [] if is_type else _replacements(parent, field, child):
                shown = parent if isinstance(child, ast.Constant) and hasattr(parent, "lineno") else child
                source = " ".join((ast.get_source_segment(text, shown) or ast.unparse(shown)).split())
                lines = range(child.lineno, (child.end_lineno or child.lineno) + 1)
                yield Edit(name, in_function, lines, source[:_LONGEST], change, _setter(parent, field, index, new))
            inner, inside = name, in_function
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not in_function:
                inner = f"{name}.{child.name}".lstrip(".")
            if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef) and field == "body":
                inside = True
            yield from _visit(child, inner, text, in_function=inside, in_type=is_type)


def _setter(parent: ast.AST, field: str, index: int | None, new: ast.AST) -> Callable[[], None]:
    def apply() -> None:
        if index is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[index] = new

    return apply


def _is_left_alone(parent: ast.AST, field: str, child: ast.AST) -> bool:
    match child:
        case ast.Assert() | ast.Import() | ast.ImportFrom() | ast.expr_context():
            return True
        case ast.Expr(value=ast.Constant(value=str())):  # a docstring
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="EXAMPLE" | "INSTEAD_OF_LABEL" | "__all__")]):
            return True
        case ast.keyword(arg=arg) if arg in _KEPT:
            return True
        case ast.Constant() if isinstance(parent, ast.JoinedStr):
            return True
        case _:
            return field in {"decorator_list", "format_spec", "bases", "type_params"}


def _is_type(parent: ast.AST, field: str, *, in_function: bool) -> bool:
    return field in {"annotation", "returns"} or (isinstance(parent, ast.Subscript) and not in_function)


def _replacements(parent: ast.AST, field: str, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a node may become, with a description of the change."""
    yield from _operators(node)
    match node:
        case ast.Constant(value=value):
            if (new := _other_value(value)) is not None:
                yield f"{value!r} -> {new!r}", _changed(node, value=new)
        case ast.Call(func=ast.Name() | ast.Attribute() as function, keywords=keywords):
            if other := _other_name(function):
                yield f"{ast.unparse(function)} -> {ast.unparse(other)}", _changed(node, func=other)
            for number, keyword in enumerate(keywords):
                if keyword.arg is not None and keyword.arg not in _KEPT:
                    kept = [*keywords[:number], *keywords[number + 1 :]]
                    yield f"without {keyword.arg}=", _changed(node, keywords=kept)
        case ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign() | ast.Expr() | ast.Delete():
            yield "removed", ast.copy_location(ast.Pass(), node)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "removed", ast.copy_location(ast.Pass(), node)
        case _:
            pass
    if (field == "test" or (isinstance(parent, ast.comprehension) and field == "ifs") or field == "guard") and not (
        (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], _ALREADY_NEGATED))
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
    ):
        assert isinstance(node, ast.expr)
        yield "negated", ast.copy_location(ast.UnaryOp(ast.Not(), node), node)


def _operators(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=operators):
            for number, operator in enumerate(operators):
                new = _NEXT[type(operator)]()
                ops = [*operators[:number], new, *operators[number + 1 :]]
                yield f"{type(operator).__name__} -> {type(new).__name__}", _changed(node, ops=ops)
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _NEXT:
            new = _NEXT[type(operator)]()
            yield f"{type(operator).__name__} -> {type(new).__name__}", _changed(node, op=new)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert() as operator, operand=operand):
            yield f"without {type(operator).__name__}", operand
        case _:
            pass


def _other_value(value: object) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value * 2 or 1.0
        case str() if not set(value) & set(" \n\t"):
            return value + "x"
        case _:
            return None


def _other_name(function: ast.Name | ast.Attribute) -> ast.expr | None:
    match function:
        case ast.Name(id=name) if name in _OTHER_NAME:
            return _changed(function, id=_OTHER_NAME[name])
        case ast.Attribute(attr=name) if name in _OTHER_NAME:
            return _changed(function, attr=_OTHER_NAME[name])
        case _:
            return None


def _changed(node: Any, **fields: object) -> Any:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
