"""Bytes that a posting leaves on disk: in its tables with their indexes, and in the WAL."""

import contextlib
from typing import NamedTuple


class Place(NamedTuple):
    database: str
    # The first has one row for each posting.
    tables: tuple


OURS = Place("grantledger", ("grantledger.entries",))
FUNCTION = Place("baseline", ("postings",))
PGLEDGER = Place("pgledger", ("pgledger_transfers", "pgledger_entries"))


def read(ledger, place):
    sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in place.tables)
    line = ledger.psql(
        place.database, "-c", f"SELECT count(*), {sizes}, pg_current_wal_lsn() - '0/0' FROM {place.tables[0]}")
    return [int(figure) for figure in line.split("|")]


@contextlib.contextmanager
def taken(ledger, place):
    """Fills the dictionary it gives, when what runs inside has ended."""
    space = {}
    before = read(ledger, place)
    yield space
    rows, size, wal = (after - earlier for after, earlier in zip(read(ledger, place), before))
    if rows:
        space.update({"table and indexes": size / rows, "WAL": wal / rows})
