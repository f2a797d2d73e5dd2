"""What a posting costs against the entries in the books, the connections and the roots; then a start after a crash."""

import contextlib
import resource
import shutil

import crash
import goals
import space
from ledger import Failure, Ledger, say

LEVELS = [10_000, 1_000_000, 10_000_000]
SCENARIOS = ("hot", "spread", "remaining", "lone")
# In flight on each: 512 in all where that can be, so that the connections alone differ.
CONNECTIONS = {1: 512, 8: 64, 32: 16, 128: 4, 1_000: 1, 10_000: 1}
ROOTS = (1, 2, 4, 8, 16, 32, 64)
SECONDS_OF_ONE_FILL = 60


class Growth:
    def __init__(self, options, directory, write):
        """`write` is called after each part with this, so that a later failure costs no earlier result."""
        self.options = options
        self.directory = directory
        self.write = write
        # By (part, what, number), such as ("entries", "hot", 1000000); part "beside" are fresh ledgers in turn with it.
        self.rates = goals.Figures()
        self.others = goals.Figures()
        # Of the start after a crash, by their names.
        self.crash = {}
        self.failures = []

    def run(self):
        allow_open_files(max(CONNECTIONS) + 1_000)
        with Ledger(self.options, self.directory / "large") as large:
            for level in self.options.levels:
                self.level(large, level)
                self.write(self)
            with self.fresh() as ledger:
                for measure in (self.connections, self.roots):
                    for number in range(self.options.rounds):
                        say(f"round {number + 1} of {self.options.rounds}")
                        measure(ledger)
                    self.write(self)
            say("a crash under load, and a start with a cold cache")
            self.crash = crash.measure(large)
            self.write(self)

    @contextlib.contextmanager
    def fresh(self):
        """A ledger with as few entries as the first level has."""
        with Ledger(self.options, self.directory / "small") as ledger:
            self.fill(ledger, self.options.levels[0])
            yield ledger
        shutil.rmtree(ledger.directory)

    def fill(self, ledger, level):
        """The loads that fill the books are proven like those that are measured."""
        rate = 10_000
        while (missing := level - ledger.entries()) > 0:
            say(f"{level - missing:,} of {level:,} entries")
            if missing > 2 * rate:
                seconds = min(SECONDS_OF_ONE_FILL, missing // rate)
                rate = max(1, ledger.bench("hot", seconds=seconds, warm_up=0)["rate"])
            else:
                # At a set rate, to meet the number; the budget and the awards are entries too.
                ledger.bench("hot", "--rate", max(1, missing - 1_001), seconds=1, warm_up=0)

    # Each round measures everything once, and a large ledger beside a fresh one.

    def level(self, large, level):
        first = self.options.levels[0]
        if level > first:
            self.fill(large, level)
            large.rest()
        for number in range(self.options.rounds):
            say(f"{level:,} entries, round {number + 1} of {self.options.rounds}")
            with self.fresh() as small:
                for scenario in SCENARIOS:
                    self.measure(small, "beside" if level > first else "entries", scenario, level, scenario)
                    if level > first:
                        self.measure(large, "entries", scenario, level, scenario)

    def connections(self, ledger):
        for connections, in_flight in CONNECTIONS.items():
            ledger.reset_memory()
            arguments = ["--connections", connections, "--in-flight", in_flight]
            if self.measure(ledger, "connections", "hot", connections, "hot", *arguments):
                self.others.note(("connections", "memory", connections), ledger.memory())

    def roots(self, ledger):
        if "--roots" not in ledger.bench_help():
            return say("this grantledger has no bench --roots: left out")
        for roots in ROOTS:
            self.measure(ledger, "roots", "roots", roots, "roots", "--roots", roots)

    def measure(self, ledger, part, what, number, *arguments):
        """Whether it could be measured."""
        ledger.checkpoint()
        try:
            with space.taken(ledger, space.OURS) as taken:
                result = ledger.bench(*arguments, seconds=self.options.seconds)
        except Failure as failure:
            say(f"{part}, {what}, {number:,}: {failure}")
            self.failures.append(f"{part}, {what}, {number:,}: {str(failure).splitlines()[-1]}")
            return False
        rate = result["replies"] / result["seconds"]
        say(f"{part}, {what}, {number:,}: {rate:,.0f} a second")
        self.rates.note((part, what, number), rate)
        self.others.note((part, f"{what} p99", number), result["p99"] / 1_000)
        if what == "hot":
            for kind, size in taken.items():
                self.others.note((part, kind, number), size)
        return True


def allow_open_files(count):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(count, hard), max(count, hard)))
    except ValueError:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        say(f"only {hard} files may be open, and 10,000 connections need {count}")
