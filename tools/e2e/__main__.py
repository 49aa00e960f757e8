"""Build a real site, look at it in a browser, break it, and tell whether all is as it must be: `make e2e`.

Exit status: 0 all holds, 1 something does not, 2 this machine has not the programs for it, and cannot install them.
"""

import argparse
import re
import shutil
import sys
import tempfile
import textwrap
from pathlib import Path

from tools.e2e import programs

PUBLISHED = "/posts/products-of-derivatives/"  # its pictures are 60 % wide, as published, and keep no place free
PAGES = {"/posts/down-the-valley/": 3, "/posts/lines-of-snippet/": 5, PUBLISHED: 6}  # with so many images
LQIP = 'lqip="data:image/gif;base64,R0lGODlhAQABAIAAAMDAwAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="'
WIDTH, INDENT = 120, " " * 8


class Report:
    """Prints what was done and seen, and counts what is wrong."""

    def __init__(self):
        self.wrong = 0

    def head(self, text):
        print(f"\n{text}")

    def line(self, what, seen, *, right=True):
        self.wrong += not right
        line = f"  {'ok  ' if right else 'FAIL'}  {what:<47}  {seen}".rstrip()
        if len(line) > WIDTH:
            told = textwrap.wrap(seen, WIDTH - len(INDENT), break_long_words=False, break_on_hyphens=False)
            line = "\n".join([f"  {'ok  ' if right else 'FAIL'}  {what}", *(INDENT + part for part in told)])
        print(line, flush=True)


def make_site(folder, report):
    """Write the site, build its figures, and bring its posts into agreement with them."""
    from tools.e2e.tools import ROOT, figgen, wanted

    site = shutil.copytree(Path(__file__).with_name("site"), folder / "site")
    shutil.copytree(ROOT / "configs", site / "configs", dirs_exist_ok=True)
    report.line("figgen build", wanted(figgen(site, "build")).splitlines()[-1])
    before = figgen(site, "check")
    report.line(
        "figgen check, of posts as they were written",
        f"{len(before.stdout.splitlines())} findings",
        right=before.returncode == 1,
    )
    report.line("figgen check --fix", wanted(figgen(site, "check", "--fix")).splitlines()[0])
    post = (
        "---\nlayout: post\ntitle: Lines of snippet\n---\n\nAs printed, a smaller one, and one with a placeholder.\n\n"
    )
    snippets = [wanted(figgen(site, "snippet", name)) for name in ("Momentum/valley", "vanishing_gradients")]
    variants = [snippets[1].replace(" }", f" {own} }}") for own in ('style="width: 60%"', LQIP)]
    post += "\n\n".join([*snippets, *variants, "The end.\n"])
    (site / "_posts/2025-03-03-lines-of-snippet.md").write_text(post, encoding="utf-8")
    report.line("figgen check", wanted(figgen(site, "check")))
    return site


def make_pages(site, report):
    """Build the pages with Jekyll, and check them with html-proofer; each must report the errors that were made on purpose."""
    from tools.e2e.tools import ask_kramdown, htmlproofer, jekyll, said, wanted

    asked = wanted(ask_kramdown()).splitlines()[-1]
    report.line("kramdown shows the images that figgen sees", asked, right="skipped" not in asked)
    heedless = shutil.copytree(site, site.with_name("heedless"))
    settings = (site / "_config.yml").read_text(encoding="utf-8")
    (heedless / "_config.yml").write_text(settings.replace("exclude:", "others:"), encoding="utf-8")
    wanted(jekyll(heedless))
    strays = stray(heedless)
    report.line("jekyll build, nothing excluded", f"{len(strays)} files not for readers", right=bool(strays))
    wanted(jekyll(site))
    report.line("jekyll build", ", ".join(stray(site)) or "pages and pictures only", right=not stray(site))
    (heedless / "_site/assets/posts/Momentum/speed.png").unlink()
    seen = htmlproofer(heedless)
    told = seen.returncode == 1 and "speed.png" in said(seen)
    report.line("htmlproofer, a picture removed", "finds fault" if told else said(seen), right=told)
    report.line("htmlproofer", wanted(htmlproofer(site)).splitlines()[-1])
    return site / "_site"


def stray(site):
    """List what was published that is neither a page nor a picture."""
    files = [path.relative_to(site / "_site") for path in (site / "_site").rglob("*") if path.is_file()]
    return sorted(path.as_posix() for path in files if path.suffix not in {".html", ".png"})


