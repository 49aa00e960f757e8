"""Every way in which posts, configs and pictures can disagree is reported at the line to fix."""

import signal

import pytest

from figgen.build import lockfile
from figgen.posts import check_posts, fix_posts
from figgen.posts.check import same_ratio
from figgen.posts.references import read_references
from figgen.site.paths import discover

ONE = "/assets/posts/Post/one.png"
LIGHT = f"![One]({ONE}){{: width='300' height='200' .light }}"
DARK = "![One](/assets/posts/Post/one-dark.png){: w='300' h='200' .dark }"
TWO = "![Two](/assets/posts/Post/two.png)"
GOOD = f"Text.\n\n{LIGHT}\n{DARK}\n_Caption_\n\nMore.\n\n{TWO}\n"


def check(root, *texts):
    """Return the findings in some posts, and those of the figures that they do not use."""
    for number, text in enumerate(texts):
        (root / f"_posts/{number}.md").write_text(text)
    return check_posts(root, discover(root)[0]).findings


def only(root, text):
    (finding,) = check(root, text)
    return finding


def test_a_valid_site(blog):
    assert check(blog, GOOD) == []
    assert check(blog, LIGHT + "\n" + DARK, TWO) == []


def test_a_picture_drawn_by_other_libraries_is_up_to_date(blog):
    """A hook or another machine may have other ones; the image tests compare its pixels."""
    entries = lockfile.read(blog)
    other = {path: entry._replace(toolchain={"matplotlib": "3.8.4"}) for path, entry in entries.items()}
    lockfile.write(blog, other)
    assert check(blog, GOOD) == []


def test_a_picture_whose_config_is_missing(blog):
    (blog / "configs/Post/two.yaml").unlink()
    finding = only(blog, GOOD)
    assert (finding.line, finding.message) == (9, "orphan: its config, configs/Post/two.yaml, no longer exists")
    assert finding.hint == "restore the config, or remove the picture with 'figgen clean --orphans'"
    (blog / "assets/posts/Post/photo.png").write_bytes((blog / "assets/posts/Post/two.png").read_bytes())
    assert check(blog, GOOD.replace("two.png", "photo.png")) == []


@pytest.mark.parametrize("name", ["one", "photo"])
def test_a_folder_in_the_place_of_a_picture_is_reported_where_it_is_referred_to(blog, name):
    picture = blog / f"assets/posts/Post/{name}.png"
    picture.unlink(missing_ok=True)
    picture.mkdir()
    text = (
        GOOD
        + f"\n![A photo](/assets/posts/Post/{name}.png){{: w='300' h='200' }}\n![Gone](/assets/posts/Post/gone.png)\n"
    )
    found = [(finding.line, finding.message) for finding in check(blog, text)]
    folder = "not a file"
    assert [message for line, message in found if line == 11] == [folder]
    assert [message for line, message in found if line == 3] == ([folder] if name == "one" else [])
    assert [message.partition(",")[0] for line, message in found if line == 12] == ["file not found"]
    assert len(found) == (3 if name == "one" else 2), "the figures of the post are used"


def test_a_dark_variant_whose_config_is_missing(blog):
    (blog / "configs/Post/two.yaml").unlink()
    entries, two = lockfile.read(blog), blog / "assets/posts/Post/two.png"
    entry = entries["assets/posts/Post/two.png"]
    (made,) = entry.outputs.values()
    outputs = {**entry.outputs, "assets/posts/Post/two-dark.png": made}
    lockfile.write(blog, entries | {"assets/posts/Post/two.png": entry._replace(outputs=outputs)})
    two.with_name("two-dark.png").write_bytes(two.read_bytes())
    finding = only(blog, GOOD.replace("two.png", "two-dark.png"))
    assert finding.message == "orphan: its config, configs/Post/two.yaml, no longer exists"


