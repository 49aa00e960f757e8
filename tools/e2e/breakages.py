"""Ways to break a valid site, and the line at which `figgen check` must report each."""

import shutil

from tools.e2e.tools import figgen, htmlproofer, jekyll, said

GRADIENTS = "_posts/2025-03-01-products-of-derivatives.md"
VALLEY = "_posts/2025-03-02-down-the-valley.md"
CONFIGS, PICTURES = "configs/VanishingGradients", "assets/posts/VanishingGradients"
RELU = "vanish_explode_relu_deriv"


def _remove(*paths):
    def damage(site):
        for path in paths:
            (site / path).unlink()

    return damage


def _rename(old, new):
    def damage(site):
        (site / old).rename(site / new)

    return damage


def _rewrite(path, old, new):
    def damage(site):
        text = (site / path).read_text(encoding="utf-8")
        assert old in text, (path, old)
        (site / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def _paint(path):
    def damage(site):
        shutil.copyfile(site / PICTURES / "vanishing_gradients.png", site / path)

    return damage


def _copy(old, new):
    def damage(site):
        shutil.copyfile(site / old, site / new)
        done = figgen(site, "build")
        assert done.returncode == 0, said(done)

    return damage


# What is broken; how; the file and a text in the line of the expected finding; and a part of its message.
BREAKAGES = {
    "picture removed": (
        _remove(f"{PICTURES}/{RELU}.png"),
        (GRADIENTS, RELU),
        "not up to date (reason: missing)",
    ),
    "picture renamed by letter case": (
        _rename(f"{PICTURES}/{RELU}.png", f"{PICTURES}/{RELU}.PNG"),
        (GRADIENTS, RELU),
        f"its file is named {PICTURES}/{RELU}.PNG, which differs only in letter case",
    ),
    "config changed, picture not drawn again": (
        _rewrite(f"{CONFIGS}/{RELU}.yaml", "width: 1.5", "width: 2.5"),
        (GRADIENTS, RELU),
        "not up to date (reason: config)",
    ),
    "picture edited by hand": (
        _paint(f"{PICTURES}/{RELU}.png"),
        (GRADIENTS, RELU),
        "not up to date (reason: edited by hand)",
    ),
    "config removed, and its picture": (
        _remove(f"{CONFIGS}/{RELU}.yaml", f"{PICTURES}/{RELU}.png"),
        (GRADIENTS, RELU),
        f"file not found, and there is no config {CONFIGS}/{RELU}.yaml",
    ),
    "figure misspelt in the post": (
        _rewrite(GRADIENTS, "/vanishing_gradients.png", "/vanishing_gradient.png"),
        (GRADIENTS, "/vanishing_gradient.png"),
        f"did you mean '{PICTURES}/vanishing_gradients.png'?",
    ),
    "path in the post in another letter case": (
        _rewrite(GRADIENTS, f"/VanishingGradients/{RELU}", f"/vanishinggradients/{RELU}"),
        (GRADIENTS, f"/vanishinggradients/{RELU}"),
        f"differs only in letter case from {PICTURES}/{RELU}.png",
    ),
    "preview picture misspelt, behind a placeholder": (
        _rewrite(GRADIENTS, "path: /assets/posts/VanishingGradients/exploding", "path: /assets/posts/VanishingGradients/explodign"),
        (GRADIENTS, "explodign"),
        f"did you mean '{PICTURES}/exploding_gradients.png'?",
    ),
    "alt text emptied": (
        _rewrite(GRADIENTS, "![Derivative of ReLU]", "![]"),
        (GRADIENTS, RELU),
        "empty alt text",
    ),
    "height of another ratio": (
        _rewrite(VALLEY, 'height="800" .light', 'height="700" .light'),
        (VALLEY, 'height="700"'),
        'width="1400" height="700" would distort the picture',
    ),
    "dark picture not in the post": (
        _rewrite(VALLEY, 'valley-dark.png){: width="1400" height="800" .dark }', 'valley-dark.png){: width="1400" height="800" }'),
        (VALLEY, "valley.png"),
        "no image with class .dark next to it",
    ),
    "figure that no post uses": (
        _copy(f"{CONFIGS}/{RELU}.yaml", f"{CONFIGS}/spare.yaml"),
        (f"{CONFIGS}/spare.yaml", ""),
        "unused figure",
    ),
}  # fmt: skip


def break_all(site, folder):
    """Break copies of a site, one way each.

    Yields what was broken, what `figgen check` said, whether it is that and nothing else, and whether html-proofer
    would have seen it after Jekyll.
    """
    for number, (name, (damage, (path, text), words)) in enumerate(BREAKAGES.items()):
        copy = shutil.copytree(site, folder / f"broken-{number}", ignore=shutil.ignore_patterns("_site"))
        damage(copy)
        lines = (copy / path).read_text(encoding="utf-8").splitlines()
        line = next(at for at, content in enumerate(lines, 1) if text in content)
        checked = figgen(copy, "check")
        told = checked.stdout.splitlines()
        right = (
            checked.returncode == 1 and len(told) == 1 and told[0].startswith(f"{path}:{line}:") and words in told[0]
        )
        seen = jekyll(copy).returncode != 0 or htmlproofer(copy).returncode != 0
        yield name, checked.stdout.strip() or "nothing", right, seen