def set_up_another(folder, report):
    """Bring figgen into a site without figures, and build it with what that wrote and advised."""
    from tools.e2e.tools import ROOT, figgen, htmlproofer, jekyll, wanted

    bare = shutil.ignore_patterns("configs", "_posts")
    site = shutil.copytree(Path(__file__).with_name("site"), folder / "another", ignore=bare)
    settings = site / "_config.yml"
    settings.write_text(settings.read_text(encoding="utf-8").partition("exclude:")[0], encoding="utf-8")
    done = wanted(figgen(site, "init", "--from", str(ROOT)))
    report.line("figgen init", f"{done.count('wrote ')} files")
    advised = re.search(r"^exclude:\n(?:  - .*\n)+", done, re.MULTILINE)[0]
    settings.write_text(settings.read_text(encoding="utf-8") + advised, encoding="utf-8")
    report.line("figgen init, again", wanted(figgen(site, "init", "--from", str(ROOT))))
    report.line("figgen build", wanted(figgen(site, "build")).splitlines()[-1])
    report.line("figgen check", wanted(figgen(site, "check")))
    wanted(jekyll(site, "--drafts"))
    report.line("jekyll build --drafts", ", ".join(stray(site)) or "pages and pictures only", right=not stray(site))
    report.line("htmlproofer", wanted(htmlproofer(site)).splitlines()[-1])


def see_pages(window, built, site, report):
    """Look at every page in the browser."""
    from tools.e2e.pages import CHECKS, MODE, STEADY, failures, look
    from tools.e2e.server import served

    with served(built) as server:
        for page, count in PAGES.items():
            seen = look(window, server, page)
            found = failures(seen, site)
            report.head(page)
            report.line("images", str(len(seen.images)), right=len(seen.images) == count)
            for name in CHECKS:
                if page != PUBLISHED:
                    report.line(name, "; ".join(found.get(name, ())), right=name not in found and bool(seen.modes))
                elif name == STEADY:
                    told = f"{seen.shift:.3f}: a width of 60% keeps no place free"
                    report.line("layout shift, which there must be", told, right=name in found)
                elif name != MODE:
                    report.line(name, "; ".join(found.get(name, ())), right=name not in found)


def main(folder, screenshots):
    """Do all steps in a folder, and give the number of those that failed."""
    from tests.browser import browser
    from tools.e2e.breakages import break_all
    from tools.e2e.proofs import prove
    from tools.e2e.tools import Clock

    report, clock = Report(), Clock()
    report.head("A site of Jekyll")
    site = make_site(folder, report)
    built = make_pages(site, report)
    report.head("Another site, without figures so far")
    set_up_another(folder, report)
    with browser(folder / "profile", "--window-size=1000,2600", patient=False) as window:
        see_pages(window, built, site, report)
        report.head("Each check of a page fails where it must: what was spoilt after Jekyll, and what the browser saw")
        for name, seen, right in prove(window, built, site, folder):
            report.line(name, seen, right=right)
        if screenshots is not None:
            from tools.e2e.screenshots import take

            report.head("Screenshots")
            for path in take(window, built, site, screenshots):
                report.line("wrote", path)
    report.head("figgen check names what was broken before Jekyll runs (* where html-proofer sees nothing after it)")
    for name, told, right, seen in break_all(site, folder):
        report.line(name + " *" * (not seen), told, right=right)
    print(f"\ne2e: {f'{report.wrong} wrong' if report.wrong else 'all holds'}, {clock}")
    return report.wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.e2e", description=__doc__)
    parser.add_argument(
        "--screenshots", type=Path, metavar="DIR", help="also write the pictures of docs/tutorial/first-figure.md"
    )
    options = parser.parse_args()
    try:
        programs.provide(print)
    except programs.MissingProgramsError as error:
        print(f"e2e: cannot run here: {error}", file=sys.stderr)
        sys.exit(2)
    from tools.e2e.tools import FailedError

    with tempfile.TemporaryDirectory(prefix="figgen-e2e-") as temporary:
        try:
            sys.exit(main(Path(temporary), options.screenshots) > 0)
        except FailedError as error:
            print(f"e2e: {error}", file=sys.stderr)
            sys.exit(1)
