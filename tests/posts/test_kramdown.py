"""The images in a post are those that kramdown, as Jekyll runs it, finds; skipped where it is not installed."""

import json
import random
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from figgen.posts.kramdown_images import HTML, MARKDOWN
from tests.posts.test_references import IMAGES, NOTHING, read

CONVERT = """\
require "json"
require "kramdown"
texts = JSON.parse(STDIN.read)
puts JSON.generate(texts.map { |text| Kramdown::Document.new(text, input: "GFM", hard_wrap: false).to_html })
"""

# What Jekyll, Liquid or Chirpy replace before or after kramdown.
NOT_KRAMDOWN = ("{%", "{{", "---\n", "\r", " w=")


class _Images(HTMLParser):
    """Collects the images of a page: the path, alt text, width and height of each."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "img" and (source := given.get("src", given.get("data-src"))) is not None:
            self.found.append((source, given.get("alt"), given.get("width"), given.get("height")))


@pytest.fixture(scope="module")
def convert():
    """Return a function that converts many texts to HTML by kramdown in one run."""

    def run(texts):
        command = ["ruby", "-e", CONVERT]
        done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=False)
        if done.returncode and any(words in done.stderr for words in ("cannot load such file", "has no parser")):
            pytest.skip("kramdown is not installed, or not with the parser that Jekyll uses")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    if shutil.which("ruby") is None:
        pytest.skip("ruby is not installed")
    return run


def images_of(html):
    page = _Images()
    page.feed(html)
    return page.found


def check(convert, texts):
    for text, html in zip(texts, convert(texts), strict=True):
        ours = [
            (one.path, one.get("alt"), one.get("width"), one.get("height"))
            for one in read(text)
            if one.kind in {MARKDOWN, HTML}
        ]
        assert ours == images_of(html), (text, html)


def test_kramdown_finds_the_same_images(convert):
    texts = [case[0] for case in IMAGES.values() if isinstance(case[0], str)]
    texts = [text for text in texts if not any(word in text for word in NOT_KRAMDOWN)]
    assert len(texts) > 30
    check(convert, texts)


def test_kramdown_finds_no_image_where_there_is_none(convert):
    texts = [text for text in NOTHING.values() if not any(word in text for word in NOT_KRAMDOWN)]
    assert len(texts) > 15
    check(convert, texts)


PICTURES = (
    "![A](/a.png)", "![](/b.png)", '![B *x*](/c.png "T")', "![C](</d e.png>)", "![D][r]", '![E](/e.png){: width="6" height="4"}',
    "![F](/f.png){: .x .light }", '<img src="/g.png" alt="G">', "<img src='/h.png' alt='H' width=6>", "[![I](/i.png)](/p)",
    "![J](/j(1).png)", "![K\\]](/k.png)", "![L]( /l.png )", "![M](/m.png)\n{: .light }", "![N](/n.png)\n_cap_",
    '<img\n src="/o.png"\n alt="O">', '![P](/p.png "a \\"b\\"")', "![Q](/q.png 'T'){:.y}", "![R](/r.png) {: .z}",
    "![V](/v.png){: #id width='1'}", "![X] (/x.png)", "![Y][ r ]", "![Z](/z.png)![Z2](/z2.png)",
)  # fmt: skip
WORDS = (
    "text", "*em*", "**b**", "`code`", "a < b", "a > b", "`", "*", "_", "[l](/l)", "<b>bold</b>", "<!-- c -->", "\\", "&amp;",
    "x_y_z", "$$x$$", "(p)", "!", '"q"', "~~s~~", "| a", "{", "}", "{: .c}", "<br>", "http://x.y/z",
)  # fmt: skip
BEGINNINGS = ("# ", "- ", "1. ", "> ", "* ", "   ", "| ", "+ ", "", "", "", "")


def posts(seed, count):
    """Generate posts of pictures and of what may be next to them."""
    chance = random.Random(seed)  # noqa: S311 - for posts that are the same in every run

    def line():
        parts = [chance.choice(PICTURES if chance.random() < 0.35 else WORDS) for _ in range(chance.randint(1, 4))]
        return chance.choice(BEGINNINGS) + " ".join(parts)

    def block():
        kind = chance.random()
        if kind < 0.1:
            return f"```\n{line()}\n```"
        if kind < 0.2:
            return f"<div>\n{line()}\n</div>"
        if kind < 0.25:
            return f"| a | b |\n|---|---|\n| {chance.choice(PICTURES[:9])} | {chance.choice(WORDS[:5])} |"
        return "\n".join(line() for _ in range(chance.randint(1, 3)))

    return ["\n\n".join(block() for _ in range(chance.randint(1, 4))) + "\n\n[r]: /r.png\n" for _ in range(count)]


@pytest.mark.slow
def test_kramdown_finds_the_same_images_in_random_posts(convert):
    """Rare differences are not generated: text after a closing tag on its line, a short reference before a bracket."""
    check(convert, posts(seed=7, count=1_000))
