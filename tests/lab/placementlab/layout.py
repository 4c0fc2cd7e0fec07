# SPDX-License-Identifier: Apache-2.0
"""Where one instance of the lab keeps its things, and on which ports it listens."""
import os
import pwd
import secrets
from dataclasses import dataclass
from pathlib import Path

from placementlab.steps import LabError

PROFILES = ("placement", "nova")
RELEASES = ("zed", "current")

HERE = Path(__file__).resolve().parent.parent  # tests/lab
TEMPLATES = HERE / "etc"
# What pip installs for a profile. The first is a part of the second; scripts/lock sees to that.
LOCKS = {"placement": HERE / "current-placement.lock", "nova": HERE / "current.lock"}

# Below the kernel's ephemeral ports (32768 and up), so that no outgoing connection can hold one of ours.
DEFAULT_PORT_BASE = 21000
BLOCK = 40
OFFSETS = {
    "keystone": 0, "placement": 1, "nova": 2, "glance": 3, "neutron": 4,
    "mysql": 10, "mysql-cell2": 11, "memcached": 12, "rabbit": 13, "rabbit-dist": 14, "epmd": 15,
}
UPGRADED = "upgraded-to"  # the file that names the release to which an instance was upgraded
FOLDERS = ("etc", "log", "run", "bin", "state", "done")


@dataclass(frozen=True)
class Instance:
    """One running (or not running) lab: a profile in the release that it was first brought up with."""

    profile: str
    release: str

    @property
    def name(self):
        """The name of the instance and of its folder."""
        return f"{self.profile}-{self.release}"

    @property
    def root(self):
        """The folder that holds all of the instance."""
        return lab_dir() / self.name

    @property
    def programs(self):
        """The release whose programs it runs: another one once it has been upgraded."""
        file = self.path(UPGRADED)
        return file.read_text(encoding="ascii").strip() if file.exists() else self.release

    @property
    def upgraded(self):
        """Tells whether it runs another release than it was brought up with."""
        return self.programs != self.release

    def path(self, *parts):
        """A path inside the instance's folder."""
        return self.root.joinpath(*parts)

    def port(self, service):
        """The port of a service."""
        block = RELEASES.index(self.release) + len(RELEASES) * PROFILES.index(self.profile)
        return port_base() + BLOCK * block + OFFSETS[service]

    def url(self, service, path=""):
        """The endpoint of a service."""
        return f"http://127.0.0.1:{self.port(service)}{path}"

    def make_folders(self):
        """Creates the folders, readable by their owner alone: logs and configurations hold passwords."""
        for folder in FOLDERS:
            self.path(folder).mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)

    def password(self):
        """The one password of the instance, made when first asked for."""
        file = self.path("password")
        if not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write("lab-" + secrets.token_hex(12))
        return file.read_text(encoding="ascii").strip()

    def log(self, name):
        """The log file of a service or of our own commands."""
        return self.path("log", name + ".log")

    def once(self, name, function, *args):
        """Calls `function` unless an earlier run completed it."""
        mark = self.path("done", name)
        if not mark.exists():
            function(self, *args)
            mark.touch()


def lab_dir():
    """The state folder: $LAB_DIR, or .lab at the top of the repository."""
    given = os.environ.get("LAB_DIR")
    return Path(given).absolute() if given else HERE.parent.parent / ".lab"


def cache_dir():
    """What `down --wipe` leaves, the virtualenvs: $LAB_CACHE, or `cache` in the state folder."""
    given = os.environ.get("LAB_CACHE")
    return Path(given).absolute() if given else lab_dir() / "cache"


def port_base():
    """The first port of the first instance."""
    text = os.environ.get("LAB_PORT_BASE", str(DEFAULT_PORT_BASE))
    last = len(PROFILES) * len(RELEASES) * BLOCK
    if not text.isdigit() or not 1024 <= int(text) <= 65535 - last:
        raise LabError(f"LAB_PORT_BASE is {text!r}; it has to be a number from 1024 to {65535 - last}")
    return int(text)


def instances():
    """Every instance that has a folder."""
    every = [Instance(profile, release) for profile in PROFILES for release in RELEASES]
    return [instance for instance in every if instance.root.is_dir()]


def user_name():
    """The name of the user who runs this, whatever $USER says; the daemons run as that user too."""
    return pwd.getpwuid(os.geteuid()).pw_name


def environment(**more):
    """The environment of every program the lab starts.

    Nothing of the caller's is passed on but HOME: a stray OS_* would redirect clients, a PYTHON* or a PATH with
    another Python in front would load other libraries.
    """
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
            "HOME": os.environ.get("HOME", "/"), **{key: str(value) for key, value in more.items()}}
