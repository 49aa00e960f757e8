"""Posts are parsed as by Jekyll, kramdown and Chirpy; every place is exact, and any text is accepted."""

import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from figgen.errors import ConfigError
from figgen.posts import references
from figgen.posts.jekyll import Settings, find_posts, is_excluded, read_post, read_settings, yaml_values
from figgen.posts.references import decode, encode, read_references
from figgen.site import yaml_events
from figgen.site.files import SiteFiles
from figgen.site.limits import MIB, size_limit

PNG = "assets/posts/P/a.png"


def read(text, *, settings=Settings(), path="post.md"):  # noqa: B008 - a NamedTuple
    return read_references(text if isinstance(text, bytes) else text.encode(), path, settings)


def targets(text, **given):
    return [reference.target for reference in read(text, **given)]


# A text, and the line, column, kind, alt text, width, height and classes of the image in it.
IMAGES = {
    "plain": ("![A](/assets/posts/P/a.png)", 1, 1, "Markdown", "A", None, None, ""),
    "without slash": ("![A](assets/posts/P/a.png)", 1, 1, "Markdown", "A", None, None, ""),
    "pointed brackets": ("![A](</assets/posts/P/a.png>)", 1, 1, "Markdown", "A", None, None, ""),
    "title": ('![A](/assets/posts/P/a.png "T")', 1, 1, "Markdown", "A", None, None, ""),
    "title in single quotes": ("![A](/assets/posts/P/a.png 'T (t)'){: .b}", 1, 1, "Markdown", "A", None, None, "b"),
    "blanks": ("![A]( /assets/posts/P/a.png )", 1, 1, "Markdown", "A", None, None, ""),
    "no alt": ("![](/assets/posts/P/a.png)", 1, 1, "Markdown", "", None, None, ""),
    "brackets in alt": ("![f[x] \\] *y*](/assets/posts/P/a.png)", 1, 1, "Markdown", "f[x] ] *y*", None, None, ""),
    "bracket before": ("On [0, 1) ![A](/assets/posts/P/a.png)", 1, 11, "Markdown", "A", None, None, ""),
    "image in alt": ("![A ![b](/c.png)](/assets/posts/P/a.png)", 1, 1, "Markdown", "A ![b](/c.png)", None, None, ""),
    "list": ('![A](/assets/posts/P/a.png){: width="60%" .left }', 1, 1, "Markdown", "A", "60%", None, "left"),
    "single quotes": ("![A](/assets/posts/P/a.png){: width='6' height='4'}", 1, 1, "Markdown", "A", "6", "4", ""),
    "shorthands": ('![A](/assets/posts/P/a.png){: w="6" h="4" .a.b #c}', 1, 1, "Markdown", "A", "6", "4", "a b"),
    "class attribute": ('![A](/assets/posts/P/a.png){: class="dark x"}', 1, 1, "Markdown", "A", None, None, "dark x"),
    "block list": ("![A](/assets/posts/P/a.png)\n{: .light width='6' }", 1, 1, "Markdown", "A", None, None, "light"),
    "named list": ('{:fig: width="6" .light}\n\n![A](/assets/posts/P/a.png){: fig .x}', 3, 1, "Markdown", "A", "6", None, "light x"),
    "reference": ("![A][id]{: .x}\n\n[ID]: /assets/posts/P/a.png 'T'", 1, 1, "Markdown", "A", None, None, "x"),
    "collapsed reference": ("![A][]\n\n[a]: /assets/posts/P/a.png", 1, 1, "Markdown", "A", None, None, ""),
    "short reference": ("x ![A] y\n\n[a]: /assets/posts/P/a.png", 1, 3, "Markdown", "A", None, None, ""),
    "in a link": ("[![A](/assets/posts/P/a.png){: .x}](/p)", 1, 2, "Markdown", "A", None, None, "x"),
    "in emphasis": ("**![A](/assets/posts/P/a.png)**", 1, 3, "Markdown", "A", None, None, ""),
    "in a heading": ("## B ![A](/assets/posts/P/a.png) ##", 1, 6, "Markdown", "A", None, None, ""),
    "in a list": ("1. one\n   ![A](/assets/posts/P/a.png)", 2, 4, "Markdown", "A", None, None, ""),
    "later in a list": ("- one\n\n  two\n\n    ![A](/assets/posts/P/a.png)", 5, 5, "Markdown", "A", None, None, ""),
    "with a tab": ("-\tone\n\n\t![A](/assets/posts/P/a.png)", 3, 2, "Markdown", "A", None, None, ""),
    "in a quote": ("> one\n> > ![A](/assets/posts/P/a.png)\n{: .prompt-tip}", 2, 5, "Markdown", "A", None, None, "prompt-tip"),
    "in a table": ("| a | b |\n|---|---|\n| `x` | ![A\\|B](/assets/posts/P/a.png) |", 3, 9, "Markdown", "A|B", None, None, ""),
    "in a table without head": ("| a | ![A](/assets/posts/P/a.png) |", 1, 7, "Markdown", "A", None, None, ""),
    "after unclosed code": ("a ` ![A](/assets/posts/P/a.png)", 1, 5, "Markdown", "A", None, None, ""),
    "title with quotes in it": ('![A](/assets/posts/P/a.png "T \\"t\\"")', 1, 1, "Markdown", "A", None, None, ""),
    "after an unclosed comment": ("<!-- \n\n![A](/assets/posts/P/a.png)", 3, 1, "Markdown", "A", None, None, ""),
    "after a comment": ("<!-- c --> ![A](/assets/posts/P/a.png)", 1, 12, "Markdown", "A", None, None, ""),
    "after a tag of a text": ("<br>\n![A](/assets/posts/P/a.png)", 2, 1, "Markdown", "A", None, None, ""),
    "after a lone backtick": ("a ` ![A](/assets/posts/P/a.png) `b`", 1, 5, "Markdown", "A", None, None, ""),
    "in a marked block": ('<div markdown="1">\n![A](/assets/posts/P/a.png)\n</div>', 2, 1, "Markdown", "A", None, None, ""),
    "img": ("<img src='/assets/posts/P/a.png' alt=A width=6 HEIGHT=\"4\" class='x y'/>", 1, 1, "HTML", "A", "6", "4", "x y"),
    "img without alt": ("B <img src='/assets/posts/P/a.png'>", 1, 3, "HTML", None, None, None, ""),
    "img with bare alt": ("<img alt src='/assets/posts/P/a.png'>", 1, 1, "HTML", "", None, None, ""),
    "img over lines": ("> a\n> <img\n>   src='/assets/posts/P/a.png'\n>   alt='&lt;A'>", 2, 3, "HTML", "<A", None, None, ""),
    "lazy img": ("<img data-src='/assets/posts/P/a.png' alt='A'>", 1, 1, "HTML", "A", None, None, ""),
    "in a figure": ("<figure>\n  <img src='/assets/posts/P/a.png' alt='A'>\n</figure>", 2, 3, "HTML", "A", None, None, ""),
    "after an empty line": ("<div>\n\n    <img src='/assets/posts/P/a.png' alt='A'>\n\n</div>", 3, 5, "HTML", "A", None, None, ""),
    "in a picture": ("<picture>\n<img src='/assets/posts/P/a.png' alt='A'></picture>", 2, 1, "HTML", "A", None, None, ""),
    "source": ("<source srcset='/assets/posts/P/a.png 2x' media='x'>", 1, 1, "bare", None, None, None, ""),
    "relative_url": ("![A]({{ '/assets/posts/P/a.png' | relative_url }})", 1, 1, "Markdown", "A", None, None, ""),
    "absolute_url": ('![A]({{"assets/posts/P/a.png"|absolute_url}}){: .x}', 1, 1, "Markdown", "A", None, None, "x"),
    "baseurl": ("![A]({{ site.baseurl }}/assets/posts/P/a.png)", 1, 1, "Markdown", "A", None, None, ""),
    "prepended baseurl": ("![A]({{ '/assets/posts/P/a.png' | prepend: site.baseurl }})", 1, 1, "Markdown", "A", None, None, ""),
    "link tag": ("![A]({% link assets/posts/P/a.png %})", 1, 1, "Markdown", "A", None, None, ""),
    "Liquid in HTML": ('<img src="{{ "/assets/posts/P/a.png" | relative_url }}" alt="A">', 1, 1, "HTML", "A", None, None, ""),
    "Liquid in a reference": ("![A][i]\n\n[i]: {{site.baseurl}}/assets/posts/P/a.png", 1, 1, "Markdown", "A", None, None, ""),
    "Liquid around": ("{% if x %}\n![A](/assets/posts/P/a.png)\n{% endif %}", 2, 1, "Markdown", "A", None, None, ""),
    "query": ("![A](/assets/posts/P/a.png?v=2#x)", 1, 1, "Markdown", "A", None, None, ""),
    "percent": ("![A](/assets/posts/%50/a.png)", 1, 1, "Markdown", "A", None, None, ""),
    "dots": ("![A](/assets/./posts/x/../P/a.png)", 1, 1, "Markdown", "A", None, None, ""),
    "front matter": ("---\nimage:\n  path: /assets/posts/P/a.png\n  alt: A\n---\n", 3, 9, "front matter", "A", None, None, ""),
    "front matter without alt": ("---\nimage: {path: /assets/posts/P/a.png}\n---\n", 2, 15, "front matter", None, None, None, ""),
    "image as a text": ("---\nimage: '/assets/posts/P/a.png'\n---\n", 2, 8, "bare", None, None, None, ""),
    "subpath": ("---\nmedia_subpath: /assets/posts/P/\n---\n![A](a.png)", 4, 1, "Markdown", "A", None, None, ""),
    "subpath before a slash": ("---\nmedia_subpath: /assets/posts/P\n---\n![A](/a.png)", 4, 1, "Markdown", "A", None, None, ""),
    "older subpath": ("---\nimg_path: /assets/posts/P\n---\n![A](a.png)", 4, 1, "Markdown", "A", None, None, ""),
    "subpath and front matter": ("---\nmedia_subpath: /assets/posts/P\nimage: a.png\n---\n", 3, 8, "bare", None, None, None, ""),
    "subpath by Liquid": ("---\nmedia_subpath: /assets/posts/P\n---\n![A]({{page.media_subpath}}/a.png)", 4, 1, "Markdown", "A", None, None, ""),
    "loose front matter": ("---\ndate: 2025-02-30\nlayout: post\nlayout: post\n---\n![A](/assets/posts/P/a.png)", 6, 1, "Markdown", "A", None, None, ""),
    "broken front matter": ("---\ntitle: a: b\n---\n![A](/assets/posts/P/a.png)", 4, 1, "Markdown", "A", None, None, ""),
    "byte-order mark": ("\ufeff---\nimage: /assets/posts/P/a.png\n---\n", 2, 8, "bare", None, None, None, ""),
    "CRLF": ("---\r\nlayout: post\r\n---\r\n\r\na\r\n![A](/assets/posts/P/a.png)\r\n{: .x}\r\n", 6, 1, "Markdown", "A", None, None, "x"),
    "CR": ("a\r\r![A](/assets/posts/P/a.png)\r", 3, 1, "Markdown", "A", None, None, ""),
    "Latin-1": ("d\xe9j\xe0 ![\xe9](/assets/posts/P/a.png)".encode("latin-1"), 1, 6, "Markdown", "\udce9", None, None, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", IMAGES.values(), ids=IMAGES)
def test_images_are_found_with_their_places(case):
    text, *expected, classes = case
    (found,) = read(text)
    values = [found.line, found.column, found.kind, found.get("alt"), found.get("width"), found.get("height")]
    assert (found.target, values, found.classes) == (PNG, expected, set(classes.split()))


NOTHING = {
    "fence": "```\n![A](/a.png)\n\n![A](/a.png)\n```",
    "tilde fence in a list": "- a\n\n  ~~~md\n  ![A](/a.png)\n  ~~~",
    "indented": "a\n\n    ![A](/a.png)\n\n    <img src=/a.png>",
    "indented after a closed block": "<div>\n</div>\n\na\n\n    <img src='/a.png'>",
    "code span": "a `![A](/a.png)` ``` `![A](/a.png)` ``` b",
    "code span over lines": "a `b\n![A](/a.png) c` d",
    "comment": "<!-- ![A](/a.png)\n\n<img src=/a.png>\n-->",
    "comment in a line": "a <!-- ![A](/a.png) <img src=/a.png> --> b",
    "value without quotes that is not a word": "<img src=/a.png>",
    "reference with blanks in it": "![A][ r ]\n\n[r]: /a.png",
    "liquid comment": "{% comment %}\n![A](/a.png)\n{% endcomment %}",
    "dashes": "{%- comment -%} ![A](/a.png) {%- endcomment -%}",
    "raw": "a {% raw %} ![A](/a.png) {% endraw %}",
    "highlight": "{% highlight html %}\n<img src=/a.png>\n{% endhighlight %}",
    "kramdown's comment": "{::comment}\n![A](/a.png)\n{:/comment}",
    "escaped": "\\![A](/a.png)",
    "no reference": "![A][id] ![B] ![C][]",
    "no path": "![A](/a.png",
    "not in an unmarked block": "<div>\n![A](/a.png)\n</div>",
    "script": "<script>\nx = '<img src=/a.png>'\n\ny = '<img src=/a.png>'\n</script>",
    "textarea": "a <textarea><img src=/a.png></textarea>",
    "attribute": "a <a title='![A](/a.png)'>b</a>",
    "no tag": "a <img src=/a.png",
    "link": "[A](/a.png)",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_no_image_is_found(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("written", "settings", "target"),
    [
        ("https://example.org/a.png", Settings(), None),
        ("//example.org/a.png", Settings(), None),
        ("data:image/png;base64,AAAA", Settings(), None),
        ("../a.png", Settings(), None),
        ("/", Settings(), None),
        ("{{ page.folder }}/a.png", Settings(), None),
        ("{{ '/a.png' | replace: 'a', 'b' }}", Settings(), None),
        ("https://me.org/assets/a.png", Settings(url="https://me.org"), "assets/a.png"),
        ("https://me.org/blog/assets/a.png", Settings("https://me.org", "/blog"), "assets/a.png"),
        ("/blog/assets/a.png", Settings(baseurl="/blog"), "assets/a.png"),
        ("/blogs/a.png", Settings(baseurl="/blog"), "blogs/a.png"),
        ("{{ '/a.png' | absolute_url }}", Settings("https://me.org", "/blog"), "a.png"),
        ("{{ site.url }}{{ site.baseurl }}/a.png", Settings("https://me.org", "/blog"), "a.png"),
        ("https://cdn.org/x/a.png", Settings(cdn="https://cdn.org/x"), "a.png"),
        ("{{ site.cdn }}/a.png", Settings(cdn="https://cdn.org/x"), "a.png"),
        ("https://cdn.org.evil/a.png", Settings(cdn="https://cdn.org"), None),
        ("/a b.png", Settings(), "a b.png"),
        ("/a(1).png", Settings(), "a(1).png"),
        ("/a\\_b.png", Settings(), "a_b.png"),
        ("/a\x00.png", Settings(), "a\x00.png"),
    ],
)  # fmt: skip
def test_paths_are_resolved(written, settings, target):
    assert targets(f"![A]({written})", settings=settings) == [target]


def test_liquid_is_kept_as_written():
    (found,) = read("> ![A]({{ '/a.png' | relative_url }} 'T'){: width='{{ w }}' }")
    assert (found.path, found.get("width")) == ("{{ '/a.png' | relative_url }}", "{{ w }}")


def test_spans():
    text = '> - b ![A](/a.png "T"){: .light w="6" h=\'4\' } c\n>   <img src="/b.png" alt = \'B\'>'
    markdown, tag = read(text)
    assert text[markdown.start : markdown.end] == '![A](/a.png "T"){: .light w="6" h=\'4\' }'
    assert (text[slice(*markdown.path_span)], text[slice(*tag.path_span)]) == ("/a.png", "/b.png")
    spans = [text[value.start : value.end] for value in (*markdown.attributes.values(), tag.attributes["alt"])]
    assert sorted(spans) == ["4", "6", "A", "B"]
    assert (text[markdown.insert_at - 2 : markdown.insert_at], text[tag.insert_at - 4 : tag.insert_at]) == (
        "{:",
        "<img",
    )
    assert text[tag.start : tag.end] == "<img src=\"/b.png\" alt = 'B'>"


def test_several_paths_of_one_image():
    text = '![A](/a.png){: lqip="/b.svg" }\n<img srcset="/c.png 1x, /d.png 2x" src="/e.png" lqip="data:x">'
    assert [(found.kind, found.target) for found in read(text)] == [
        ("Markdown", "a.png"), ("bare", "b.svg"), ("HTML", "e.png"), ("bare", None), ("bare", "c.png"), ("bare", "d.png"),
    ]  # fmt: skip
    assert targets("---\nimage: {path: a.png, lqip: b.png}\n---\n") == ["a.png", "b.png"]


def test_equal_cells_in_a_table_row():
    found = read("a|b\n-|-\n![x](/a.png)|![x](/a.png)\n![x\\|y](/a.png)|![x\\|y](/a.png)")
    assert [(reference.line, reference.column) for reference in found] == [(3, 1), (3, 14), (4, 1), (4, 17)]


def test_html_pages():
    text = "---\n---\n<p>\n\n    <img src=/a.png>\n![A](/b.png)\n<!-- <img src=/c.png> -->{% raw %}<img src=/d.png>{% endraw %}\n<img src={{site.baseurl}}/e.png>"
    assert targets(text, path="index.html") == ["a.png", "e.png"]


@pytest.mark.parametrize(
    "text",
    [
        "{% raw %} the word endraw ![A](/a.png) {% if x %} ![A](/a.png) {% endraw %}",
        "{% comment %} ![A](/a.png) {%- endcomment -%}",
    ],
)
def test_only_a_closing_tag_ends_a_liquid_block(text):
    assert targets(text) == []
    assert targets(f"{text} ![B](/b.png)") == ["b.png"]


def test_a_liquid_tag_before_an_unclosed_one():
    assert targets("{% raw %} {% if a %}![A](/a.png) endraw {% if") == ["a.png"]


def test_liquid_can_be_off():
    text = "---\nrender_with_liquid: false\n---\n{% comment %} ![A](/a.png) {% endcomment %}"
    assert targets(text) == ["a.png"]
    assert targets(text.replace("render", "x")) == []


def test_decoding_and_encoding_changes_no_byte():
    content = bytes(range(256)) + "é\r\n".encode()
    assert encode(decode(content)) == content


PIECES = [
    "\n", "\n\n", " ", "    ", "\t", "- ", "1. ", "> ", "# ", "`", "```\n", "~~~\n", "|", "|-|-|\n", "<div>", "</div>\n", "<!--", "-->", "<script>",
    "</script>", "<p ", ">", "text", "Text goes on.\n", "---\n", "===\n", "[i]: /r.png\n", "![i]", "![a](/b.png)", "![a][i]", "![", "](", ")", "[", "]",
    '{: .x w="1" }', "{:n: .y}\n", "{: n}", "{{ x }}", "{{ '/c.png' | relative_url }}", "{% raw %}", "{% endraw %}", "{%", "<img src='/d.png'>",
    "<img src=", "<source srcset='a, b 2x'>", "\\", "é", "\udcff", "\r\n", "\r", "\ufeff", "image: x\n", "---\nimage: {path: /p.png}\n---\n", "\x00",
]  # fmt: skip
DOCUMENTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@given(DOCUMENTS | st.text())
def test_any_text_is_accepted_and_every_place_is_that_of_an_image(text):
    content = encode("".join(letter for letter in text if not "\ud800" <= letter < "\udc80"))
    text = decode(content)
    lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    for found in read(content):
        if found.kind != "front matter" and not (found.kind == "bare" and found.path_span is None):
            assert lines[found.line - 1][found.column - 1] in "!<"
            assert text[found.start] in "!<"
            assert text[found.end - 1] in ")]}>"
        for name, attribute in found.attributes.items():
            if name == "alt" and attribute.start is not None and found.kind == "Markdown":
                assert found.start < attribute.start <= attribute.end < found.end


@given(DOCUMENTS)
def test_shortening_changes_nothing(text):
    whole = lambda text: (text, list(range(text.count("\n") + 2)))  # noqa: E731 - a stand-in for one line
    content = encode(f"![a](/b.png)\n\n{text}\n\nMore text.\n\n{text}")
    found = read(content)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(references, "_shorten", whole)
        assert read(content) == found


# What is repeated, and what is repeated after it.
REPEATED = [
    ("![", ""), ("![](", ""), ("![a](b) ", ""), ("`", ""), ("<img ", ""), ("<!--", ""), ("{{", ""), ("{% raw %}", ""), ("{% raw %}", "endraw"),
    ("[a]: b\n", ""), ("> ", ""), ("- ", ""), ("    a\n\n", ""), ("![a](b){:", ""), ("![", "]"), ("![", "](b)"), ("|", "![a](b)"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "closing"), REPEATED)
@pytest.mark.slow
def test_time_is_linear_in_the_length_of_a_post(unit, closing):
    times = []
    for size in (20_000, 160_000):
        count = size // len(unit + closing)
        content = b"![a](b)\n\n[x]: y\n\n" + unit.encode() * count + closing.encode() * count
        start = time.process_time()
        read(content)
        times.append(time.process_time() - start)
    assert times[1] < 0.05 + 24 * times[0], times


def test_time_is_linear_in_the_length_of_a_table_row():
    times = []
    for count in (1_000, 8_000):
        start = time.process_time()
        assert len(read("a|b\n-|-\n" + "![a\\|](b) " * count + "|c")) == count
        times.append(time.process_time() - start)
    assert times[1] < 0.05 + 24 * times[0], times


@pytest.mark.parametrize(
    "text", ["a text", "- a list", "exclude: [configs, url: ]", "url", "", "\0", "url: [a]", "exclude: {a: b}"]
)
def test_invalid_settings_are_ignored(tmp_path, text):
    (tmp_path / "_config.yml").write_text(text)
    assert read_settings(tmp_path)._replace(exclude=()) == Settings()


def test_settings_before_an_escape_of_no_character_are_read_without_libyaml(tmp_path, monkeypatch):
    monkeypatch.setattr(yaml_events, "_LOADER", yaml.SafeLoader)
    (tmp_path / "_config.yml").write_text('url: "https://a.b"\ntitle: "\\U00110000"\n')
    assert read_settings(tmp_path).url == "https://a.b"


def test_the_settings_of_a_site(tmp_path):
    assert read_settings(tmp_path) == Settings()
    (tmp_path / "_config.yml").write_text(
        "url: https://me.org/\nbaseurl: '/blog'\ncdn: https://cdn.org\nexclude:\n  - drafts/\n  - '*.html'\nx: {url: no}\n"
    )
    assert read_settings(tmp_path) == Settings("https://me.org", "/blog", "https://cdn.org", ("drafts", "*.html"))


def test_posts_and_pages_are_found(tmp_path):
    for path in (
        "_posts/2025-01-01-a.md", "_posts/deep/b.markdown", "_drafts/c.md", "_tabs/about.md", "index.html", "README.md", "sub/page.md", "cat/_posts/d.md",
        "_site/no.md", ".git/no.md", "node_modules/no.md", "vendor/no.md", "out/no.md", "_includes/no.md", "configs/no.md", "_posts/no.txt",
    ):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("no front matter" if path == "README.md" else "---\n---\n")
    found = find_posts(tmp_path, Settings(exclude=("out", "*.txt")))
    files = SiteFiles(tmp_path)
    assert [post.path for post in found if read_post(files, post) is not None] == [
        "_drafts/c.md", "_posts/2025-01-01-a.md", "_posts/deep/b.markdown", "_tabs/about.md", "cat/_posts/d.md", "index.html", "sub/page.md",
    ]  # fmt: skip


def test_a_folder_of_posts(tmp_path):
    (tmp_path / "a.md").write_text("no front matter")
    (post,) = find_posts(tmp_path, Settings(), tmp_path)
    assert read_post(SiteFiles(tmp_path), post) == b"no front matter"


def test_unreadable_posts(tmp_path):
    import os

    folder = tmp_path / "posts"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    os.mkfifo(folder / "pipe.md")
    with (folder / "large.md").open("wb") as file:
        file.truncate(size_limit("post.md") * MIB + 1)
    findings = []
    for post in find_posts(folder, Settings(), folder):
        with pytest.raises(ConfigError) as error:
            read_post(SiteFiles(folder), post)
        findings += [(finding.path, finding.message) for finding in error.value.findings]
    assert findings == [
        (f"{folder}/large.md", "too large: 16.0 MiB"), (f"{folder}/link.md", "outside the site"), (f"{folder}/pipe.md", "not a file"),
    ]  # fmt: skip


@pytest.mark.parametrize("deep", ["[" * 5000, "{a: " * 5000, "- " * 5000, "{a: [" * 2500])
def test_front_matter_is_read_up_to_what_no_site_needs(deep):
    """The time of the YAML parser grows with the square of the depth."""
    assert yaml_values(f"image: a.png\nother: {deep}\nimage: b.png\n")["image",].text == "a.png"
    assert yaml_values("a: " + "[" * 49 + "]" * 49 + "\nimage: b.png\n")["image",].text == "b.png"


def test_tag_directives_are_not_given_to_the_parser():
    many = "".join(f"%TAG !a{number}! b\n" for number in range(20_000)) + "---\nimage: a.png\n"
    found = yaml_values(many)["image",]
    assert (found.text, many[found.start : found.end]) == ("a.png", "a.png")


def test_the_patterns_of_exclude_are_bounded(tmp_path):
    settings = tmp_path / "_config.yml"
    settings.write_text("exclude:\n" + "".join(f"  - a{number}\n" for number in range(1000)))
    assert len(read_settings(tmp_path).exclude) == 1000
    for patterns, size in (
        (["a"] * 1001, "1,001 patterns of 1,001 characters"),
        (["a" * 50_001], "1 patterns of 50,001 characters"),
    ):
        settings.write_text(json.dumps({"exclude": patterns}))
        with pytest.raises(ConfigError) as caught:
            read_settings(tmp_path)
        (finding,) = caught.value.findings
        assert (finding.path, finding.where, finding.message) == ("_config.yml", "exclude", size)
        assert finding.allowed == ("up to 1,000 patterns of 50,000 characters in all",)


def test_exclude_matches_paths_folders_and_patterns():
    settings = Settings(exclude=("vendor", "*.txt", "a/b?.md", "x[1]", "drafts/*.md"))
    for path in ("vendor", "vendor/a.md", "one.txt", "sub/one.txt", "a/b1.md", "x1", "x[1]/y", "drafts/a.md"):
        assert is_excluded(path, settings), path
    for path in ("vendors", "a/vendor", "one.md", "a/b.md", "x[1]", "drafts/a.html", ""):
        assert not is_excluded(path, settings), path
    assert not is_excluded("vendor", Settings())
