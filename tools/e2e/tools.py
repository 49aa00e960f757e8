"""The programs of the run, started as an author starts them."""

import os
import sys
import time

from tests import processes
from tests.figures import ROOT


class FailedError(Exception):
    """A step did not do what it must; the text says what was seen instead."""


def run(site, *command):
    """Run a program in the site's folder, and give what it said and its exit status."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "JEKYLL_ENV": "production"}
    return processes.run(command, cwd=site, env=environment)


def figgen(site, *arguments):
    """Run figgen in the site's folder."""
    return run(site, sys.executable, "-m", "figgen", *arguments)


def jekyll(site, *options):
    """Build the pages in `_site`."""
    return run(site, "jekyll", "build", "--disable-disk-cache", "--quiet", *options)


def htmlproofer(site):
    """Look at the built pages with html-proofer, without a network."""
    return run(site, "htmlproofer", "--disable-external", "./_site")


def ask_kramdown():
    """Run the tests that ask kramdown, which is installed by now."""
    return run(ROOT, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/posts/test_kramdown.py")


def said(done):
    """Return all output of a program."""
    return (done.stdout + done.stderr).strip()


def wanted(done, status=0):
    """Return the output of a program, or raise FailedError if its exit status is not the expected one."""
    if done.returncode != status:
        raise FailedError(
            f"'{' '.join(map(str, done.args))}' ended with {done.returncode}, not {status}:\n{said(done)}"
        )
    return said(done)


class Clock:
    """Tells how long ago something began."""

    def __init__(self):
        self._start = time.monotonic()

    def __str__(self):
        return f"{time.monotonic() - self._start:.1f} s"
