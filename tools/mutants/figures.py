"""Changes the figures by the smallest step that matters, one value at a time, and tells which changes no test would see.

`make mutants`, which changes the code, too (`tools.mutants.code`). Each value of each config, defaults file and style that a figure is made from is changed in turn; the figure
is drawn from the changed files and judged as `tests/test_figures.py` judges it. A mutant is caught if it is refused, says
something else, or has another pixel; it is equivalent if it makes the same bytes. Any other has escaped.
"""

import argparse
import functools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from figgen.build.lockfile import read
from figgen.build.render_jobs import pictures, render
from figgen.build.workers import LostJob, WorkerPool
from figgen.cli.base import usable_cores
from figgen.config.spec import json_schema
from figgen.regression.baselines import compare_with_baseline, read_baseline
from figgen.site.files import SiteFiles, Snapshot, contents
from figgen.site.paths import output_path
from tests.figures import Case, cases

SECONDS = 60.0  # for one mutant
CONTENT_SEES = 0.95  # of the mutants that are not equivalent, at least


class Mutant(NamedTuple):
    """One changed value of one file: where it is, what was there and what is there now."""

    figure: str
    path: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.figure}: {self.path}:{self.line}: {self.before} -> {self.after}"


def neighbours(schema: Any) -> Iterator[tuple[str, str]]:
    """Yield each word of each enumeration in the schema with the one after it."""
    if isinstance(schema, dict):
        words = [word for word in schema.get("enum", ()) if isinstance(word, str)]
        yield from zip(words, [*words[1:], *words[:1]], strict=True)
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from neighbours(inner)


NUMBER = re.compile(r"(?<![\w.#])\d+(\.\d*)?(e[+-]?\d+)?(?![\w.])", re.IGNORECASE)
OPERATORS = {
    "**": "*",
    "*": "/",
    "/": "*",
    "+": "-",
    "-": "+",
    "<=": "<",
    ">=": ">",
    "<": "<=",
    ">": ">=",
    "==": "!=",
    "@": "*",
}
OPERATOR = re.compile(r"(?<=[\w) ])(\*\*|[<>=]=|[*/+<>@-])(?=[\w( .])")
COLOR = re.compile(r"#?[0-9a-fA-F]{6}(?![0-9a-fA-F])")
NEXT = [*dict.fromkeys(neighbours(json.loads(json_schema())))]


def one_more(number: str) -> str:
    """Count a number up by one unit in its last written place."""
    mantissa, *exponent = re.split("(?=e)", number, maxsplit=1, flags=re.IGNORECASE)
    digits = len(mantissa.partition(".")[2])
    return f"{float(mantissa) + 10**-digits:.{digits}f}" + "".join(exponent)


