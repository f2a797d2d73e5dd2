"""A daemon with its private PostgreSQL in a directory of its own, and the programs that speak to both."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time


class Failure(Exception):
    """A program did not do what was asked of it; says what it said."""


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


class Ledger:
    def __init__(self, programs, directory):
        """`programs` has the paths `daemon` and `tool`, and `postgres`, the folder of PostgreSQL's programs."""
        self.programs = programs
        self.directory = pathlib.Path(directory)
        self.data = self.directory / "data"
        self.socket = self.data / "grantledger.sock"
        self.process = None

    # The daemon

    def start(self):
        """Returns when it is ready; answers how many seconds that took."""
        self.directory.mkdir(exist_ok=True)
        self.directory.chmod(0o755)
        begin = time.monotonic()
        with open(self.directory / "log", "a") as log:
            # A process group of its own: an interrupt ends the measuring first, and that ends the daemon.
            self.process = subprocess.Popen(
                [self.programs.daemon, "--data", self.data, "--port", "0"], stdout=subprocess.PIPE, stderr=log,
                text=True, process_group=0)
        # By this deploy/bench ends it where the measuring could not.
        self.pid_file.write_text(f"{self.process.pid}\n")
        if not self.process.stdout.readline():
            self.ended()
            raise Failure("the daemon does not start:\n" + (self.directory / "log").read_text()[-1_000:])
        return time.monotonic() - begin

    @property
    def pid_file(self):
        return self.directory / "daemon.pid"

    def ended(self):
        self.process.wait()
        self.process.stdout.close()
        self.pid_file.unlink()
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.ended()

    def kill(self):
        """The daemon first, which would start PostgreSQL again; all at once as at the loss of power."""
        postmaster = (self.data / "postgres/postmaster.pid").read_text().split()[0]
        family = [postmaster]
        for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                if status.read_text().rpartition(")")[2].split()[1] == postmaster:
                    family.append(status.parent.name)
            except OSError:
                pass  # It has ended meanwhile.
        self.process.kill()
        for process in family:
            try:
                os.kill(int(process), signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.ended()
        while any(os.path.exists(f"/proc/{process}") for process in family):
            time.sleep(0.01)

    def memory(self):
        """The most that the daemon had resident, in MB; since the reset, where one is allowed."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1_024 / 1e6

    def reset_memory(self):
        try:
            pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        except OSError:
            pass

    def bench(self, *arguments, seconds, warm_up=1, while_loaded=None):
        """What `grantledger bench` measured. `while_loaded` is called with True when requests begin, False at their
        end: before that the books are set up, and after it they are proven."""
        command = [
            self.programs.tool, "bench", *map(str, arguments), "--unix", self.socket, "--json", "--warm-up",
            str(warm_up), "--seconds", str(seconds),
        ]
        said = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                said.append(line)
                if while_loaded:
                    while_loaded("setting up" not in line and "proving" not in line)
            result = process.stdout.read()
        if process.returncode != 0:
            raise Failure(f"{' '.join(map(str, command))}\n{''.join(said)}")
        return json.loads(result)

    def bench_help(self):
        return run([self.programs.tool, "bench", "--help"])

    # Its PostgreSQL

    def postgres(self, program, *arguments):
        return run([
            f"{self.programs.postgres}/{program}", "-h", self.data / "postgres", "-p", "5432", "-U", "postgres",
            *arguments,
        ])

    def psql(self, database, *arguments):
        return self.postgres("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments).strip()

    def pgbench(self, database, script, clients, seconds):
        """Transactions a second."""
        text = self.postgres(
            "pgbench", "-n", "-M", "prepared", "-T", str(seconds), "-c", str(clients), "-j", str(min(clients, 2)),
            "-f", script, database)
        return float(re.search(r"tps = ([0-9.]+) \(without", text)[1])

    def settle(self):
        """What was written before shall be neither flushed nor vacuumed at the cost of what is measured next."""
        names = self.psql("postgres", "-c", "SELECT datname FROM pg_database WHERE datallowconn").split()
        for name in names:
            self.psql(name, "-c", "VACUUM (ANALYZE, SKIP_LOCKED)")
        self.checkpoint()

    def checkpoint(self):
        self.psql("postgres", "-c", "CHECKPOINT")

    def rest(self, seconds=180):
        """Waits until autovacuum is through with what was filled, then makes a checkpoint."""
        workers = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
        end = time.monotonic() + seconds
        while self.psql("postgres", "-c", workers) != "0" and time.monotonic() < end:
            time.sleep(1)
        self.checkpoint()

    def entries(self):
        return int(self.psql("grantledger", "-c", "SELECT count(*) FROM grantledger.entries"))
