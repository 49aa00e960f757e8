"""Every way in which posts, configs and artefacts can disagree is told at the line to mend."""

import pytest

from figgen.build import lockfile
from figgen.posts.check import Closure, Site, same_ratio
from figgen.posts.jekyll import Settings, printable
from figgen.posts.references import read_references
from figgen.site.paths import discover

ONE = "/assets/posts/Post/one.png"
LIGHT = f"![One]({ONE}){{: width='300' height='200' .light }}"
DARK = "![One](/assets/posts/Post/one-dark.png){: w='300' h='200' .dark }"
TWO = "![Two](/assets/posts/Post/two.png)"
GOOD = f"Text.\n\n{LIGHT}\n{DARK}\n_Caption_\n\nMore.\n\n{TWO}\n"


def check(root, *texts):
    """Give the findings of some posts, and of the figures that they do not use."""
    closure = Closure(Site(root, discover(root)[0]))
    found = []
    for number, text in enumerate(texts):
        found += closure.check(read_references(text.encode(), f"_posts/{number}.md", Settings()))
    return [*found, *closure.unused()]


def only(root, text):
    (finding,) = check(root, text)
    return finding


def test_a_site_in_agreement(blog):
    assert check(blog, GOOD) == []
    assert check(blog, LIGHT + "\n" + DARK, TWO) == []


def test_a_picture_drawn_by_other_libraries_is_its_configs_all_the_same(blog):
    """As it is where a hook or another machine has other ones; its pixels are the image tests' affair."""
    entries = lockfile.read(blog)
    other = {path: entry._replace(toolchain={"matplotlib": "3.8.4"}) for path, entry in entries.items()}
    lockfile.write(blog, other)
    assert check(blog, GOOD) == []


def test_a_picture_whose_config_is_gone(blog):
    (blog / "configs/Post/two.yaml").unlink()
    finding = only(blog, GOOD)
    assert (finding.line, finding.message) == (9, "figgen made it, and its config is gone")
    assert "configs/Post/two.yaml" in finding.hint
    (blog / "assets/posts/Post/photo.png").write_bytes((blog / "assets/posts/Post/two.png").read_bytes())
    assert check(blog, GOOD.replace("two.png", "photo.png")) == []


def test_no_post_uses_a_figure(blog):
    finding = only(blog, GOOD.replace(TWO, ""))
    assert (finding.path, finding.line, finding.column) == ("configs/Post/two.yaml", 1, 1)
    assert finding.message == "no post uses its figure, assets/posts/Post/two.png"
    assert "figgen snippet Post/two" in finding.hint


def break_removed(root):
    (root / "assets/posts/Post/two.png").unlink()


def break_renamed(root):
    (root / "assets/posts/Post/two.png").rename(root / "assets/posts/Post/Two.png")


def break_edited(root):
    (root / "assets/posts/Post/two.png").write_bytes(b"\x89PNG\r\n\x1a\n")


def break_config(root):
    path = root / "configs/Post/two.yaml"
    path.write_text(path.read_text() + "# changed\n")


def break_lockfile(root):
    entries = lockfile.read(root)
    del entries["assets/posts/Post/two.png"]
    lockfile.write(root, entries)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (break_removed, "made from configs/Post/two.yaml, it is not up to date: missing"),
        (
            break_renamed,
            "made from configs/Post/two.yaml, its file is called assets/posts/Post/Two.png, which differs by letter case",
        ),
        (break_edited, "made from configs/Post/two.yaml, it is not up to date: edited by hand"),
        (break_config, "made from configs/Post/two.yaml, it is not up to date: config"),
        (break_lockfile, "made from configs/Post/two.yaml, it is not up to date: new"),
    ],
)
def test_an_artefact_is_not_what_its_config_makes(blog, damage, message):
    damage(blog)
    finding = only(blog, GOOD)
    assert (finding.path, finding.line, finding.column, finding.where) == (
        "_posts/0.md",
        9,
        1,
        "assets/posts/Post/two.png",
    )
    assert finding.message == message
    assert "figgen build configs/Post/two.yaml" in finding.hint


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("/assets/posts/Post/Two.png", "differs only by letter case from assets/posts/Post/two.png, made from configs/Post/two.yaml", "write it letter for letter: most servers tell cases apart"),
        ("/Assets/posts/post/two.PNG", "differs only by letter case from assets/posts/Post/two.png, made from configs/Post/two.yaml", "write it letter for letter: most servers tell cases apart"),
        ("/assets/posts/Post/Photo.JPG", "differs only by letter case from assets/posts/Post/photo.jpg", "write it letter for letter: most servers tell cases apart"),
        ("/assets/posts/Post/twoo.png", "there is no such file, and no config configs/Post/twoo.yaml that makes it", "did you mean 'assets/posts/Post/two.png'?"),
        ("/assets/posts/Pots/two.png", "there is no such file, and no config configs/Pots/two.yaml that makes it", "did you mean 'assets/posts/Post/two.png'?"),
        ("/assets/post/Post/two.png", "there is no such file", "did you mean 'assets/posts/Post/two.png'?"),
        ("/assets/posts/Post/none.jpg", "there is no such file", "did you mean 'assets/posts/Post/one.png'?"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere(blog, written, message, hint):
    (blog / "assets/posts/Post/photo.jpg").touch()
    (finding,) = check(blog, f"{GOOD}\n> - a\n>   ![x]({written})")
    assert (finding.line, finding.column) == (12, 5)
    assert (finding.message, finding.hint) == (message, hint)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (f"![]({ONE})", "an empty alt text"),
        (f"![ ]({ONE})", "an empty alt text"),
        (f"<img src='{ONE}' alt=''>", "an empty alt text"),
        (f"<img src='{ONE}'>", "no alt text"),
        (
            f"![A rising line: f[x] = 3x.]({ONE})",
            "other numbers in the alt text than the figure has: 'A rising line: f[x] = 2x.'",
        ),
        (f"![x]({ONE}){{: width='300' height='100' }}", 'width="300" height="100" would distort it'),
        (f"![x]({ONE}){{: w='600px' h='402px' }}", 'width="600px" height="402px" would distort it'),
        (f"<img src='{ONE}' alt='x' width=2 height=300>", 'width="2" height="300" would distort it'),
        (f"![x]({ONE}){{: .light }}", "shown on light pages only, with no image of the class .dark beside it"),
        (f"![x]({ONE}){{: .dark }}", "shown on dark pages only, with no image of the class .light beside it"),
        (f"{LIGHT}\n\nText.\n\n\n{DARK}", "shown on light pages only, with no image of the class .dark beside it"),
    ],
)
def test_what_a_post_says_of_a_picture(blog, image, message):
    finding = check(blog, f"{GOOD}\n{image}")[0]
    assert (finding.line, finding.column, finding.where) == (11, 1, "assets/posts/Post/one.png")
    assert finding.message == message