def test_an_unused_figure(blog):
    finding = only(blog, GOOD.replace(TWO, ""))
    assert (finding.path, finding.line, finding.column) == ("configs/Post/two.yaml", 1, 1)
    assert finding.message == "unused figure: no post refers to assets/posts/Post/two.png"
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
        (break_removed, "not up to date (reason: missing)"),
        (
            break_renamed,
            "its file is named assets/posts/Post/Two.png, which differs only in letter case",
        ),
        (break_edited, "not up to date (reason: edited by hand)"),
        (break_config, "not up to date (reason: config)"),
        (break_lockfile, "not up to date (reason: new)"),
    ],
)
def test_an_artefact_that_is_not_up_to_date(blog, damage, message):
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
        ("/assets/posts/Post/Two.png", "differs only in letter case from assets/posts/Post/two.png", "use exactly this spelling: most web servers are case-sensitive"),
        ("/Assets/posts/post/two.PNG", "differs only in letter case from assets/posts/Post/two.png", "use exactly this spelling: most web servers are case-sensitive"),
        ("/assets/posts/Post/Photo.JPG", "differs only in letter case from assets/posts/Post/photo.jpg", "use exactly this spelling: most web servers are case-sensitive"),
        ("/assets/posts/Post/twoo.png", "file not found, and there is no config configs/Post/twoo.yaml", "did you mean 'assets/posts/Post/two.png'?"),
        ("/assets/posts/Pots/two.png", "file not found, and there is no config configs/Pots/two.yaml", "did you mean 'assets/posts/Post/two.png'?"),
        ("/assets/post/Post/two.png", "file not found", "did you mean 'assets/posts/Post/two.png'?"),
        ("/assets/posts/Post/none.jpg", "file not found", "did you mean 'assets/posts/Post/one.png'?"),
    ],
)  # fmt: skip
def test_a_missing_file(blog, written, message, hint):
    (blog / "assets/posts/Post/photo.jpg").touch()
    (finding,) = check(blog, f"{GOOD}\n> - a\n>   ![x]({written})")
    assert (finding.line, finding.column) == (12, 5)
    assert (finding.message, finding.hint) == (message, hint)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (f"![]({ONE})", "empty alt text"),
        (f"![ ]({ONE})", "empty alt text"),
        (f"<img src='{ONE}' alt=''>", "empty alt text"),
        (f"<img src='{ONE}'>", "missing alt text"),
        (
            f"![A rising line: f[x] = 3x.]({ONE})",
            "the numbers in the alt text differ from the figure's: 'A rising line: f[x] = 2x.'",
        ),
        (f"![x]({ONE}){{: width='300' height='100' }}", 'width="300" height="100" would distort the picture'),
        (f"![x]({ONE}){{: w='600px' h='402px' }}", 'width="600px" height="402px" would distort the picture'),
        (f"<img src='{ONE}' alt='x' width=2 height=300>", 'width="2" height="300" would distort the picture'),
        (f"![x]({ONE}){{: .light }}", "only shown on light pages: no image with class .dark next to it"),
        (f"![x]({ONE}){{: .dark }}", "only shown on dark pages: no image with class .light next to it"),
        (f"{LIGHT}\n\nText.\n\n\n{DARK}", "only shown on light pages: no image with class .dark next to it"),
    ],
)
def test_wrong_alt_texts_sizes_and_variants(blog, image, message):
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
def test_no_findings(blog, image):
    (blog / "assets/posts/Post/photo.jpg").touch()
    (blog / "img").mkdir()
    (blog / "img/two.png").touch()
    assert check(blog, f"{GOOD}\n{image}") == []


def test_the_front_matter_is_checked_too(blog):
    finding = only(blog, f"---\nimage:\n  path: {ONE}\n---\n\n{GOOD}")
    assert (finding.line, finding.column, finding.message) == (3, 9, "missing alt text")
    assert check(blog, f"---\nimage: {ONE}\n---\n\n{GOOD}") == []
    assert only(blog, f"---\nimage: /assets/posts/Post/on.png\n---\n\n{GOOD}").line == 2


def test_all_findings_are_reported_in_one_run(blog):
    findings = check(blog, f"![]({ONE}){{: w='1' h='9' .light}} ![](/assets/posts/Post/x.png)")
    assert [(finding.path, finding.column) for finding in findings] == [
        ("_posts/0.md", 1), ("_posts/0.md", 1), ("_posts/0.md", 1), ("_posts/0.md", 55), ("_posts/0.md", 55),
        ("configs/Post/one-dark.yaml", 1), ("configs/Post/two.yaml", 1),
    ]  # fmt: skip


