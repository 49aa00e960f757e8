"""The page of `figgen diff --html`: one file, opened in a browser and used by mouse and keyboard."""

import os
import re

import pytest

from figgen.build.render_jobs import failed
from figgen.errors import Finding
from figgen.regression.figure_diff import ChangeKind, FigureDiff, compare
from figgen.regression.html_report import format_page
from figgen.site.files import write_atomically
from tests import browser as driven
from tests.conftest import MINIMAL
from tests.figures import ROOT

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & \"quoted\" 'text' POLICY DATA"
SMALL = MINIMAL + "canvas: {size: [3, 2], dpi: 100}\n"
GONE = (
    "alt: A rule.\nlayers:\n- {mark: rule, y: 1}\ncanvas:\n  size: [3, 2]\n  dpi: 100\n"  # no line is as in the others
)
LEFT, RIGHT = "\ue012", "\ue014"

needs_browser = pytest.mark.skipif(
    not (driven.CHROMIUM and driven.DRIVER), reason="chromium and chromedriver are not installed"
)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def diffs(tmp_path_factory):
    """Diffs of every kind, with texts that try to be code."""
    folder = tmp_path_factory.mktemp("sites")
    hostile = SMALL.replace("A rising line.", quoted(HOSTILE)) + f"title: {quoted(HOSTILE[:20])}\n"
    sides = {
        "base": {"gone": GONE, "same": SMALL, "colour": SMALL, "size": SMALL, "broken": SMALL},
        "head": {
            "new": SMALL,
            "same": SMALL,
            "colour": hostile.replace("y: 2 * x", 'y: 2 * x, color: "#d62728"'),
            "size": SMALL.replace("[3, 2]", "[3.2, 2.1]"),
            "broken": SMALL.replace("2 * x", quoted("2 * q" + HOSTILE)),
        },
    }
    for side, figures in sides.items():
        (folder / side / "configs" / "P").mkdir(parents=True)
        for name, text in figures.items():
            (folder / side / "configs" / "P" / f"{name}.yaml").write_text(text)
    found = compare(folder / "base", folder / "head", 2)
    odd = FigureDiff(f"configs/{HOSTILE}", ChangeKind.FAILED, None, failed(Finding(HOSTILE, 1, 1, "", HOSTILE)))
    return [*found, odd]


@pytest.fixture(scope="module")
def page(diffs, tmp_path_factory):
    """A browser for the page."""
    path = tmp_path_factory.mktemp("page") / "diff page.html"
    write_atomically(path, format_page(HOSTILE, diffs).encode())
    with driven.browser(tmp_path_factory.mktemp("profile")) as opened:
        opened.url = path.as_uri()
        yield opened