@pytest.mark.parametrize(
    "image",
    [
        f"![x]({ONE}){{: width='60%' height='1' }}",
        f"![x]({ONE}){{: width='60%' }}",
        f"![x]({ONE}){{: width='5' }}",
        f"![x]({ONE}){{: height='auto' width='5' }}",
        f"![x]({ONE}){{: width='100' height='67' }}",
        f"![x]({ONE}){{: width='101' height='67' }}",
        f"{DARK}\n\n{LIGHT}",
        f"<picture><source srcset='/assets/posts/Post/one-dark.png'><img src='{ONE}' alt='x'></picture>",
        "![x](/assets/posts/Post/photo.jpg){: width='1' height='9' }",
        "![](/assets/img/elsewhere.png)",
        "![](https://example.org/two.png)",
        "![](/img/two.png)",
        "![]({{ page.unknown }})",
    ],
)
def test_what_is_no_disagreement(blog, image):
    (blog / "assets/posts/Post/photo.jpg").touch()
    (blog / "img").mkdir()
    (blog / "img/two.png").touch()
    assert check(blog, f"{GOOD}\n{image}") == []


def test_the_front_matter_is_checked_too(blog):
    finding = only(blog, f"---\nimage:\n  path: {ONE}\n---\n\n{GOOD}")
    assert (finding.line, finding.column, finding.message) == (3, 9, "no alt text")
    assert check(blog, f"---\nimage: {ONE}\n---\n\n{GOOD}") == []
    assert only(blog, f"---\nimage: /assets/posts/Post/on.png\n---\n\n{GOOD}").line == 2


def test_all_is_told_in_one_run(blog):
    findings = check(blog, f"![]({ONE}){{: w='1' h='9' .light}} ![](/assets/posts/Post/x.png)")
    assert [(finding.path, finding.column) for finding in findings] == [
        ("_posts/0.md", 1), ("_posts/0.md", 1), ("_posts/0.md", 1), ("_posts/0.md", 55), ("_posts/0.md", 55),
        ("configs/Post/one-dark.yaml", 1), ("configs/Post/two.yaml", 1),
    ]  # fmt: skip


def test_sizes_are_read_where_there_is_no_config(blog):
    (blog / "assets/posts/Post/photo.png").write_bytes((blog / "assets/posts/Post/one.png").read_bytes())
    finding = only(blog, f"{GOOD}\n![x](/assets/posts/Post/photo.png){{: w='3' h='9' }}")
    assert finding.hint == 'write height="2"'
    (blog / "assets/posts/Post/photo.png").write_bytes(b"GIF89a" * 9)
    assert check(blog, f"{GOOD}\n![x](/assets/posts/Post/photo.png){{: w='3' h='9' }}") == []


@pytest.mark.parametrize("width", [1, 99, 300, 301, 1000, 4321])
def test_rounding_to_a_pixel_is_no_disagreement(width):
    size = (1082, 793)
    assert same_ratio((width, round(width * 793 / 1082)), size)
    assert same_ratio((round(width * 1082 / 793), width), size)
    assert not same_ratio((width, round(width * 793 / 1082) + 3), size)


def test_what_cannot_be_printed_is_not():
    assert printable("a\udce9\x1b\nb") == "a???b"
