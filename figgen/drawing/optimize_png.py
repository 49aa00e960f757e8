"""A PNG from standard input, compressed without loss, to standard output.

A program of its own: pyoxipng starts threads, and a process that has started them can no longer be forked.
"""

import sys

import oxipng

_ITERATIONS = 3  # of Zopfli; more gain a thousandth each


def main() -> None:
    """Compress by two ways, and keep what is smaller."""
    png = sys.stdin.buffer.read()
    filters, deflaters = oxipng.RowFilter, oxipng.Deflaters
    ways = ((filters.NoOp, deflaters.zopfli(_ITERATIONS)), (filters.Brute, deflaters.libdeflater(12)))
    made = [oxipng.optimize_from_memory(png, level=2, filter=[way], deflate=deflate) for way, deflate in ways]
    sys.stdout.buffer.write(min(made, key=len))


if __name__ == "__main__":
    main()
