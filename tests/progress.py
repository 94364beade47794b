"""A pytest plugin that says what runs: pytest -p tests.progress.

A line for each file when its last test is done, a failure at once, and, where nothing was said for
a while, what is running. In place of the dots, which say little when thousands of tests run on
several processes.
"""

import threading
import time
from collections import Counter, defaultdict

import pytest

SILENCE = 20  # seconds


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config), "progress-of-files")


class Progress:
    """Counts per file, in the process that reports: the only one, or the one that leads."""

    def __init__(self, config):
        self.config, self.start = config, time.monotonic()
        self.left, self.outcomes, self.seconds = Counter(), defaultdict(Counter), Counter()
        self.running, self.done, self.total = {}, 0, 0
        self.said, self.over = time.monotonic(), threading.Event()

    def say(self, text):
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        passed = time.monotonic() - self.start
        reporter.write_line(f"{passed // 60:3.0f}:{passed % 60:02.0f} {self.share():4.0%}  {text}")
        reporter.flush()
        self.said = time.monotonic()

    def share(self):
        return self.done / self.total if self.total else 0

    def count(self, ids):
        if not self.total:
            self.total = len(ids)
            self.left.update(name.partition("::")[0] for name in ids)

    def pytest_collection_finish(self, session):
        self.count([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node, ids):
        self.count(ids)

    def pytest_runtestloop(self):
        # Names of files without dots behind them.
        self.config.pluginmanager.get_plugin("terminalreporter").showfspath = False
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while not self.over.wait(1):
            if time.monotonic() - self.said > SILENCE and self.running:
                self.say("running: " + ", ".join(sorted(self.running.copy())))

    def pytest_runtest_logstart(self, nodeid):
        self.running[nodeid] = True

    def pytest_runtest_logfinish(self, nodeid):
        self.running.pop(nodeid, None)
        self.done += 1
        file = nodeid.partition("::")[0]
        self.left[file] -= 1
        if self.left[file] == 0:
            found = self.outcomes[file]
            words = ", ".join(f"{found[word]} {word}" for word in ("passed", "failed", "skipped")
                              if found[word])
            self.say(f"{file}: {words} in {self.seconds[file]:.1f} s")

    def pytest_runtest_logreport(self, report):
        file = report.nodeid.partition("::")[0]
        self.seconds[file] += report.duration
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[file][report.outcome] += 1
        if report.failed:
            self.say(f"FAILED {report.nodeid}")

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self):
        category, letter, word = yield
        return category, "", "" if category in ("passed", "") else word

    def pytest_sessionfinish(self):
        self.over.set()
