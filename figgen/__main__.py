"""Run the command line as `python -m figgen`."""

from figgen.cli import main

if __name__ == "__main__":
    main()
