"""Runs the scenarios and their baselines in turn on one PostgreSQL, and writes ratios. deploy/bench starts it."""

import argparse
import datetime
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

BASELINE = pathlib.Path(__file__).parent / "baseline"

# What is compared: our scenario, what it is divided by, and the least ratio that is wanted.
GOALS = [
    ("hot 32x16", "function hot, best", 8.0),
    ("hot 32x1", "function hot 32", 3.0),
    ("spread 32x16", "function random 32", 5.0),
    ("hot 32x16", "spread 32x16", 0.9),
    ("roots 32x16", "hot 32x16", 1.0),
    ("hot 32x16", "binary COPY", 0.3),
    ("lone", "function hot 1", 0.8),
    ("remaining 32x16", "pgbench select 32x16", 1.0),
    ("hot 32x16", "pgledger hot, best", 20.0),
    ("spread 32x16", "pgledger random 32", 15.0),
]
OURS = [
    ("hot 32x16", ["hot"]),
    ("hot 32x1", ["hot", "--in-flight", "1"]),
    ("spread 32x16", ["spread"]),
    ("roots 32x16", ["roots"]),
    ("mixed 32x16", ["mixed"]),
    ("remaining 32x16", ["remaining"]),
    ("refuse 32x16", ["refuse"]),
    ("lone", ["lone"]),
]


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options):
        self.options = options
        # name: figures of one measure each, a second
        self.rates = {}
        self.latencies = {}
        self.server = ["-h", str(pathlib.Path(options.data) / "postgres"), "-p", "5432", "-U", "postgres"]

    def run(self, command, **more):
        done = subprocess.run(command, capture_output=True, text=True, **more)
        if done.returncode != 0:
            sys.exit(f"bench: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def program(self, name, *arguments):
        return self.run([f"{self.options.programs}/{name}", *self.server, *arguments])

    def psql(self, database, *arguments):
        return self.program("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments)

    def note(self, name, rate):
        self.rates.setdefault(name, []).append(rate)
        say(f"{name}: {rate:,.0f} a second")

    # What is measured

    def ours(self, name, arguments):
        line = self.run([
            self.options.tool, "bench", "--unix", f"{self.options.data}/grantledger.sock", "--json", "--warm-up", "1",
            "--seconds", str(self.options.seconds), *arguments,
        ])
        result = json.loads(line)
        self.latencies.setdefault(name, []).append(result)
        self.note(name, result["replies"] / result["seconds"])

    def pgbench(self, name, script, clients, database="baseline", each=1):
        text = self.program(
            "pgbench", "-n", "-M", "prepared", "-T", str(self.options.seconds), "-c", str(clients), "-j",
            str(min(clients, 2)), "-f", str(script), database)
        found = re.search(r"tps = ([0-9.]+) \(without", text)
        self.note(name, float(found[1]) * each)

    def copy(self):
        """Rows of our own entries, as many as there are up to 300,000."""
        self.psql("grantledger", "-f", str(BASELINE / "copy.sql"))
        file = pathlib.Path(self.options.data) / "entries.copy"
        rows = "FROM grantledger.entries LIMIT 300000"
        count = int(self.psql("grantledger", "-c", f"SELECT count(*) FROM (SELECT {rows}) e"))
        self.psql("grantledger", "-c", f"\\copy (SELECT * {rows}) TO '{file}' BINARY")
        begin = time.monotonic()
        self.psql("grantledger", "-c", f"\\copy copied FROM '{file}' BINARY")
        self.note("binary COPY", count / (time.monotonic() - begin))
        file.unlink()

    def fsync(self):
        """Median milliseconds of one synchronous write of a page beside the database."""
        file = os.open(f"{self.options.data}/fsync.probe", os.O_RDWR | os.O_CREAT, 0o600)
        times = []
        for _ in range(300):
            os.pwrite(file, b"x" * 8192, 0)
            begin = time.monotonic()
            os.fdatasync(file)
            times.append((time.monotonic() - begin) * 1000)
        os.close(file)
        os.unlink(f"{self.options.data}/fsync.probe")
        return statistics.median(times)

    def measure(self):
        self.psql("postgres", "-c", "CREATE DATABASE baseline")
        self.psql("baseline", "-f", str(BASELINE / "posting.sql"))
        if self.options.pgledger:
            self.psql("postgres", "-c", "CREATE DATABASE pgledger")
            self.psql("pgledger", "-f", self.options.pgledger)
            self.psql("pgledger", "-f", str(BASELINE / "pgledger.sql"))
        fsyncs = []
        for number in range(self.options.rounds):
            say(f"round {number + 1} of {self.options.rounds}")
            fsyncs.append(self.fsync())
            for name, arguments in OURS:
                self.ours(name, arguments)
                self.beside(name)
        hot = statistics.median(self.rates["hot 32x16"])
        self.ours("hot, open loop at half", ["hot", "--rate", str(max(1, int(hot / 2)))])
        return statistics.median(fsyncs)

    def beside(self, name):
        """The baselines of a scenario, measured right after it."""
        if name == "hot 32x16":
            for clients in (1, 8, 32):
                self.pgbench(f"function hot {clients}", BASELINE / "hot.pgbench", clients)
                if self.options.pgledger:
                    self.pgbench(f"pgledger hot {clients}", BASELINE / "pgledger-hot.pgbench", clients, "pgledger")
            self.copy()
        elif name == "spread 32x16":
            self.pgbench("function random 32", BASELINE / "random.pgbench", 32)
            if self.options.pgledger:
                self.pgbench("pgledger random 32", BASELINE / "pgledger-random.pgbench", 32, "pgledger")
        elif name == "remaining 32x16":
            self.pgbench("pgbench select 32x16", BASELINE / "read.pgbench", 32, each=16)

    # What is written

    def medians(self):
        medians = {name: statistics.median(rates) for name, rates in self.rates.items()}
        for kind in ("function", "pgledger"):
            hot = [medians[f"{kind} hot {n}"] for n in (1, 8, 32) if f"{kind} hot {n}" in medians]
            if hot:
                medians[f"{kind} hot, best"] = max(hot)
        return medians

    def bytes_of_entry(self):
        return float(self.psql(
            "grantledger", "-c",
            "SELECT pg_total_relation_size('grantledger.entries')::float8 / count(*) FROM grantledger.entries"))

    def daemon_memory(self):
        status = pathlib.Path(f"/proc/{self.options.daemon}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def write(self, fsync):
        medians = self.medians()
        machine = f"{os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 30} GiB"
        rounds = f"{self.options.rounds} rounds of {self.options.seconds} s"
        lines = [
            f"Measured on {datetime.date.today()} with `deploy/bench {' '.join(self.options.shown)}`",
            f"on {machine}; client, daemon and PostgreSQL share them. Medians of {rounds}, measured in turn;",
            f"fsync of a page took {fsync:.2f} ms in the median.",
            "",
            "| what | beside | ratio | goal |",
            "|---|---|---:|---:|",
        ]
        for name, other, goal in GOALS:
            if name in medians and other in medians:
                lines.append(f"| {name} | {other} | {medians[name] / medians[other]:.2f} | {goal} |")
        lines += ["", "| measure | a second | least | most | p50 ms | p99 ms | p99.9 ms |", "|---|---:|---:|---:|---:|---:|---:|"]
        for name, rates in sorted(self.rates.items()):
            times = ["", "", ""]
            if name in self.latencies:
                times = [
                    f"{statistics.median(r[p] for r in self.latencies[name]) / 1000:.2f}" for p in ("p50", "p99", "p99.9")
                ]
            lines.append(f"| {name} | {medians[name]:,.0f} | {min(rates):,.0f} | {max(rates):,.0f} | {' | '.join(times)} |")
        lines += [
            "",
            f"An entry takes {self.bytes_of_entry():.0f} bytes of table and indexes; the daemon took at most "
            f"{self.daemon_memory():.0f} MiB of memory.",
        ]
        output = pathlib.Path(self.options.output)
        output.mkdir(parents=True, exist_ok=True)
        (output / "results.md").write_text("\n".join(lines) + "\n")
        (output / "results.json").write_text(json.dumps({"rates": self.rates, "runs": self.latencies}, indent=1) + "\n")
        (output / "results.svg").write_text(chart(sorted(self.rates, key=medians.get, reverse=True), medians, self.rates))
        print("\n".join(lines))


def chart(names, medians, rates):
    """Bars of all measures, on a logarithmic scale from 100 a second, with a line from the least to the most."""
    left, width, row = 200, 560, 22

    def length(rate):
        return max(0, math.log10(max(rate, 1) / 100)) / math.log10(max(max(r) for r in rates.values()) / 100) * width

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 100}" height="{row * len(names) + 20}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for number, name in enumerate(names):
        top = 10 + number * row
        is_ours = any(name == ours for ours, _ in OURS) or name.startswith("hot,")
        bar, low, high = length(medians[name]), length(min(rates[name])), length(max(rates[name]))
        color = "#2b6cb0" if is_ours else "#a0aec0"
        parts += [
            f'<text x="{left - 8}" y="{top + 14}" text-anchor="end">{name}</text>',
            f'<rect x="{left}" y="{top + 3}" width="{bar:.1f}" height="15" fill="{color}"/>',
            f'<line x1="{left + low:.1f}" x2="{left + high:.1f}" y1="{top + 10}" y2="{top + 10}" stroke="#1a202c"/>',
            f'<text x="{left + high + 6:.1f}" y="{top + 14}">{medians[name]:,.0f}/s</text>',
        ]
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser()
    for name in ("--data", "--tool", "--daemon", "--programs"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pgledger")
    parser.add_argument("--output", default=str(BASELINE.parent / "results"))
    options = parser.parse_args()
    options.shown = [f"--seconds {options.seconds}", f"--rounds {options.rounds}"]
    if options.pgledger:
        options.shown.append("--pgledger FILE")
    bench = Bench(options)
    bench.write(bench.measure())


main()
