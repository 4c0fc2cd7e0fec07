# SPDX-License-Identifier: Apache-2.0
"""Daemons, each known by a pidfile of ours and never by a name."""
import errno
import os
import signal
import socket
import subprocess
import time

from placementlab.layout import environment
from placementlab.steps import LabError, wait_for

STOP_SECONDS = 20


def started_at(pid):
    """The start time of a process in clock ticks since boot, None when it is gone or a zombie.

    Field 22 of /proc/PID/stat; the fields are counted after the last `)`, as a program's name may hold anything
    (proc(5)). A pid that was given to another process has another start time.
    """
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def pid_of(instance, name):
    """The pid of a daemon of ours, None when it does not run."""
    try:
        pid, start = (int(word) for word in pidfile(instance, name).read_text(encoding="ascii").split())
    except (FileNotFoundError, ValueError):
        return None
    return pid if started_at(pid) == start else None


def pidfile(instance, name):
    """The file with the pid and the start time of a daemon."""
    return instance.path("run", name + ".pid")


def daemons(instance):
    """The names of all daemons that were started and not stopped."""
    return sorted(file.name.removesuffix(".pid") for file in instance.path("run").glob("*.pid"))


def start(instance, name, argv, ports=(), env=None):
    """Starts a daemon as leader of a session of its own, unless it runs; tells whether it did."""
    if pid_of(instance, name):
        return False
    for service in ports:
        require_free(instance, service)
    with open(instance.path("log", name + ".out"), "ab") as out:
        process = subprocess.Popen([str(part) for part in argv], env=env or environment(), stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=out, start_new_session=True, cwd="/")
    pidfile(instance, name).write_text(f"{process.pid} {started_at(process.pid)}\n", encoding="ascii")
    return True


def require_free(instance, service):
    """Refuses when something that is not ours listens on the port of a service."""
    port = instance.port(service)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise LabError(f"port {port} ({service} of {instance.name}) is taken by a process that this lab did not start; "
                           "end it, or set LAB_PORT_BASE to move all ports of the lab") from None


def wait_until(instance, name, seconds, probe):
    """Waits for a daemon to answer; fails at once when it dies, with the last lines it wrote."""
    def look():
        if not pid_of(instance, name):
            raise LabError(f"{name} of {instance.name} died:\n{last_words(instance, name)}")
        return probe()
    return wait_for(f"{name} of {instance.name}", seconds, look)


def last_words(instance, name):
    """The end of what a daemon wrote to its output, or else to its log."""
    for suffix in (".out", ".log"):
        file = instance.path("log", name + suffix)
        if file.exists() and file.stat().st_size:
            return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
    return "(it wrote nothing)"


def listens(instance, service):
    """Tells whether a service accepts connections."""
    try:
        with socket.create_connection(("127.0.0.1", instance.port(service)), timeout=2):
            return True
    except OSError:
        return False


def kill(instance, name):
    """Ends a daemon as a power failure would: SIGKILL to it and its children, no farewell."""
    pid = pid_of(instance, name)
    if pid:
        end_group(pid, signal.SIGKILL)
        wait_for(f"end of {name}", STOP_SECONDS, lambda: pid_of(instance, name) is None)
    pidfile(instance, name).unlink(missing_ok=True)


def stop(instance, name):
    """Ends a daemon: SIGTERM to it, SIGKILL to what is left of its session. Tells whether it ran."""
    pid = pid_of(instance, name)
    if pid:
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while pid_of(instance, name) and time.monotonic() < end:
            time.sleep(0.05)
        end_group(pid, signal.SIGKILL)
    pidfile(instance, name).unlink(missing_ok=True)
    return bool(pid)


def end_group(pid, sign):
    """Signals a daemon's process group, which has its pid as id because it leads its session.

    The kernel gives no new process a pid that is still the id of a group, so this meets none but our own children.
    """
    try:
        os.killpg(pid, sign)
    except ProcessLookupError:
        pass
