"""The pictures of docs/tutorial/first-figure.md, taken from the pages of the run; written only where that is asked for."""

import base64
import contextlib
import re
import shutil
import subprocess

from tests.processes import figgen, started
from tools.e2e import pages, proofs
from tools.e2e.server import served

MARGIN = 12  # pixels around what is shown
MISTAKE = ("mark: bar", "mark: bra")
BOX = """
const boxes = [...document.querySelectorAll(arguments[0])].map(element => element.getBoundingClientRect());
return [Math.min(...boxes.map(box => box.left)), Math.min(...boxes.map(box => box.top)),
        Math.max(...boxes.map(box => box.right)), Math.max(...boxes.map(box => box.bottom))];
"""
SETTLED = 'return document.querySelector("article.failed pre") !== null;'


def take(browser, built, site, folder):
    """Write the pictures into a folder, and yield the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    with served(built) as server:
        for mode in pages.MODES:
            pages.look(browser, server, proofs.PAGE)
            browser.run(pages.SHOWN, mode)
            yield _shot(browser, folder / f"post-{mode}.png", "h1, article p:nth-of-type(-n + 3)")
    with _watched(site) as address:
        browser.open(address)
        browser.until(SETTLED)
        browser.until(pages.LOADED)
        yield _shot(browser, folder / "watch.png", "header, article")


def _shot(browser, path, selector):
    """Save the part of the window that some elements take up, at 3/4 of its size."""
    left, top, right, bottom = browser.run(BOX, selector)
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    clip = {"x": left - MARGIN, "y": top - MARGIN, "width": width, "height": height, "scale": 0.75}
    taken = browser.command("Page.captureScreenshot", format="png", clip=clip)
    path.write_bytes(base64.b64decode(taken["data"]))
    return path


@contextlib.contextmanager
def _watched(site):
    """Watch one figure, drawn before a mistake came into its config, and give the page's address."""
    copy = shutil.copytree(site, site.with_name("watched"), ignore=shutil.ignore_patterns("_site"))
    shutil.rmtree(copy / "configs/VanishingGradients")
    (copy / "configs/Momentum/valley.yaml").unlink()
    config = copy / "configs/Momentum/speed.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace(*MISTAKE), encoding="utf-8")
    with started(figgen(copy, "watch", "--serve"), stderr=subprocess.DEVNULL) as watching:
        yield next(found[0] for line in watching.stdout if (found := re.search(r"http://\S+/", line)))
