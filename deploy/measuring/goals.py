"""Figures of several rounds, and what is wanted of them: a ratio of two, or one alone."""

import statistics
from typing import NamedTuple


def shown(number):
    return f"{number:,.{0 if number >= 100 else 2}f}"


class Figures(dict):
    """For each name a list of figures, one of each round."""

    def note(self, name, figure):
        self.setdefault(name, []).append(figure)

    def median(self, name):
        return statistics.median(self[name])


class Goal(NamedTuple):
    what: str
    # None: `what` is no part of a ratio.
    beside: str | None
    bound: float
    is_most: bool = False

    def row(self, figures):
        """Of the table, or nothing where it was not measured."""
        if any(name and name not in figures for name in (self.what, self.beside)):
            return []
        if self.beside:
            ratio = figures.median(self.what) / figures.median(self.beside)
            rounds = [ours / theirs for ours, theirs in zip(figures[self.what], figures[self.beside])]
        else:
            ratio, rounds = figures.median(self.what), figures[self.what]
        cells = [self.what, self.beside or "", *map(shown, (ratio, min(rounds), max(rounds)))]
        return [f"| {' | '.join(cells)} | {'≤' if self.is_most else '≥'} {self.bound:g} |"]


def table(goals, figures):
    rows = [row for goal in goals for row in goal.row(figures)]
    return ["| what | beside | ratio | least | most | goal |", "|---|---|---:|---:|---:|---:|", *rows]
