"""What `figgen --debug` prints to standard error: the steps that are taken, and tracebacks."""

import os
import sys
import time

VARIABLE = "FIGGEN_DEBUG"  # an environment variable reaches every worker process

_STARTED = time.monotonic()


def log_step(step: str) -> None:
    """Print a step with the time since the start and the process that takes it."""
    if VARIABLE in os.environ:
        print(f"{time.monotonic() - _STARTED:8.3f} s [{os.getpid()}] {step}", file=sys.stderr, flush=True)  # noqa: T201


def log_traceback() -> None:
    """Print the traceback of the exception that is being handled."""
    if VARIABLE in os.environ:
        import traceback

        traceback.print_exc()
