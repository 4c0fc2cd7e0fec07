# SPDX-License-Identifier: Apache-2.0
"""Daemons, each known by a pidfile of ours and never by a name."""
import errno
import json
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from placementlab.layout import environment
from placementlab.steps import LabError, wait_for

STOP_SECONDS = 60  # then it is killed
MARK = "LAB_DAEMON"  # in the environment of a daemon and all it starts: its instance's folder and its name


class Stat(NamedTuple):
    """Fields 3, 6 and 22 of /proc/PID/stat; the start time is in clock ticks since boot."""

    state: str
    session: int
    start: int


def stat(pid):
    """What the kernel says about a process, None when it says nothing.

    The fields are counted after the last `)`, as a program's name may hold anything (proc(5)). With hidepid=1 other
    users' processes answer PermissionError.
    """
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    return Stat(fields[0], int(fields[3]), int(fields[19]))


def runs(pid, start):
    """Tells whether a process lives; a pid that was given to another process has another start time."""
    found = stat(pid)
    return bool(found) and found.state not in "ZX" and found.start == start


def pid_of(instance, name):
    """The pid of a daemon of ours, None when it does not run."""
    leader = leader_of(instance, name)
    return leader["pid"] if leader and runs(leader["pid"], leader["start"]) else None


def leader_of(instance, name):
    """What the pidfile of a daemon says, None when there is none or it is not this instance's.

    A folder that was copied has the pidfiles of the original, whose processes live: those name another root. After a
    reboot pid and session may be anybody's: those name another boot.
    """
    try:
        found = json.loads(pidfile(instance, name).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    ours = isinstance(found, dict) and all(found.get(key) == value for key, value in here(instance).items())
    return found if ours else None


def here(instance):
    """What a pidfile of this instance has to say beside pid and start time."""
    return {"root": str(instance.root.resolve()),
            "boot": Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()}


def pidfile(instance, name):
    """The file with the pid, the start time, the root and the boot of a daemon."""
    return instance.path("run", name + ".pid")


def daemons(instance):
    """The names of all daemons that were started and not stopped."""
    names = sorted(file.name.removesuffix(".pid") for file in instance.path("run").glob("*.pid"))
    return [name for name in names if leader_of(instance, name)]


def members(instance, name):
    """The processes (pid, start time) of a daemon's session, also of one whose leader has died.

    A daemon leads its session, so the session has its pid as id, and the kernel gives no new process an id that a
    session still has. Once the session is over it does; and a stranger that daemonized leaves a session without
    leader too. So each process must also have our mark. (What sets its own name, as setproctitle does, may lose it.)
    """
    leader = leader_of(instance, name)
    found = []
    for entry in os.listdir("/proc") if leader else ():
        process = stat(entry) if entry.isdigit() else None
        if (process and process.session == leader["pid"] and process.start >= leader["start"]
                and process.state not in "ZX" and marked(entry, instance, name)):
            found.append((int(entry), process.start))
    return found


def marked(pid, instance, name):
    """Tells whether a process has the mark of a daemon; one whose environment we may not read is not ours."""
    try:
        words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
    return os.fsencode(f"{MARK}={mark(instance, name)}") in words


def mark(instance, name):
    """The value of MARK for a daemon."""
    return str(instance.root.resolve() / name)


def start(instance, name, argv, ports=(), env=None):
    """Starts a daemon as leader of a session of its own, unless it runs; tells whether it did.

    A leader that died by itself may have left others, which hold the port: they are ended first.
    """
    if pid_of(instance, name):
        return False
    stop(instance, name)
    for service in ports:
        require_free(instance, service)
    with open(instance.path("log", name + ".out"), "ab") as out:
        process = subprocess.Popen([str(part) for part in argv], env={**(env or environment()), MARK: mark(instance, name)},
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd="/")
    # Even when it has died already it is here, as a zombie: nobody has waited for it yet.
    leader = {"pid": process.pid, "start": stat(process.pid).start, **here(instance)}
    pidfile(instance, name).write_text(json.dumps(leader) + "\n", encoding="ascii")
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


def wait_until(instance, name, probe):
    """Waits for a daemon to answer; fails at once when it dies, with the last lines it wrote."""
    def look():
        if not pid_of(instance, name):
            raise LabError(f"{name} of {instance.name} died:\n{last_words(instance, name)}")
        return probe()
    return wait_for(f"{name} of {instance.name}", look)


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
    """Ends a daemon as a power failure would: SIGKILL to its whole session, no farewell."""
    end_session(instance, name)
    pidfile(instance, name).unlink(missing_ok=True)


def stop(instance, name):
    """Ends a daemon: SIGTERM to it, SIGKILL to what is left of its session. Tells whether anything ran.

    Of a session whose leader has died (the script rabbitmq-server, say, while Erlang lives) all get the SIGTERM.
    """
    pid = pid_of(instance, name)
    asked = [(pid, leader_of(instance, name)["start"])] if pid else members(instance, name)
    send(asked, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while any(runs(*process) for process in asked) and time.monotonic() < end:
        time.sleep(0.05)
    end_session(instance, name)
    pidfile(instance, name).unlink(missing_ok=True)
    return bool(asked)


def reload(instance, name):
    """Has a daemon forget what it keeps in memory, if it runs."""
    if pid_of(instance, name):
        send([(pid_of(instance, name), leader_of(instance, name)["start"])], signal.SIGHUP)


def end_session(instance, name):
    """Kills what is left of a daemon's session, again until nothing is: processes may fork meanwhile."""
    def over():
        left = members(instance, name)
        send(left, signal.SIGKILL)
        return not left
    wait_for(f"end of {name}", over)


def send(processes, sign):
    """Signals processes (pid, start time) that still run."""
    for pid, start_time in processes:
        if runs(pid, start_time):
            with suppress(ProcessLookupError):
                os.kill(pid, sign)
