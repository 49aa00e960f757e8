"""The programs that the run needs besides Python: they are there, or Debian's packages are installed."""

import os
import shutil
import subprocess

PACKAGES = {
    "jekyll": "jekyll",
    "htmlproofer": "ruby-html-proofer",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
}
SECONDS = 600  # for one run of apt-get


class MissingProgramsError(Exception):
    """The machine has not what the run needs, and it cannot be installed here."""


def missing():
    """List the packages whose program is not on the path."""
    return [package for program, package in PACKAGES.items() if shutil.which(program) is None]


def provide(say):
    """Install what is missing. Raises MissingProgramsError, with what to do, if that cannot be."""
    packages = missing()
    if not packages:
        return
    command = f"apt-get update && apt-get install {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise MissingProgramsError(f"missing: the programs of the Debian packages {', '.join(packages)}")
    if os.geteuid() != 0:
        raise MissingProgramsError(f"missing: {', '.join(packages)}; as root, run '{command}', or this again")
    say(f"installing {', '.join(packages)}")
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = _apt_get(*arguments)
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip() or "it says nothing").splitlines()[-1]
            raise MissingProgramsError(f"missing: {', '.join(packages)}; 'apt-get {arguments[0]}' failed: {last}")
    if left := missing():
        raise MissingProgramsError(f"missing: {', '.join(left)}, although 'apt-get install' went well")


def _apt_get(*arguments):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet", *arguments]
    try:
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no end after {SECONDS} s")
