"""A crash under load, and the start after it with nothing in the page cache: seconds until the first replies."""

import os
import pathlib
import socket
import subprocess
import time

from ledger import Failure

SECONDS_OF_LOAD = 20


def measure(ledger):
    """Kills the ledger under load and starts it again."""
    largest, entries = ledger.psql(
        "grantledger", "-c",
        "SELECT t.id, count(*) FROM grantledger.entries e JOIN grantledger.tenants t ON (t.root, t.number) = (e.root, "
        "e.tenant) WHERE t.id LIKE 'bench-%-hot-%' GROUP BY t.id ORDER BY count(*) DESC LIMIT 1").split("|")
    figures = {"entries": ledger.entries(), "entries of the tenant": int(entries)}
    ledger.checkpoint()
    load = subprocess.Popen(
        [ledger.programs.tool, "bench", "hot", "--unix", ledger.socket, "--seconds", "600"], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        time.sleep(SECONDS_OF_LOAD)
        figures["MB of WAL since the checkpoint"] = float(ledger.psql(
            "postgres", "-c", "SELECT (pg_current_wal_lsn() - redo_lsn) / 1e6 FROM pg_control_checkpoint()"))
        ledger.kill()
    finally:
        load.kill()
        load.wait()
    figures["cache dropped by"] = drop_cache(ledger.data)

    figures["seconds until ready"] = ledger.start()
    begin = time.monotonic() - figures["seconds until ready"]
    for verb, line in {
        "DISBURSE": f"DISBURSE tenant={largest} award=a0 amount=1 date=2024-06-01 key=after-the-crash",
        "REMAINING": f"REMAINING tenant={largest} scheme=bench subject=s0",
    }.items():
        asked = time.monotonic()
        ask(ledger.socket, line)
        figures[f"seconds until the reply to {verb}"] = time.monotonic() - begin
        figures[f"milliseconds of them from {verb} to its reply"] = (time.monotonic() - asked) * 1_000
    # The database may publish what it counted ten seconds late.
    time.sleep(11)
    scans, blocks = ledger.psql(
        "grantledger", "-c",
        "SELECT seq_scan, heap_blks_read + idx_blks_read FROM pg_stat_user_tables "
        "JOIN pg_statio_user_tables USING (relid) WHERE relid = 'grantledger.entries'::regclass").split("|")
    figures["scans of all entries since the start"] = int(scans)
    figures["pages of entries and their indexes read until 11 s after the reply"] = int(blocks)
    return figures


def drop_cache(data):
    """What a process wrote outlives the process in the page cache, but not a loss of power."""
    os.sync()
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
        return "drop_caches"
    except OSError:
        pass
    for path in pathlib.Path(data).rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)
    return "posix_fadvise"


def ask(path, line):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(line.encode() + b"\n")
        reply = connection.makefile().readline()
    if not reply.startswith("+"):
        raise Failure(f"{line}\n{reply}")