@pytest.fixture
def anew(page):
    """The page, opened anew."""
    page.open(page.url)
    page.until("return document.querySelectorAll('article').length === 6")
    page.until("return [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    yield page
    page.command("Emulation.setEmulatedMedia", features=[])
    assert page.complaints() == []
    assert (
        page.run("return performance.getEntriesByType('resource').filter((one) => !one.name.startsWith('data:'))") == []
    )


SEEN = """
const card = document.querySelector('.pair');
return [...card.querySelectorAll('figure, .grip, .flip')].filter((part) => part.checkVisibility({visibilityProperty: true}))
  .map((part) => part.className);
"""
MODE = "return [document.querySelector('main').dataset.mode, document.querySelector('[name=mode]:checked').value]"
CURRENT = "return document.activeElement.closest('article')?.querySelector('h2').textContent"
ORDER = ["P/broken", f"configs/{HOSTILE}", "P/size", "P/colour", "P/new", "P/gone"]


def test_the_page_is_repeatable_and_refers_to_nothing(diffs):
    text = format_page("HEAD", diffs)
    assert text == format_page("HEAD", diffs)
    assert "DATA" not in text.replace(HOSTILE, "").replace("POLICY DATA", "")
    assert set(re.findall(r"(?:src|href)=\"([^\"]*)\"", text)) == {"data:,"}
    assert "http:" not in text
    assert "https:" not in text
    assert text.count("<script") == text.count("</script>") == 2
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-\S{44}'; style-src 'sha256-\S{44}'; img-src data:; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )


def test_a_page_without_figures():
    assert '"figures": [], "unchanged": []' in format_page("HEAD", [])


@needs_browser
def test_the_cards_of_figures(anew):
    assert anew.run("return document.title") == "2 failed, 2 changed, 1 added, 1 removed, 1 unchanged · figgen diff"
    assert anew.run("return document.querySelector('#base').textContent") == f"compared with {HOSTILE}"
    assert anew.run("return [...document.querySelectorAll('h2')].map((name) => name.textContent)")[:6] == ORDER
    kinds = "return [...document.querySelectorAll('.kind')].map((kind) => kind.textContent)"
    assert anew.run(kinds) == ["failed", "failed", "changed", "changed", "added", "removed"]
    sides = "return [...document.querySelectorAll('article')].map((card) => [...card.querySelectorAll('figure')].map((side) => side.className).join())"
    assert anew.run(sides) == ["before", "", "before,after,overlay", "before,after,overlay", "after", "before"]
    details = anew.run("return [...document.querySelectorAll('.pair .details li')].map((line) => line.textContent)")
    assert details[0] == "config: canvas size: [3, 2] -> [3.2, 2.1]"
    assert any(line.startswith('alt: "A rising line." -> "</script><script>alert(1)</script>') for line in details)
    assert any(line.startswith("line color: ") and line.endswith('-> "#d62728"') for line in details)
    assert anew.run("return document.querySelector('.failed .details').textContent").startswith(
        "head: configs/P/broken.yaml:"
    )
    unchanged = (
        "return [...document.querySelectorAll('#unchanged > summary, #unchanged li')].map((part) => part.textContent)"
    )
    assert anew.run(unchanged) == ["1 unchanged", "P/same"]
    assert anew.run("return document.querySelectorAll('article img[src=x], article script').length") == 0, (
        "texts are no HTML"
    )


@needs_browser
def test_alt_texts_are_those_of_the_pictures(anew):
    alts = anew.run(
        "return [...document.querySelectorAll('.pair')[1].querySelectorAll('img')].map((image) => image.alt)"
    )
    assert alts[:2] == ["A rising line.", HOSTILE]
    assert re.fullmatch(r"Difference: [\d,]+ pixels differ \(\S+ %\), RMS \S+", alts[2])
    unnamed = """
    const named = (part) => part.ariaLabel || part.labels?.length || part.textContent.trim();
    return [...document.querySelectorAll('button, input, a, summary')].filter((part) => !named(part)).length
    """
    assert anew.run(unnamed) == 0
    assert anew.run("return [...document.querySelectorAll('article')].every((card) => document.getElementById(card.getAttribute('aria-labelledby')))")  # fmt: skip


@needs_browser
def test_every_mode_by_its_key(anew):
    anew.press("j", "j", "j")
    for key, mode, seen in [
        ("1", "side", ["before", "after"]),
        ("3", "slider", ["before", "after", "grip"]),
        ("4", "difference", ["overlay"]),
        ("2", "blink", ["after", "flip"]),
    ]:
        anew.press(key)
        assert anew.run(MODE) == [mode, mode]
        anew.until(f"const seen = (() => {{ {SEEN} }})(); return seen.join() === '{','.join(seen)}'")  # it may blink
        assert anew.run(CURRENT) == "P/size"
        assert anew.run("return document.querySelector('[role=status]').textContent").lower().startswith(mode[:4])


@needs_browser
def test_pictures_are_overlaid_at_one_scale(anew):
    places = """
    const card = document.querySelectorAll('.pair')[0];
    return ['before', 'after'].map((side) => {
      const box = card.querySelector(`.${side} img`).getBoundingClientRect();
      return [box.left, box.top, box.width, box.height].map(Math.round);
    });
    """
    for key in "23":
        anew.press(key)
        before, after = anew.run(places)
        assert before[2:] == [300, 200]
        assert after[2:] == [320, 210]
        assert (before[0] - after[0], before[1] - after[1]) in {(0, 0), (20, 0), (0, 10), (20, 10)}
    anew.press("1")
    before, after = anew.run(places)
    assert after[0] > before[0] + before[2], "side by side"


@needs_browser
def test_blinking_can_be_stopped(anew):
    shown = "return document.querySelector('main').dataset.shown"
    anew.press("j", "j", "j", "2")
    for side in ("before", "after", "before"):
        anew.until(f"{shown} === '{side}'")
    anew.press(" ")
    assert not anew.run("return document.querySelector('#auto-blink input').checked")
    side = anew.run(shown)
    assert anew.run(SEEN) == [side, "flip"]
    anew.press(" ")
    assert anew.run(shown) != side
    stays = anew.run(shown)
    # In the time of two ticks of 700 ms, the page's own timer has ticked at least once.
    anew.run("window.ticks = 0; setInterval(() => window.ticks++, 700)")
    anew.until("return window.ticks >= 2")
    assert anew.run(shown) == stays


@needs_browser
def test_reduced_motion_turns_off_automatic_blinking(anew):
    anew.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    anew.open(anew.url)
    anew.until("return document.querySelectorAll('article').length === 6")
    anew.press("2")
    assert not anew.run("return document.querySelector('#auto-blink input').checked")


@needs_browser
def test_the_slider_moves_by_mouse_and_by_key(anew):
    anew.press("j", "j", "j", "3")
    at = "return getComputedStyle(document.querySelector('.pair')).getPropertyValue('--at')"
    assert anew.run(at) == "50%"
    anew.press(RIGHT)
    assert anew.run(at) == "50.5%"
    anew.press(LEFT, LEFT, LEFT)
    assert anew.run(at) == "49%"
    assert anew.run(CURRENT) == "P/size", "the arrows are the slider's"
    clip = "return getComputedStyle(document.querySelector('.pair .after .sheet')).clipPath"
    assert "49%" in anew.run(clip)
    box = "const box = document.querySelector('.pair .grip').getBoundingClientRect();"
    left, top, width, height = anew.run(box + "return [box.left, box.top, box.width, box.height]")
    y = round(top + height / 2)
    anew.drag((round(left + width / 2), y), (round(left + width / 5), y))
    assert 18 < float(anew.run(at).rstrip("%")) < 22
    anew.press("j")
    assert anew.run(CURRENT) == "P/colour", "but the letters still move between figures"


@needs_browser
def test_keys_move_between_figures(anew):
    for name in (*ORDER, ORDER[-1]):
        anew.press("j")
        assert anew.run(CURRENT) == name
        assert anew.run(
            "return document.activeElement.matches('article') && document.activeElement.matches(':focus-visible')"
        )
        assert anew.run(
            "const box = document.activeElement.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0"
        )
    for name in (*ORDER[-2::-1], ORDER[0]):
        anew.press(LEFT)
        assert anew.run(CURRENT) == name
    anew.press(RIGHT)
    assert anew.run(CURRENT) == ORDER[1]
    anew.press("k")
    assert anew.run(CURRENT) == ORDER[0]


@needs_browser
def test_the_list_of_shortcuts(anew):
    anew.press("j", "?")
    assert anew.run("return document.querySelector('dialog').open")
    anew.press("j", "2")
    assert anew.run(MODE)[0] == "side", "keys are the dialog's while it is open"
    anew.press("\ue00c")
    assert not anew.run("return document.querySelector('dialog').open")
    assert anew.run(CURRENT) == ORDER[0], "the focus is where it was"
    anew.run("document.querySelector('#help').click()")
    anew.run("document.querySelector('dialog button').click()")
    assert not anew.run("return document.querySelector('dialog').open")


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme(anew, scheme):
    anew.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    red = anew.run("return Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0])")
    assert (red < 100) == (scheme == "dark")
    if "FIGGEN_SCREENSHOT" in os.environ:
        anew.screenshot(ROOT / f"{os.environ['FIGGEN_SCREENSHOT']}-{scheme}.png")


@needs_browser
def test_the_policy_of_the_page(anew):
    """It stops injected code, and every request."""
    anew.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"window.ran = true\">')")
    anew.run(
        "const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script)"
    )
    asked = (
        "const [url, done] = [location.href, arguments[0]]; return fetch(url).then(() => 'fetched', () => 'refused')"
    )
    assert anew.run(asked) == "refused"
    assert anew.run("return window.ran ?? 'not run'") == "not run"
    assert len(anew.complaints()) >= 3