def changed(value: str) -> Iterator[str]:
    """Yield a written value with the smallest changes: of each number and operator in it, and of one letter or channel."""
    bare = value.strip("'\"")
    if bare in {"true", "True"}:
        yield value.replace(bare, "false" if bare == "true" else "False")
    elif bare in {"false", "False"}:
        yield value.replace(bare, "true" if bare == "false" else "True")
    elif COLOR.fullmatch(bare):
        for start in (-6, -4, -2):
            end = start + 2 or None
            channel = int(bare[start:end], 16)
            step = f"{channel + 1 if channel < 255 else channel - 1:02x}"
            yield value.replace(bare, bare[:start] + step + (bare[end:] if end else ""))
    else:
        for match in NUMBER.finditer(value):
            yield value[: match.start()] + one_more(match[0]) + value[match.end() :]
        for match in OPERATOR.finditer(value):
            yield value[: match.start()] + OPERATORS[match[0]] + value[match.end() :]
        for word, following in NEXT:
            if bare == word != following:
                yield value.replace(bare, following)
        letters = [match.start() for match in re.finditer(r"(?<!\\)\b\w*?([a-yA-Y])", value)]
        if letters:
            at = re.search("[a-yA-Y]", value[letters[len(letters) // 2] :]).start() + letters[len(letters) // 2]  # type: ignore[union-attr]
            yield value[:at] + chr(ord(value[at]) + 1) + value[at + 1 :]


def scalars(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each value of a YAML text begins and ends; keys are none."""
    nodes = [yaml.compose(text)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            nodes += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif node is not None:
            yield node.start_mark.index, node.end_mark.index


def settings(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each value of a style begins and ends."""
    for match in re.finditer(r"^[^#:\n]+:[ \t]*([^#\n]*[^#\s])", text, re.MULTILINE):
        yield match.span(1)


@functools.cache
def inputs(case: Case) -> Mapping[str, str | None]:
    """Return the files that a figure is made from, or that were looked for."""
    made = render(SiteFiles(case.site), case.target.config)
    assert not made.findings, made.findings
    return made.inputs


def mutants(case: Case) -> Iterator[Mutant]:
    files = SiteFiles(case.site)
    for path, known in sorted(inputs(case).items()):
        if known is None or not path.endswith((".yaml", ".mplstyle")):
            continue
        text = (files.read(path) or b"").decode()
        for start, end in (scalars if path.endswith(".yaml") else settings)(text):
            before = text[start:end]
            for after in dict.fromkeys(changed(before)):
                line = text.count("\n", 0, start) + 1
                yield Mutant(case.name, path, line, before, after, text[:start] + after + text[end:])


CASES = {case.name: case for case in cases() if not case.suffix}  # one for each config


def verdict(mutant: Mutant) -> str:
    """Draw a mutant, and tell which layer catches it."""
    case = CASES[mutant.figure]
    files = SiteFiles(case.site)
    given = contents(files, inputs(case))
    given[mutant.path] = mutant.text.encode()
    try:
        drawn = render(Snapshot(_All(given, files)), case.target.config, described=True)
    except OSError as error:
        return f"a fault: {error}"
    if drawn.findings:
        return "a fault" if any("internal error" in found.message for found in drawn.findings) else "refused"
    made = {output_path(case.target.artefact, ending): output.content for ending, output in drawn.outputs.items()}
    committed = {path: (case.site / path).read_bytes() for path in read(case.site)[case.target.artefact].outputs}
    if made == committed:
        return "equivalent"
    found = [
        compare_with_baseline(read_baseline(case.baselines, name), picture.content, picture.description or {})
        for name, picture in pictures(case.target.name, drawn)
    ]
    if made.keys() != committed.keys() or any(one.changes for one in found):
        return "content"
    if any(one.difference is not None and one.difference.pixels for one in found):
        return "pixels"
    # Vector formats are compared by their bytes, as the lockfile does.
    others = [path for path in made if not path.endswith(".png") and made[path] != committed[path]]
    return "pixels" if others else "escaped"


class _All(dict[str, Any]):
    """The files of a site with one of them changed, which may make others to be looked for."""

    def __init__(self, given: dict[str, Any], files: SiteFiles) -> None:
        super().__init__(given)
        self._files = files

    def __contains__(self, path: object) -> bool:
        if not super().__contains__(path):
            self |= contents(self._files, [str(path)])
        return True


def main() -> int:
    parser = argparse.ArgumentParser(description="Tell which small changes of a figure no test would see.")
    parser.add_argument("only", nargs="*", help="figures whose name contains one of these; all if left out")
    arguments = parser.parse_args()

    wanted = [
        case for name, case in CASES.items() if not arguments.only or any(part in name for part in arguments.only)
    ]
    jobs = [mutant for case in wanted for mutant in mutants(case)]
    counts: Counter[str] = Counter()
    told: dict[str, list[str]] = {"equivalent": [], "pixels": [], "escaped": [], "a fault": []}
    pool = WorkerPool(verdict, usable_cores(), SECONDS)
    try:
        for mutant, result in pool.run(jobs):
            kind = "a fault" if isinstance(result, LostJob) or result.startswith("a fault") else result
            counts[kind] += 1
            if kind in told:
                told[kind].append(str(mutant))
    finally:
        pool.close()
    for kind, title in (
        ("equivalent", "equivalent: the same bytes"),
        ("pixels", "seen in the pixels alone"),
        ("escaped", "ESCAPED: other bytes, and no test sees it"),
        ("a fault", "FAULTS of figgen's"),
    ):
        print(f"\n{title} ({counts[kind]})")
        print("\n".join(f"  {line}" for line in sorted(told[kind])))
    alive = sum(counts.values()) - counts["equivalent"]
    caught = counts["refused"] + counts["content"] + counts["pixels"]
    by_content = counts["refused"] + counts["content"]
    print(f"\nfigures {len(wanted)}, mutants {sum(counts.values())}, equivalent {counts['equivalent']}")
    print(
        f"refused {counts['refused']}, seen in the content {counts['content']}, in the pixels alone {counts['pixels']}"
    )
    print(
        f"caught {caught} of {alive} ({caught / alive:.2%}), by content alone {by_content} ({by_content / alive:.2%})"
    )
    return int(caught < alive or by_content < CONTENT_SEES * alive)


if __name__ == "__main__":
    sys.exit(main())
