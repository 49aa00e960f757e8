"""The command line. Exit status: 0 fine, 1 something is wrong with the figures or configs, 2 wrong use."""

import io
import os
import sys
from typing import Any

import click

from figgen import __version__
from figgen.cli import building, init, posts, regression, specs
from figgen.cli.base import print_findings
from figgen.errors import ConfigError, UsageError
from figgen.site.limits import check_limits

COMMANDS = (
    init.init,
    building.build,
    building.watch,
    building.clean,
    regression.diff,
    regression.accept,
    posts.check,
    posts.snippet,
    specs.list_,
    specs.validate,
    specs.show,
    specs.describe,
    specs.new,
    specs.functions,
    specs.schema,
)


class _Commands(click.Group):
    """The commands, and what becomes of what they cannot go on from."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            print_findings(error.findings)
            sys.exit(1)
        except UsageError as error:
            raise click.UsageError(str(error)) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="figgen")
def main() -> None:
    """Draw the figures of a blog from YAML configs."""
    check_limits()


def run() -> None:
    """Run the command line, and leave without taking the interpreter apart, which costs a tenth of a short build."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # not every terminal has all letters
    try:
        main()
    except OSError as error:  # of the system as a whole, as that no more files can be open: others are told in place
        click.echo(f"figgen: {error.filename or 'the system'}: {error.strerror}", err=True)
        os._exit(1)
    except SystemExit as leaving:
        if leaving.code is not None and not isinstance(leaving.code, int):
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(leaving.code or 0)


for _command in COMMANDS:
    main.add_command(_command)
