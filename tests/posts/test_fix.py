"""What can be fixed safely is fixed in one run, and no other byte changes."""

import signal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figgen.posts.check import check_references
from figgen.posts.fix import FileEdit, TextEdit, apply_edits, find_edits, fix_post, format_edits, markdown_text
from figgen.posts.jekyll import Settings
from figgen.posts.references import decode, encode, read_references
from figgen.posts.site_state import SiteState
from figgen.site.paths import discover

ONE = "/assets/posts/Post/one.png"
ALT = r"A rising line: f\[x\] = 2x."
HTML_ALT = "Δ &amp; “two”."


@pytest.fixture(scope="session")
def site(drawn):
    return SiteState(drawn, discover(drawn)[0])


def fixed(text, site):
    content = text if isinstance(text, bytes) else text.encode()
    once = fix_post(content, "post.md", site)
    assert fix_post(once, "post.md", site) == once
    return once if isinstance(text, bytes) else once.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"![]({ONE})", f'![{ALT}]({ONE}){{: width="300" height="200" }}'),
        (f"![ ]({ONE}){{: width='60%' }}", f"![{ALT}]({ONE}){{: width='60%' }}"),
        (f"![x]({ONE}){{:.a}}", f'![x]({ONE}){{: width="300" height="200" .a}}'),
        (f"![A rising line: f[x] = 3,100.5x.]({ONE}){{: w='600' h='400' }}", f"![{ALT}]({ONE}){{: w='600' h='400' }}"),
        (f"![x]({ONE}){{: w='600' h='1' }}", f"![x]({ONE}){{: w='600' h='400' }}"),
        (f"![x]({ONE}){{: w='600' }}", f"![x]({ONE}){{: height=\"400\" w='600' }}"),
        (f"![x]({ONE}){{: h='400' }}", f"![x]({ONE}){{: width=\"600\" h='400' }}"),
        (f"![x]({ONE})\n{{: w='600' h='1' }}", f"![x]({ONE}){{: width=\"300\" height=\"200\" }}\n{{: w='600' h='1' }}"),
        (f"![x]({ONE} 'T')", f"![x]({ONE} 'T'){{: width=\"300\" height=\"200\" }}"),
        (f"![x][i]\n\n[i]: {ONE}", f'![x][i]{{: width="300" height="200" }}\n\n[i]: {ONE}'),
        (f"- [![x]({ONE})](/p)\n", f'- [![x]({ONE}){{: width="300" height="200" }}](/p)\n'),
        ("<img src='/assets/posts/Post/two.png'>", f"<img alt=\"{HTML_ALT}\" width=\"300\" height=\"200\" src='/assets/posts/Post/two.png'>"),
        ("<img alt src='/assets/posts/Post/two.png' width=30 height=10>", f"<img alt=\"{HTML_ALT}\" src='/assets/posts/Post/two.png' width=30 height=\"20\">"),
        ("<img alt='' width='60%' src='/assets/posts/Post/two.png' />", f"<img alt='{HTML_ALT}' width='60%' src='/assets/posts/Post/two.png' />"),
        (f"![x]({ONE}){{: width='60%' .light }}\n", f"![x]({ONE}){{: width='60%' .light }}\n![x](/assets/posts/Post/one-dark.png){{: width='60%' .dark }}\n"),
        (f"![]({ONE}){{: .light }}", f'![{ALT}]({ONE}){{: width="300" height="200" .light }}\n![{ALT}](/assets/posts/Post/one-dark.png){{: width="300" height="200" .dark }}'),
        (f"> - ![x]({ONE}){{: width='6%' class='light b' }}\r\n> b", f"> - ![x]({ONE}){{: width='6%' class='light b' }}\r\n>   ![x](/assets/posts/Post/one-dark.png){{: width='6%' class='dark b' }}\r\n> b"),
        (f"a ![x]({ONE}){{: width='6%' .light }} b", f"a ![x]({ONE}){{: width='6%' .light }} ![x](/assets/posts/Post/one-dark.png){{: width='6%' .dark }} b"),
        (f"<img class=\"b light\" alt=x width='6%' src='{ONE}'>", f"<img class=\"b light\" alt=x width='6%' src='{ONE}'> <img class=\"b dark\" alt=x width='6%' src='/assets/posts/Post/one-dark.png'>"),
    ],
)  # fmt: skip
def test_safe_fixes_are_made(site, before, after):
    assert fixed(before, site) == after
    assert not [*check_references(read_references(after.encode(), "p.md", Settings()), site)]


@pytest.mark.parametrize(
    "text",
    [
        f"![x]({ONE}){{: width='60%' }}",
        f"![x]({ONE}){{: width='60%' height='7' }}",
        f"![x]({ONE}){{: width='300' height='200' }}",
        f"{{:a: width='3' height='9' .light}}\n\n![x]({ONE}){{: a}}",
        f"![x][i]{{: .light width='6%'}}\n\n[i]: {ONE}",
        "![x](/assets/posts/Post/two.png){: .light width='6%'}",
        "![](/assets/posts/Post/none.png)",
        "![](/assets/img/one.png)",
        f"```\n![]({ONE})\n```",
        f"---\nimage: {{path: {ONE}}}\n---\n",
    ],
)  # fmt: skip
def test_unsafe_fixes_are_not_made(site, text):
    assert fixed(text, site) == text


