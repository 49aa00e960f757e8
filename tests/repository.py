"""Real git repositories, out of reach of the machine's settings and of the repository that the tests are in."""

import os
import subprocess


def git(folder, *command):
    """Run git in a folder, and give what it prints."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    person = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *person, *command], cwd=folder, env=outside | settings, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder):
    """Commit all that is in a folder, in a repository that is made where there is none."""
    if not (folder / ".git").exists():
        git(folder, "init")
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "a commit")
