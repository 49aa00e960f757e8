import pytest

from figgen.build.render_jobs import Rendered
from figgen.regression.causes import find_causes, find_renamed, without_repetition
from figgen.regression.figure_diff import ChangeKind, FigureDiff
from figgen.regression.html_report import format_page
from figgen.regression.report import Shared, as_github, as_text, shared
from figgen.site.files import SiteFiles

CONFIG = "configs/P/one.yaml"


@pytest.fixture
def sites(tmp_path):
    """Two sites, and a function that writes a file into both or one of them."""
    files = [SiteFiles(tmp_path / side) for side in ("base", "head")]

    def write(path, *texts):
        for side, text in zip(("base", "head"), texts * (3 - len(texts)), strict=True):
            if text is not None:
                (tmp_path / side / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / side / path).write_text(text)

    return files, write


def causes(files, *paths):
    sides = []
    for side in files:
        for path in (CONFIG, *paths):
            side.read(path)
        sides.append(Rendered({}, dict(side.digests), {}))
    return find_causes(*files, (CONFIG, CONFIG), *sides)


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("layers: [{mark: box, y: a, width: 0.55}]", "layers: [{mark: box, y: a, width: 0.6}]", ["config: box width: 0.55 -> 0.6"]),
        ("layers: [{mark: line, y: a}, {mark: line, y: b}]", "layers: [{mark: line, y: a}, {mark: line, y: c}]", ['config: line 2 y: "b" -> "c"']),
        ("layers: [{mark: line, y: a}]", "layers: [{mark: bar, y: a}]", ["config: line removed", 'config: bar added: {"y": "a"}']),
        ("data: {x: {linspace: [0, 1, 3]}}", "data: {x: {linspace: [0, 1, 4]}}", ["config: data x linspace: [0, 1, 3] -> [0, 1, 4]"]),
        ("axes: {x: {scale: log}}", "axes: {x: {}}", ['config: axes x: {"scale": "log"} -> {}']),
        ("title: a  # a comment", "title: a", []),
        ("title: [", "title: a", []),
    ],
)  # fmt: skip
def test_a_config_is_compared_in_its_own_words(sites, before, after, lines):
    files, write = sites
    write(CONFIG, before, after)
    assert causes(files) == lines


def test_files_that_differ_are_named_and_settings_have_their_lines(sites):
    files, write = sites
    write(CONFIG, "title: a")
    write("configs/styles/s.mplstyle", "# c: 1\na: 1\nb: 2 # two\nc: 3\n", "# new\na: 1\nb: 4\nd: 5\n")
    write("configs/styles/t.mplstyle", "a: 1\n", "a: 1  # one\n")
    write("configs/_defaults.yaml", "title: b", "title: c")
    write("configs/P/runs.csv", "x\n1", "x\n2")
    write("configs/P/new.csv", None, "x\n2")
    paths = ("configs/styles/s.mplstyle", "configs/_defaults.yaml", "configs/P/runs.csv", "configs/P/new.csv")
    assert causes(files, *paths) == [
        "data configs/P/new.csv added",
        "data configs/P/runs.csv changed",
        "defaults configs/_defaults.yaml changed",
        "style configs/styles/s.mplstyle:3: b: 2 -> 4",
        "style configs/styles/s.mplstyle:4: d: 5 added",
        "style configs/styles/s.mplstyle: c: 3 removed",
    ]
    assert causes(files, "configs/styles/t.mplstyle")[-1] == "style configs/styles/t.mplstyle changed"


def test_a_config_under_a_new_name_is_found_by_its_lines(sites):
    files, write = sites
    lines = [f"line {number}" for number in range(10)]
    write("a", "\n".join(lines), None)
    write("b", "other\nlines", None)
    write("c", None, "\n".join([*lines[:8], "new"]))
    write("d", None, "\n".join([*lines[:3], *"efghijk"]))
    assert find_renamed(*files, ["a", "b"], ["c", "d"]) == {"c": "a"}
    assert find_renamed(*files, ["b"], ["c", "d", "nowhere"]) == {}
    assert find_renamed(*files, ["a"] * 51, [f"{number}" for number in range(50)]) == {}


def test_what_the_description_says_in_the_same_words_is_not_repeated():
    found = ['config: title: "A" -> "B"', "config: line y: 1 -> 2", "data d.csv changed"]
    assert [*without_repetition(found, ['title text: "A" -> "B"', "line y: [1] -> [2]"])] == found[1:]


def changed(name, *lines, causes=(), kind=ChangeKind.CHANGED):
    return FigureDiff(name, kind, changes=lines, causes=causes)


STYLE = "style configs/styles/s.mplstyle:3: b: 2 -> 4"
DIFFS = [
    changed("P/a", "line width: 1 -> 2", causes=("config: rc: 1 -> 2", STYLE)),
    changed("P/b", "line width: 1 -> 2", "x limits: [0, 1] -> [0, 2]", causes=(STYLE,)),
    changed("P/c", "line width: 1 -> 2"),
    changed("P/d", causes=("data d.csv changed",)),
    changed("P/e", causes=(STYLE,), kind=ChangeKind.UNCHANGED),
]


def test_what_several_figures_have_in_common_is_written_once():
    assert shared(DIFFS[:4]) == [Shared(("P/a", "P/b"), (STYLE, "line width: 1 -> 2"))]
    assert as_text("HEAD", DIFFS).splitlines() == [
        "compared with HEAD",
        "in 2 figures (P/a, P/b)",
        f"  {STYLE}",
        "  line width: 1 -> 2",
        "changed P/a",
        "  config: rc: 1 -> 2",
        "changed P/b",
        "  x limits: [0, 1] -> [0, 2]",
        "changed P/c",
        "  line width: 1 -> 2",
        "changed P/d",
        "  data d.csv changed",
        "figures: 4 changed, 1 unchanged",
    ]
    assert format_page("HEAD", DIFFS).count(STYLE) == 1
    comment = as_github("HEAD", DIFFS)
    assert comment.count(STYLE) == 1
    assert "<summary>in <code>2 figures (P/a, P/b)</code></summary>" in comment
