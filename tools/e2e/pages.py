"""What a browser sees of a page, and what may be wrong with it."""

import itertools
from typing import NamedTuple

from figgen.site.png import png_size

PAINTED = """
return location.href === arguments[0] && document.readyState !== "loading"
  && performance.getEntriesByName("first-contentful-paint").length > 0;
"""
LOADED = 'return document.readyState === "complete" && [...document.images].every(image => image.complete);'
IMAGES = """
return [...document.images].map(image => ({
  path: new URL(image.currentSrc || image.src).pathname,
  size: [image.naturalWidth, image.naturalHeight],
  alt: (image.getAttribute("alt") ?? "").trim(),
}));
"""
# Two frames later, what the last picture moved has been told.
SHIFT = """
return new Promise(resolve => {
  let sum = 0;
  new PerformanceObserver(list => { for (const shift of list.getEntries()) sum += shift.value; })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 100)));
});
"""
SHOWN = """
if (arguments[0]) document.documentElement.dataset.mode = arguments[0];
else delete document.documentElement.dataset.mode;
return [...document.querySelectorAll("img.light, img.dark")]
  .filter(image => image.getClientRects().length > 0).map(image => new URL(image.src).pathname);
"""
PAIRS = 'return document.querySelectorAll("img.light").length;'
MODES = ("light", "dark")

_numbers = itertools.count()


class Look(NamedTuple):
    """A page as it was seen.

    `images` have each a path, a natural size and an alt text; `shift` is the sum of all layout shifts; `modes` tells
    which pictures of pairs are shown in each mode, chosen by the reader or asked for by the system.
    """

    images: list
    shift: float
    modes: dict


def look(browser, server, path):
    """Open a page whose pictures come after its first painting, and look at it once they are there."""
    server.pictures.clear()
    address = f"{server.address}{path}?{next(_numbers)}"
    browser.open(address)
    browser.until(PAINTED, address)
    server.pictures.set()
    browser.until(LOADED)
    images, shift, modes = browser.run(IMAGES), browser.run(SHIFT), {}
    if browser.run(PAIRS):
        for mode in MODES:
            modes[f"{mode}, chosen"] = browser.run(SHOWN, mode)
            prefer(browser, mode)
            modes[f"{mode}, of the system"] = browser.run(SHOWN, None)
        prefer(browser, "light")
    return Look(images, shift, modes)


def prefer(browser, mode):
    """Make the system ask for light or dark pages."""
    browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": mode}])


def _loads(seen, _):
    return [f"{image['path']} does not load" for image in seen.images if image["size"] == [0, 0]]


def _natural_size(seen, site):
    for image in seen.images:
        file = site / image["path"].lstrip("/")
        own = png_size(file.read_bytes()) if file.is_file() else None
        if own is None or image["size"] != list(own):
            yield f"{image['path']} is {image['size']}, and its file {own}"


def _alt(seen, _):
    return [f"{image['path']} has no alt text" for image in seen.images if not image["alt"]]


def _steady(seen, _):
    return [f"layout shift {seen.shift:.3f}"] if seen.shift else []


def _modes(seen, _):
    for mode, shown in seen.modes.items():
        dark = mode.startswith("dark")
        if not shown or any(path.endswith("-dark.png") != dark for path in shown):
            yield f"{mode}: shows {', '.join(shown) or 'nothing'}"


LOADS, SIZE, ALT, STEADY, MODE = (
    "every image loads",
    "natural size is the PNG's",
    "no alt text is empty",
    "no layout shift",
    "the mode shows its own of a pair",
)
CHECKS = {LOADS: _loads, SIZE: _natural_size, ALT: _alt, STEADY: _steady, MODE: _modes}


def failures(seen, site):
    """Return the checks that fail, each with its messages; `site` is the folder with the pictures."""
    found = {name: list(check(seen, site)) for name, check in CHECKS.items()}
    return {name: complaints for name, complaints in found.items() if complaints}
