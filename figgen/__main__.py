"""Run the command line as `python -m figgen`."""

from figgen.cli import run

if __name__ == "__main__":
    run()
