"""Proof that each check of a page can fail: pages that are spoilt after Jekyll, in one way each."""

import re
import shutil

from tools.e2e import pages
from tools.e2e.server import served

PAGE = "/posts/down-the-valley/"
SPEED = "assets/posts/Momentum/speed.png"


def _html(pattern, replacement):
    def spoil(built):
        path = built / PAGE.strip("/") / "index.html"
        text = path.read_text(encoding="utf-8")
        spoilt = re.sub(pattern, replacement, text)
        assert spoilt != text, pattern
        path.write_text(spoilt, encoding="utf-8")

    return spoil


def _remove(built):
    (built / SPEED).unlink()


def _replace(built):
    shutil.copyfile(built / "assets/posts/VanishingGradients/vanishing_gradients.png", built / SPEED)


def _swap(found):
    return found[0].replace(*(("light", "dark") if found[1] == "light" else ("dark", "light")))


# What is done to the built site, and the checks that must fail, and no other.
SPOILT = {
    "a picture is not there": (_remove, {pages.LOADS, pages.SIZE, pages.STEADY}),
    "a picture is another one, of another size": (_replace, {pages.SIZE, pages.STEADY}),
    "an alt text is empty": (_html(r'alt="Distance[^"]*"', 'alt=""'), {pages.ALT}),
    "width and height are not given": (_html(r' (width|height)="\d+"', ""), {pages.STEADY}),
    "width and height have another ratio": (_html(r' height="\d+"', ' height="300"'), {pages.STEADY}),
    "a pair has its classes swapped": (_html(r'class="(light|dark)"', _swap), {pages.MODE}),
    "the style sheet knows no modes": (_html(r"display: none", "opacity: 1"), {pages.MODE}),
}


def prove(browser, built, site, folder):
    """Spoil copies of a built site, and yield for each what was done, what a browser saw, and whether that is right."""
    for number, (name, (spoil, expected)) in enumerate(SPOILT.items()):
        copy = shutil.copytree(built, folder / f"spoilt-{number}")
        spoil(copy)
        with served(copy) as server:
            found = pages.failures(pages.look(browser, server, PAGE), site)
        said = "; ".join(message for messages in found.values() for message in messages)
        yield name, said or "nothing", set(found) == expected
