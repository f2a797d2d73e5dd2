"""How many milliseconds the disk takes to make one page of 8 KiB durable, idle and beside a load."""

import os
import statistics
import threading
import time


class PageWriter:
    def __init__(self, directory):
        self.path = f"{directory}/fsync.probe"

    def __enter__(self):
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        self.write()  # Takes its place on the disk.
        return self

    def write(self):
        os.pwrite(self.file, b"x" * 8_192, 0)
        begin = time.monotonic()
        os.fdatasync(self.file)
        return (time.monotonic() - begin) * 1_000

    def __exit__(self, *_):
        os.close(self.file)
        os.unlink(self.path)


def idle(directory):
    with PageWriter(directory) as page:
        return statistics.median(page.write() for _ in range(300))


class Beside:
    """Writes a page every 20 ms for as long as it is on."""

    def __init__(self, directory):
        self.directory = directory
        self.is_on = False
        self.times = []
        self.end = threading.Event()

    def switch(self, is_on):
        self.is_on = is_on

    def __enter__(self):
        self.thread = threading.Thread(target=self.probe)
        self.thread.start()
        return self

    def probe(self):
        with PageWriter(self.directory) as page:
            while not self.end.wait(0.02):
                if self.is_on:
                    self.times.append(page.write())

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()

    @property
    def median(self):
        return statistics.median(self.times)
