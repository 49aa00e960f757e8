"""Commands about posts: they check what posts refer to, and write the lines for it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from figgen.cli.base import find_targets, format_option, root_option, say_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from figgen.errors import Finding
    from figgen.posts.jekyll import Post


@click.command()
@click.option(
    "--posts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check the posts of this folder instead of the site's posts and pages.",
)
@click.option("--fix", is_flag=True, help="Write into the posts what is certain: alt texts, sizes, dark images.")
@click.option("--dry-run", is_flag=True, help="With --fix: show what would change, and write nothing.")
@format_option(["text", "json", "github"], "Lines for people, a JSON list, or GitHub's workflow commands.")
@root_option
def check(folder: Path | None, form: str, root: Path | None, **flags: bool) -> None:
    """Check that posts, configs and artefacts agree, before Jekyll runs."""
    from figgen.errors import FORMATS, ConfigError
    from figgen.posts.check import Closure, Site
    from figgen.posts.fix import difference, mend, save
    from figgen.posts.jekyll import find_posts, posts_below, read_post, read_settings
    from figgen.posts.references import read_references
    from figgen.site.files import SiteFiles

    if flags["dry_run"] and not flags["fix"]:
        raise click.UsageError("--dry-run goes with --fix: a check writes nothing")
    root, targets, findings = find_targets((), root)
    findings = list(findings)
    settings, site = read_settings(root), Site(root, targets)
    posts = find_posts(root, settings) if folder is None else posts_below(folder)
    if flags["fix"] and not flags["dry_run"]:
        _begin_to_write(root, root if folder is None else folder, posts)
    files, closure = SiteFiles(root if folder is None else folder), Closure(site)
    wrong = checked = 0
    for post in posts:
        found: list[Finding] = []
        try:
            content = read_post(files, post)
            if content is None:
                continue
            if flags["fix"] and (mended := mend(content, post.path, settings, site)) != content:
                if flags["dry_run"]:
                    click.echo(difference(content, mended, post.path), nl=False, err=form != "text")
                else:
                    save(post, mended)
                    click.echo(f"mended {post.path}", err=True)
                content = mended
            found += closure.check(read_references(content, post.path, settings))
        except ConfigError as error:
            found += error.findings
        checked += 1
        wrong += bool(found)
        findings += found
    if not checked:
        raise click.UsageError(f"no posts in {root if folder is None else folder}: name their folder with --posts")
    unused = list(closure.unused())
    findings = sorted([*findings, *unused])
    if form == "json" or findings:
        click.echo(FORMATS[form](findings))
    used = len(targets) - len(unused)
    summary = f"posts: {checked - wrong} fine, {wrong} wrong; figures: {used} used, {len(unused)} unused"
    click.echo(summary, err=True)
    sys.exit(bool(findings))


def _begin_to_write(root: Path, folder: Path, posts: "Sequence[Post]") -> None:
    """Hold the site until the command ends, and remove what one that was killed left behind."""
    from figgen.build.site_lock import remove_temp_files, site_lock

    click.get_current_context().with_resource(site_lock(root, say_waiting))
    remove_temp_files(folder, {post.name.rpartition("/")[0] for post in posts})


@click.command()
@click.argument("name")
@root_option
def snippet(name: str, root: Path | None) -> None:
    """Print the lines that show a figure in a post: NAME is Post/name, a config, or a name that one post has."""
    from figgen.config.load import load_document
    from figgen.posts.check import Site
    from figgen.posts.snippet import front_matter, lines, named, parts
    from figgen.site.files import SiteFiles

    root, targets, _ = find_targets((), root)
    target = named(targets, name)
    site = Site(root, targets)
    figure = parts(site, target)
    stale = dict.fromkeys(site.steps[path] for path in figure if not site.is_fresh(path))
    for step in stale:
        reasons = ", ".join(map(str, step.reasons))
        message = f"{step.target.artefact} is not up to date ({reasons}): run 'figgen build {step.target.config}'"
        click.echo(message, err=True)
    if stale:
        sys.exit(1)
    title = load_document(SiteFiles(root), target.config).data.get("title")
    if card := [*front_matter(site, target)]:
        click.echo("\n".join([*card, ""]))  # the empty line parts front matter from post
    click.echo("\n".join(lines(site, figure, title)))
