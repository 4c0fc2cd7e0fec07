# SPDX-License-Identifier: Apache-2.0
"""Timed steps, and the one error a person gets to read."""
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor


class LabError(Exception):
    """A sentence for the person in front of the terminal; ends the command with exit code 1."""


class Steps:
    """Runs named steps, prints how long each took and appends that to the instance's timings.log."""

    def __init__(self, logfile, say=print):
        self.logfile = logfile
        self.say = say
        self.lock = threading.Lock()

    def run(self, name, function, *args):
        """Runs one step and returns what it returns."""
        begin = time.monotonic()
        failed = "  FAILED"
        try:
            result = function(*args)
            failed = ""
            return result
        finally:
            self.note(f"{name:<34} {time.monotonic() - begin:7.1f} s{failed}")

    def together(self, *steps):
        """Runs steps (name, function, args...) side by side; raises the first failure once all have ended."""
        with ThreadPoolExecutor(len(steps)) as pool:
            running = [pool.submit(self.run, *step) for step in steps]
        for step in running:
            step.result()

    def note(self, text):
        """Prints a line and keeps it in timings.log."""
        line = f"{time.strftime('%H:%M:%S')} {text}"
        with self.lock:
            self.say(line, flush=True)
            with open(self.logfile, "a", encoding="utf-8") as log:
                log.write(line + "\n")


def run(argv, log, env, stdin=None):
    """Runs a program to its end, its output appended to the file `log`; returns its stdout.

    Its words are not shown when it fails: they may hold a password.
    """
    done = subprocess.run([str(part) for part in argv], env=env, input=stdin, text=True, check=False,
                          stdin=subprocess.DEVNULL if stdin is None else None,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with open(log, "a", encoding="utf-8") as out:
        out.write(f"$ {argv[0]} ...\n{done.stdout}{done.stderr}")
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise LabError(f"{argv[0]} ended with {done.returncode} "
                       f"(what it wrote is in {log}, beside it are the services' logs)\n{tail}")
    return done.stdout


# How long anything is waited for, in seconds: a multiple of what a slow and busy machine takes, for only what has gone wrong
# takes that long.
PATIENCE = 240


def wait_for(what, probe):
    """Calls `probe` until it answers something true, which it returns; gives up after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > end:
            raise LabError(f"{what}: not there after {PATIENCE} s")
        time.sleep(0.2)
