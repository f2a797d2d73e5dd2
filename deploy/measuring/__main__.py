"""Compares the ledger with others, or measures how its costs grow. deploy/bench starts it."""

import argparse
import pathlib
import sys
import time

import compare
import growth
import growth_results
import results
from ledger import Failure, Ledger


def levels(text):
    numbers = sorted({int(number) for number in text.split(",")})
    if numbers[0] < 1:
        raise ValueError
    return numbers


def main():
    parser = argparse.ArgumentParser()
    for name in ("--directory", "--daemon", "--tool", "--postgres"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pgledger")
    parser.add_argument("--output", default=pathlib.Path(__file__).parent.parent / "results")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--levels", type=levels, default=growth.LEVELS)
    options = parser.parse_args()
    if options.growth and options.pgledger:
        parser.error("--growth has no use for --pgledger")
    begin = time.monotonic()
    options.minutes = lambda: (time.monotonic() - begin) / 60
    directory = pathlib.Path(options.directory)
    try:
        if options.growth:
            growing = growth.Growth(options, directory, growth_results.write)
            growing.run()
            print("\n".join(growth_results.text(growing)))
            sys.exit(1 if growing.failures else 0)
        with Ledger(options, directory / "ledger") as ledger:
            comparison = compare.Comparison(ledger, options)
            comparison.run()
            results.write(comparison, options)
    except Failure as failure:
        sys.exit(f"bench: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


main()
