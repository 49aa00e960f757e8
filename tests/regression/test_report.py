import pytest

from figgen.build.picture import Output
from figgen.build.render_jobs import Rendered, failed
from figgen.errors import Finding, printable
from figgen.regression.figure_diff import ChangeKind, FigureDiff
from figgen.regression.pixels import PixelDifference
from figgen.regression.report import as_github, as_text
from figgen.site.paths import MAIN_ENDING

PICTURE = Rendered({MAIN_ENDING: Output(b"", (6, 4), {"alt": "A line."})}, {}, {})
APART = PixelDifference(1.4142, 1234, 0.0123, (6, 4), (6, 4), (False, False))
WRONG = failed(Finding("configs/P/broken.yaml", 3, 1, "data.x", "unknown name 'q'"))
ALL = [
    FigureDiff("P/added", ChangeKind.ADDED, None, PICTURE),
    FigureDiff("P/broken", ChangeKind.FAILED, PICTURE, WRONG),
    FigureDiff("P/edited", ChangeKind.CHANGED, PICTURE, PICTURE, ('title: "A" -> "B"', "line width: 1 -> 2"), APART),
    FigureDiff("P/gone", ChangeKind.REMOVED, PICTURE),
    FigureDiff("P/mended", ChangeKind.FAILED, WRONG, PICTURE),
    FigureDiff("P/moved", ChangeKind.CHANGED, PICTURE, PICTURE, (), APART._replace(after=(7, 4))),
    FigureDiff("P/same", ChangeKind.UNCHANGED),
    FigureDiff(
        "P/wording", ChangeKind.CHANGED, PICTURE, PICTURE, ('alt: "A" -> "B"',), APART._replace(rms=0.0, pixels=0)
    ),
]


def test_text():
    assert (
        as_text("HEAD (0123)", ALL)
        == """\
compared with HEAD (0123)
failed P/broken
  head: configs/P/broken.yaml:3:1: data.x: unknown name 'q'
failed P/mended
  base: configs/P/broken.yaml:3:1: data.x: unknown name 'q'
changed P/edited: 1,234 pixels differ (1.23 %), RMS 1.41
  title: "A" -> "B"
  line width: 1 -> 2
changed P/moved: 1,234 pixels differ (1.23 %), RMS 1.41, 6 x 4 -> 7 x 4
  only pixels differ, the description is unchanged
changed P/wording: no pixels differ
  alt: "A" -> "B"
added P/added
removed P/gone
figures: 2 failed, 3 changed, 1 added, 1 removed, 1 unchanged"""
    )


def test_nothing_changed():
    assert as_text("HEAD", ALL[6:7]) == "compared with HEAD\nfigures: 1 unchanged"
    assert as_text("HEAD", []) == "compared with HEAD\nfigures: none"
    assert as_github("HEAD", ALL[6:7]) == "**Figures:** 1 unchanged, compared with `HEAD`"


def test_github():
    lines = as_github("HEAD (0123)", ALL).splitlines()
    summary = "2 failed, 3 changed, 1 added, 1 removed, 1 unchanged"
    assert lines[0] == f"**Figures:** {summary}, compared with `HEAD (0123)`"
    assert lines[2:7] == [
        "| figure | | pixels |",
        "|---|---|---|",
        "| `P/broken` | failed |  |",
        "| `P/mended` | failed |  |",
        "| `P/edited` | changed | 1,234 pixels differ (1.23 %), RMS 1.41 |",
    ]
    assert lines[lines.index("<details><summary>changed <code>P/edited</code></summary>") :][1:6] == [
        "",
        '- `title: "A" -> "B"`',
        "- `line width: 1 -> 2`",
        "",
        "</details>",
    ]


def test_unprintable_characters_are_escaped():
    assert printable("a\nb\x1b[31m\u202e\u2028ä×") == "a\\u000ab\\u001b[31m\\u202e\\u2028ä×"


HOSTILE = [
    "</details><script>alert(1)</script>",
    "a | b | c |",
    "`", "``` \n# A heading\n```", "`` ` ``", " ` ", " a ", "``````",
    "@somebody and #1 and GH-1, mail a@b.example",
    "https://evil.example [a](https://evil.example) ![](x.png)",
    "**bold** __bold__ ~~gone~~ <b>bold</b> &lt;b&gt; \\",
    "\r\n\r\n| a | b |\n|---|---|\n",
    "x\u2028y\u0085z\x00\x1b]0;title\x07",
    "<!--", "<details>", "- [ ] task", "$x$ $$y$$", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_have_no_effect_as_markdown_or_html(text):
    parser = pytest.importorskip("markdown_it").MarkdownIt("gfm-like", {"linkify": False})
    wrong = failed(Finding(f"configs/{text}", 1, 1, text, text, text, text))
    diffs = [
        FigureDiff(f"P/{text}", ChangeKind.CHANGED, PICTURE, PICTURE, (text, f"y {text}"), APART),
        FigureDiff(f"configs/{text}", ChangeKind.FAILED, None, wrong),
    ]
    comment = as_github(text, diffs)
    tokens = parser.parse(comment)
    inside = [token for outer in tokens if outer.type == "inline" for token in outer.children]
    assert {token.type for token in inside} <= {"text", "code_inline", "strong_open", "strong_close"}
    allowed = {
        "paragraph",
        "inline",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "html_block",
        "bullet_list",
        "list_item",
    }
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= allowed
    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert [block.split("<code>")[0].rsplit(">")[-1] for block in blocks if "<code>" in block] == [
        "failed ",
        "changed ",
    ]
    assert all(block.count("<") == 5 + block.count("</details>") for block in blocks if "<code>" in block)
    assert len([token for token in tokens if token.type == "tr_open"]) == 3
    assert len([token for token in tokens if token.type == "td_open"]) == 6
    printed = printable(text)
    codes = [token.content for token in inside if token.type == "code_inline"]
    assert {f"P/{printed.replace('|', chr(92) + 'u007c')}", f"y {printed}"} <= set(codes)
    if printed.strip():
        assert printed in codes
    assert len(as_text(text, diffs).split("\n")) == 7


def test_a_comment_is_short_enough():
    many = [
        FigureDiff(
            f"P/{'f' * 90}{number}", ChangeKind.CHANGED, PICTURE, PICTURE, ("line x: " + "[1, 2] " * 40,) * 60, APART
        )
        for number in range(900)
    ]
    comment = as_github("HEAD", many)
    assert len(comment) < 65_536
    assert comment.count("more in the page that `figgen diff --html` writes") == 2
    assert comment.count("- and 20 more") == comment.count("<details>") == comment.count("</details>") > 0
