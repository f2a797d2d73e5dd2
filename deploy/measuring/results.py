"""Writes what was compared: a table of ratios, all figures, and a chart."""

import datetime
import json
import os
import pathlib
import statistics

import charts
import goals
from compare import GOALS, OPEN, OURS


def machine():
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} cores, {gibibytes} GiB"


def write(comparison, options):
    lines = text(comparison, options)
    output = pathlib.Path(options.output)
    output.mkdir(parents=True, exist_ok=True)
    (output / "results.md").write_text("\n".join(lines) + "\n")
    figures = {"rates": comparison.rates, "others": comparison.others, "runs": comparison.runs}
    (output / "results.json").write_text(json.dumps(figures, indent=1) + "\n")
    (output / "results.svg").write_text(charts.bars(without_lesser(comparison.rates), {*OURS, OPEN}))
    print("\n".join(lines))


def text(comparison, options):
    shown = f"--seconds {options.seconds} --rounds {options.rounds}" + (" --pgledger FILE" if options.pgledger else "")
    return [
        f"Measured on {datetime.date.today()} with `deploy/bench {shown}` on {machine()};",
        f"client, daemon and PostgreSQL share them. Medians of {options.rounds} rounds of {options.seconds} s.",
        "Each round measures each thing once; least and most are of the rounds' own ratios. Best is the best of 1, 8",
        "and 32 clients. Before each scenario with its baselines stand a VACUUM and a CHECKPOINT, so that none pays for "
        "another's.",
        "The open loop asks for half of what `hot` reached; beside it a page of 8 KiB is flushed every 20 ms.",
        "",
        *goals.table(GOALS, goals.Figures({**comparison.rates, **comparison.others})),
        "",
        "| measure | a second | least | most | p50 ms | p99 ms | p99.9 ms |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *[rate_row(name, comparison) for name in sorted(comparison.rates)],
        "",
        "| measure | median | least | most |",
        "|---|---:|---:|---:|",
        *[other_row(name, comparison.others) for name in sorted(comparison.others)],
        "",
        "Bytes are those of a posting: a disbursement of ours, one row of the function, one transfer of pgledger.",
        f"The daemon took at most {comparison.ledger.memory():.0f} MB of memory.",
        f"All took {options.minutes():.0f} minutes, without building.",
    ]


def without_lesser(rates):
    """Of a baseline with 1, 8 and 32 clients the best alone."""
    return goals.Figures({
        name: values for name, values in rates.items() if f"{name.rpartition(' ')[0]}, best" not in rates
    })


def rate_row(name, comparison):
    rates, runs = comparison.rates, comparison.runs.get(name, [])
    cells = [f"{rate:,.0f}" for rate in (rates.median(name), min(rates[name]), max(rates[name]))]
    for percentile in ("p50", "p99", "p99.9"):
        cells.append(f"{statistics.median(run[percentile] for run in runs) / 1_000:.2f}" if runs else "")
    return f"| {name} | {' | '.join(cells)} |"


def other_row(name, others):
    three = (others.median(name), min(others[name]), max(others[name]))
    return f"| {name} | {' | '.join(goals.shown(number) for number in three)} |"