def test_the_size_of_a_picture_without_config(blog):
    (blog / "assets/posts/Post/photo.png").write_bytes((blog / "assets/posts/Post/one.png").read_bytes())
    finding = only(blog, f"{GOOD}\n![x](/assets/posts/Post/photo.png){{: w='3' h='9' }}")
    assert finding.hint == 'write height="2"'
    (blog / "assets/posts/Post/photo.png").write_bytes(b"GIF89a" * 9)
    assert check(blog, f"{GOOD}\n![x](/assets/posts/Post/photo.png){{: w='3' h='9' }}") == []


@pytest.mark.parametrize("width", [1, 99, 300, 301, 1000, 4321])
def test_rounding_to_a_pixel_is_no_distortion(width):
    size = (1082, 793)
    assert same_ratio((width, round(width * 793 / 1082)), size)
    assert same_ratio((round(width * 1082 / 793), width), size)
    assert not same_ratio((width, round(width * 793 / 1082) + 3), size)


def test_a_large_post_that_takes_too_long_is_given_up_and_the_others_are_checked(blog, monkeypatch):
    monkeypatch.setattr(
        "figgen.posts.check.read_references",
        lambda content, *rest: signal.pause() if b"endless" in content else read_references(content, *rest),
    )
    monkeypatch.setattr("figgen.posts.check.SECONDS", 0.2)
    found = check(blog, "endless\n" * 10_000, GOOD + "\nMore." * 20_000)
    (finding,) = found
    assert (finding.path, finding.line) == ("_posts/0.md", 1)
    assert finding.message == "not checked: timed out after 0.2 s"
    said = "a post may have up to some 10,000 pictures: split it, or exclude it in _config.yml if it is none"
    assert finding.hint == said


def test_a_large_post_that_needs_too_much_memory(blog, monkeypatch):
    monkeypatch.setattr("figgen.posts.check._check_post", lambda *_: bytes(2 << 30) and None)
    found = check(blog, "More.\n" * 20_000)
    assert [finding.message for finding in found if finding.path == "_posts/0.md"] == ["not checked: out of memory"]


def test_large_posts_are_checked_and_fixed_as_others_are(blog):
    small, more = GOOD.replace("height='200'", "height='20'"), "More.\n" * 20_000
    places, fixed = [], []
    for text in (small, small + more):
        places.append([(finding.line, finding.message) for finding in check(blog, text)])
        edits, report = fix_posts(blog, discover(blog)[0], None, lambda: None, 2, dry_run=False)
        assert ([edit.path for edit in edits], report.findings) == (["_posts/0.md"], [])
        fixed.append((blog / "_posts/0.md").read_text())
    assert places[0] == places[1] != []
    assert fixed[1] == fixed[0] + more
    assert "height='200'" in fixed[0]


def test_only_the_hints_that_are_shown_are_looked_for(blog, monkeypatch):
    looked = []
    monkeypatch.setattr("figgen.posts.site_state.did_you_mean", lambda *_: looked.append(1) or "")
    text = GOOD + "".join(f"\n![A](/assets/posts/Post/n{number}.png)\n" for number in range(500))
    found = check(blog, text)
    assert len(looked) == 100
    assert (len(found), found[-1].message) == (101, "400 more mistakes, not shown")


def test_a_post_whose_fix_takes_too_long_is_left_as_it_is(blog, monkeypatch):
    text = GOOD.replace("height='200'", "height='20'") + "More.\n" * 20_000
    (blog / "_posts/0.md").write_text(text)
    monkeypatch.setattr("figgen.posts.check.check_references", lambda *_: signal.pause())
    monkeypatch.setattr("figgen.posts.check.SECONDS", 0.5)
    edits, report = fix_posts(blog, discover(blog)[0], None, lambda: None, 1, dry_run=False)
    assert (edits, report.fixed) == ([], [])
    assert [finding.message for finding in report.findings if finding.path == "_posts/0.md"] == [
        "not checked: timed out after 0.5 s"
    ]
    assert (blog / "_posts/0.md").read_text() == text
