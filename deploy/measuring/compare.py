"""Our scenarios beside what else PostgreSQL can do, in turn: each round measures each thing once."""

import contextlib
import pathlib
import time

import fsync
import goals
import space
from goals import Goal
from ledger import say

BASELINE = pathlib.Path(__file__).parent.parent / "baseline"
CLIENTS = (1, 8, 32)
OPEN = "hot, open loop at half"
# In the order in which they are measured.
OURS = {
    "hot 32x16": ["hot"],
    "hot 32x1": ["hot", "--in-flight", "1"],
    "spread 32x16": ["spread"],
    "roots 32x16": ["roots"],
    "mixed 32x16": ["mixed"],
    "remaining 32x16": ["remaining"],
    "refuse 32x16": ["refuse"],
    "lone": ["lone"],
}
# On a machine where the function made 3,300 a second, TigerBeetle made 2,300 in batches of 1.
TIGERBEETLE = "TigerBeetle's batches of 1, taken as 2300/3300 of function hot 32"
GOALS = [
    Goal("hot 32x16", "function hot, best", 8),
    Goal("hot 32x16", "pgledger hot, best", 20),
    Goal("hot 32x1", "function hot 32", 3),
    Goal("hot 32x1", TIGERBEETLE, 3),
    Goal("spread 32x16", "function random, best", 5),
    Goal("spread 32x16", "pgledger random, best", 15),
    Goal("spread 32x16", "pgledger random by hundreds, best", 3),
    Goal("hot 32x16", "spread 32x16", 0.9),
    Goal("roots 32x16", "hot 32x16", 1),
    Goal("hot 32x16", "binary COPY", 0.3),
    Goal("lone", "function hot 1", 0.8),
    Goal("p99 of the open loop, ms", "fsync beside the open loop, ms", 8, is_most=True),
    Goal("p99.9 of the open loop, ms", "fsync beside the open loop, ms", 20, is_most=True),
    Goal("remaining 32x16", "pgbench select 32x16", 1),
    Goal("hot, bytes of table and indexes", None, 400, is_most=True),
]


class Comparison:
    def __init__(self, ledger, options):
        self.ledger = ledger
        self.options = options
        # Postings or answers a second.
        self.rates = goals.Figures()
        # Milliseconds, bytes, and what was not measured itself.
        self.others = goals.Figures()
        self.runs = {}

    def run(self):
        ledger, options = self.ledger, self.options
        ledger.psql("postgres", "-c", "CREATE DATABASE baseline")
        ledger.psql("baseline", "-f", BASELINE / "posting.sql")
        if options.pgledger:
            ledger.psql("postgres", "-c", "CREATE DATABASE pgledger")
            ledger.psql("pgledger", "-f", options.pgledger)
            ledger.psql("pgledger", "-f", BASELINE / "pgledger.sql")
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            self.others.note("fsync on the idle disk, ms", fsync.idle(ledger.data))
            for name, arguments in OURS.items():
                ledger.settle()
                if name == "hot 32x16":
                    self.hot(name, arguments)
                else:
                    self.ours(name, arguments)
                    self.beside(name)

    def note(self, name, rate):
        self.rates.note(name, rate)
        say(f"{name}: {rate:,.0f} a second")

    def ours(self, name, arguments, **more):
        result = self.ledger.bench(*arguments, seconds=self.options.seconds, **more)
        self.runs.setdefault(name, []).append(result)
        self.note(name, result["replies"] / result["seconds"])
        return result

    def hot(self, name, arguments):
        with self.bytes_of("hot", space.OURS):
            self.ours(name, arguments)
        with self.bytes_of("function hot", space.FUNCTION):
            self.best("function hot", "hot.pgbench")
        if self.options.pgledger:
            with self.bytes_of("pgledger hot", space.PGLEDGER):
                self.best("pgledger hot", "pgledger-hot.pgbench", "pgledger")
        self.copy()
        self.others.note(TIGERBEETLE, self.rates["function hot 32"][-1] * 2_300 / 3_300)
        self.ledger.settle()
        rate = max(1, int(self.rates.median(name) / 2))
        with fsync.Beside(self.ledger.data) as probe:
            result = self.ours(OPEN, [*arguments, "--rate", rate], while_loaded=probe.switch)
        self.others.note("fsync beside the open loop, ms", probe.median)
        for percentile in ("p99", "p99.9"):
            self.others.note(f"{percentile} of the open loop, ms", result[percentile] / 1_000)

    @contextlib.contextmanager
    def bytes_of(self, name, place):
        """Notes what each posting takes that is made inside."""
        with space.taken(self.ledger, place) as taken:
            yield
        for kind, size in taken.items():
            self.others.note(f"{name}, bytes of {kind}", size)

    def beside(self, name):
        if name == "spread 32x16":
            self.best("function random", "random.pgbench")
            if self.options.pgledger:
                self.best("pgledger random", "pgledger-random.pgbench", "pgledger")
                self.best("pgledger random by hundreds", "pgledger-hundred.pgbench", "pgledger", each=100)
        elif name == "remaining 32x16":
            self.pgbench("pgbench select 32x16", "read.pgbench", 32, each=16)

    def best(self, name, script, database="baseline", each=1):
        rates = [self.pgbench(f"{name} {clients}", script, clients, database, each) for clients in CLIENTS]
        self.rates.note(f"{name}, best", max(rates))

    def pgbench(self, name, script, clients, database="baseline", each=1):
        rate = self.ledger.pgbench(database, BASELINE / script, clients, self.options.seconds) * each
        self.note(name, rate)
        return rate

    def copy(self):
        """Rows of our own entries, as many as there are up to 300,000."""
        file = self.ledger.data / "entries.copy"
        rows = "FROM grantledger.entries LIMIT 300000"
        count = int(self.ledger.psql("grantledger", "-c", f"SELECT count(*) FROM (SELECT {rows}) e"))
        self.ledger.psql("grantledger", "-f", BASELINE / "copy.sql")
        self.ledger.psql("grantledger", "-c", f"\\copy (SELECT * {rows}) TO '{file}' BINARY")
        begin = time.monotonic()
        self.ledger.psql("grantledger", "-c", f"\\copy copied FROM '{file}' BINARY")
        self.note("binary COPY", count / (time.monotonic() - begin))
        file.unlink()
