"""The command line. Exit status: 0 success, 1 findings or another failure, 2 usage error."""

import atexit
import io
import os
import sys
from typing import Any

import click

from figgen import __version__
from figgen.cli import building, init, posts, regression, specs
from figgen.cli.base import print_findings
from figgen.errors import ConfigError, UsageError, internal_error, printable
from figgen.site.debug import VARIABLE as DEBUG
from figgen.site.debug import log_traceback
from figgen.site.limits import check_limits
from figgen.site.streams import open_streams

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
    """The group of all commands, which turns their errors into messages and exit statuses."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            log_traceback()
            print_findings(error.findings)
            sys.exit(1)
        except UsageError as error:
            log_traceback()
            raise click.UsageError(printable(str(error))) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="figgen")
@click.option("--debug", is_flag=True, help="Print each step, and tracebacks of errors.")
def main(debug: bool) -> None:  # noqa: FBT001 - a flag
    """Draw the figures of a blog from YAML configs."""
    if debug:
        os.environ[DEBUG] = "1"
    check_limits()


def run() -> None:
    """Run the command line, and exit without finalising the interpreter, which takes a tenth of a short build."""
    open_streams()
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # not every terminal has all characters
    try:
        main()
    except OSError as error:  # of the system as a whole, such as too many open files; others are reported in place
        log_traceback()
        _exit(1, f"figgen: {error.filename}: {error.strerror}" if error.filename else f"figgen: {error.strerror}")
    except Exception as error:  # noqa: BLE001 - a bug in figgen
        log_traceback()
        _exit(1, f"figgen: {internal_error(error)}")
    except SystemExit as error:
        if error.code is not None and not isinstance(error.code, int):
            raise
        _exit(error.code or 0)


def _exit(status: int, message: str = "") -> None:
    """Print a message to standard error, flush both streams, and end the process at once."""
    if message:
        click.echo(printable(message), err=True)
    atexit._run_exitfuncs()  # noqa: SLF001 - of libraries: matplotlib may have a temporary folder to remove
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # such as a full disk: what was to be printed is lost
        status = status or 1
    os._exit(status)


for _command in COMMANDS:
    main.add_command(_command)
