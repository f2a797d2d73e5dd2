"""Writes how the costs grow: tables, all figures, and charts of microseconds a posting."""

import datetime
import json
import pathlib

import charts
import goals
from goals import Goal, shown
from growth import LEVELS, SCENARIOS
from results import machine

TITLES = {
    "hot p99": "p99, ms",
    "memory": "memory, MB",
    "table and indexes": "bytes of table and indexes of a disbursement",
    "WAL": "bytes of WAL",
}


def write(growth):
    output = pathlib.Path(growth.options.output)
    output.mkdir(parents=True, exist_ok=True)
    (output / "growth.md").write_text("\n".join(text(growth)) + "\n")
    figures = {
        kind: [dict(zip(("part", "what", "number", "figures"), (*name, values))) for name, values in figures.items()]
        for kind, figures in (("rates", growth.rates), ("others", growth.others))
    }
    (output / "growth.json").write_text(
        json.dumps({**figures, "crash": growth.crash, "failures": growth.failures}, indent=1) + "\n")
    for part, scenarios in (("entries", SCENARIOS), ("connections", ["hot"]), ("roots", ["roots"])):
        costs = {what: cost for what in scenarios if (cost := costs_of(growth, part, what))}
        if costs:
            (output / f"growth-{part}.svg").write_text(charts.panels(costs, part, "microseconds each"))


def costs_of(growth, part, what):
    """Microseconds of one: {number: (median, least, most)}."""
    return {
        number: (1e6 / growth.rates.median((part, what, number)), 1e6 / max(rates), 1e6 / min(rates))
        for (its_part, its_what, number), rates in growth.rates.items() if (its_part, its_what) == (part, what)
    }


def text(growth):
    options = growth.options
    shown_options = f"--growth --seconds {options.seconds} --rounds {options.rounds}"
    if options.levels != LEVELS:
        shown_options += f" --levels {','.join(map(str, options.levels))}"
    return [
        f"Measured on {datetime.date.today()} with `deploy/bench {shown_options}` on {machine()};",
        "client, daemon and PostgreSQL share them. Medians of rounds; least and most are of the rounds' own ratios.",
        "Books of many entries are filled and proven by `grantledger bench hot`, then wait for autovacuum, and are",
        f"measured in turn with a ledger made anew each round, of {options.levels[0]:,} entries. Measuring adds some.",
        "",
        *goals.table(*wanted(growth)),
        "",
        *numbers_table(growth, "entries", SCENARIOS),
        *numbers_table(growth, "connections", ["hot"], ["hot p99", "memory"]),
        *numbers_table(growth, "roots", ["roots"]),
        *numbers_table(growth, "entries", [], ["table and indexes", "WAL"]),
        *crash_table(growth.crash),
        f"All took {options.minutes():.0f} minutes, without building.",
        *[f"FAILED: {failure}" for failure in growth.failures],
    ]


def wanted(growth):
    """Goals, and the figures under the names that they have there."""
    figures, aims = goals.Figures(), []
    for level in growth.options.levels[1:]:
        for scenario in SCENARIOS:
            large = f"{scenario} at {level:,} entries"
            small = f"{scenario} at {growth.options.levels[0]:,}, in turn with {level:,}"
            aims.append(Goal(large, small, 0.9))
            for name, part in ((large, "entries"), (small, "beside")):
                if (part, scenario, level) in growth.rates:
                    figures[name] = growth.rates[part, scenario, level]
    for (part, what, number), values in growth.others.items():
        if (part, what) == ("entries", "table and indexes"):
            name = f"bytes of table and indexes at {number:,} entries"
            aims.append(Goal(name, None, 400, is_most=True))
            figures[name] = values
        elif (part, what, number) == ("connections", "memory", 10_000):
            name = "MB of the daemon's memory at 10,000 connections"
            aims.append(Goal(name, None, 150, is_most=True))
            figures[name] = values
    return aims, figures


def numbers_table(growth, part, scenarios, others=()):
    """A row for each number of entries, connections or roots."""
    numbers = sorted({
        number for its_part, what, number in (*growth.rates, *growth.others)
        if its_part == part and what in (*scenarios, *others)
    })
    if not numbers:
        return []
    titles = [title for what in scenarios for title in (f"{what} a second", "µs each")]
    titles += [TITLES[what] for what in others]
    lines = [f"| {part} | {' | '.join(titles)} |", "|---:" * (len(titles) + 1) + "|"]
    for number in numbers:
        cells = []
        for what in scenarios:
            name = (part, what, number)
            rate = growth.rates.median(name) if name in growth.rates else None
            cells += [f"{rate:,.0f}", f"{1e6 / rate:,.1f}"] if rate else ["", ""]
        for what in others:
            name = (part, what, number)
            cells.append(shown(growth.others.median(name)) if name in growth.others else "")
        lines.append(f"| {number:,} | {' | '.join(cells)} |")
    return lines + [""]


def crash_table(figures):
    if not figures:
        return []
    rows = [f"| {name} | {shown(value) if isinstance(value, float) else value} |" for name, value in figures.items()]
    return ["| a start with a cold cache after a crash under load | |", "|---|---:|", *rows, ""]