def test_nothing_is_copied_from_a_stale_figure(blog):
    config = blog / "configs/Post/one.yaml"
    config.write_text(config.read_text() + "# changed\n")
    site = SiteState(blog, discover(blog)[0])
    assert fixed(f"![]({ONE})", site) == f"![]({ONE})"


def test_invalid_utf8_is_kept(site):
    before = (
        b"\xef\xbb\xbf---\r\nlayout: post\r\n---\r\n\xff\xfe  \r\n![\r](x)\xe9 ![]("
        + ONE.encode()
        + b") \xa0\t\r\nend \r"
    )
    after = fixed(before, site)
    assert after == before.replace(
        b"![](" + ONE.encode() + b")", f'![{ALT}]({ONE}){{: width="300" height="200" }}'.encode()
    )


@given(st.text(max_size=60).filter(lambda text: text.split()))
def test_any_alt_text_is_read_as_it_was_written(alt):
    alt = " ".join(encode(alt.encode("utf-8", "ignore").decode()).decode().split())
    if not alt:
        return
    for image in ("![{}](/a.png)", "[![{}](/a.png)](/b)", "| a | ![{}](/a.png) |\n|---|---|"):
        (found,) = read_references(image.replace("{}", markdown_text(alt)).encode(), "a.md", Settings())
        assert (found.get("alt") or "").replace("&#123;", "{").replace("&amp;", "&").strip() == alt


def test_an_alt_text_is_escaped():
    assert markdown_text("{% x %} {{ y }} &lt; & a|b [c] 1 < 2 > $z$ _d_\n\\") == (
        r"&#123;% x %\} \{\{ y \}\} &amp;lt; & a\|b \[c\] 1 \< 2 > \$z\$ \_d\_ \\"
    )


PIECES = [
    f"![]({ONE})", f"![x]({ONE})", "{: .light }", "{: w='300' h='9' }", "{: width='60%'}", f"<img src='{ONE}'>", f"<img src='{ONE}' alt class=light>",
    "![](/assets/posts/Post/none.png)", "\n", "\n\n", "\r\n", " ", "- ", "> ", "|", "a|b\n-|-\n", "`", "```\n", "<!--", "-->", "é", "text", "[", "](/x)",
    "{% raw %}", "{% endraw %}", "    ", "![][i]", f"[i]: {ONE}\n", "<div>\n",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(PIECES), max_size=14), damage=st.sampled_from(["", "\udcff", "\ufeff"]))
def test_nothing_else_changes(site, parts, damage):
    before = encode(damage + "".join(parts) + damage)
    fixed(before, site)
    old, references = decode(before), read_references(before, "post.md", Settings())
    edits = sorted(find_edits(old, references, site), key=lambda edit: edit[:2])
    new = apply_edits(old, edits)
    done = at = 0
    for edit in [*edits, TextEdit(len(old), len(old), "")]:
        kept = old[done : edit.start]
        assert new[at : at + len(kept)] == kept
        done, at = edit.end, at + len(kept) + len(edit.text)
    places = [(reference.start, reference.end) for reference in references]
    places += [
        value[1:] for reference in references for value in reference.attributes.values() if value.start is not None
    ]
    assert all(any(start <= edit.start <= edit.end <= end for start, end in places) for edit in edits)
    assert len(read_references(encode(new), "post.md", Settings())) >= len(references)


def test_edits_at_one_position_keep_their_order():
    assert (
        apply_edits("abc", [TextEdit(3, 3, "!"), TextEdit(1, 2, ""), TextEdit(1, 1, "1"), TextEdit(0, 0, "0")])
        == "0a1c!"
    )


def test_a_diff():
    assert FileEdit("p.md", b"a\nb\xff\r\nc", b"a\nB\xff\r\nc").diff().splitlines() == [
        b"--- p.md", b"+++ p.md", b"@@ -1,3 +1,3 @@", b" a", b"-b\xff", b"+B\xff", b" c",
    ]  # fmt: skip
    assert FileEdit("p.md", b"a", b"a").diff() == b""


def test_a_diff_has_no_line_after_the_last():
    assert FileEdit("p.md", b"a\n", b"a\nb\n").diff() == b"--- p.md\n+++ p.md\n@@ -1 +1,2 @@\n a\n+b\n"


def test_a_diff_that_takes_too_long_is_given_up(monkeypatch):
    edits = [FileEdit("a.md", b"a\n", b"b\n"), FileEdit("endless.md", b"a\n", b"b\n"), FileEdit("c.md", b"c\n", b"d\n")]
    diff = FileEdit.diff
    monkeypatch.setattr(FileEdit, "diff", lambda edit: signal.pause() if edit.path == "endless.md" else diff(edit))
    monkeypatch.setattr("figgen.posts.check.SECONDS", 0.2)
    found = [*format_edits(edits, 2)]
    assert found == [diff(edits[0]), b"endless.md: diff not shown: timed out after 0.2 s\n", diff(edits[2])]
