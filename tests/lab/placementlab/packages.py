# SPDX-License-Identifier: Apache-2.0
"""What has to be installed: Debian packages, and for the newest release a virtualenv from LOCKS, which have hashes."""
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

from placementlab.layout import LOCKS, cache_dir, environment
from placementlab.steps import LabError, run

# Debian's uwsgi plugin embeds the same Python 3.11 that makes the virtualenv, so it serves both releases.
SERVER = ("uwsgi-core", "uwsgi-plugin-python3")
STORES = ("mariadb-server-core", "mariadb-client-core", "rabbitmq-server", "memcached")

# The python3-* packages hold the code alone. Their -common and -api packages would ask debconf questions, make users
# and start daemons. python3-fixtures is for nova.virt.fake, which imports nova's test fixtures.
APT = {
    ("placement", "zed"): ("python3-placement", *SERVER),
    ("nova", "zed"): ("python3-placement", "python3-keystone", "python3-glance", "python3-nova", "python3-fixtures",
                      "python3-pymysql", *SERVER, *STORES),
    ("placement", "current"): ("python3-venv", *SERVER),
    ("nova", "current"): ("python3-venv", *SERVER, *STORES),
}

# Debian's maintainer scripts start services unless policy-rc.d says 101; one that was there before stays as it is.
# Without lists (a fresh image has none) apt-cache knows no candidate.
APT_SCRIPT = """
set -e
if [ ! -e /usr/sbin/policy-rc.d ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
get() {
  DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true apt-get install -y -q --no-install-recommends \\
    -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io -o Dpkg::Use-Pty=0 \\
    -o DPkg::Lock::Timeout=600 "$@"
}
for package in "$@"; do
  apt-cache show "$package" >/dev/null 2>&1 || { apt-get -q update; break; }
done
get "$@" || { apt-get -q update; get "$@"; }
"""


def install(instance, release=None, say=print):
    """Installs what the instance lacks for its release, or for the one it is upgraded to, after saying what that is."""
    release = release or instance.programs
    packages = []
    if from_apt(instance, release):
        packages = missing_apt(instance, release)
    else:
        require_pypi(instance, release)
    if packages:
        say(f"to install with apt: {' '.join(packages)}", flush=True)
        apt_install(instance, packages)
    if release == "current" and not venv_mark(instance).exists():
        say(f"to install into {venv()}: what is in {LOCKS[instance.profile].name}", flush=True)
        fill_venv(instance)


def from_apt(instance, release=None):
    """Tells whether Debian's packages serve an instance: there is apt in the caller's PATH, and nothing to install or somebody who may."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-query")):
        return False
    return may_install() or not missing_apt(instance, release or instance.programs)


def may_install():
    """Tells whether this user is root, or has a sudo that needs no password or has somebody to ask for it. scripts/setup decides alike."""
    if os.geteuid() == 0:
        return True
    sudo = shutil.which("sudo", path=environment()["PATH"])
    if os.environ.get("NO_ROOT") or not sudo:
        return False
    return os.isatty(0) or subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0


def require_pypi(instance, release):
    """Refuses what only Debian's packages can do."""
    if instance.profile != "placement" or release != "current":
        raise LabError(f"{instance.profile} of the release {release} takes Debian's packages, and there is no apt here, or no root and "
                       f"no sudo; run `tests/lab/lab install --profile {instance.profile} --release {release}` as root once on a Debian, "
                       "or take what runs without: `--profile placement --release current`")
    if sys.version_info < (3, 11):
        raise LabError(f"the release current takes Python 3.11 or newer, and this is {sys.version.split()[0]}; "
                       "run `python3.11 tests/lab/lab …` or name a newer one in PYTHON")


def missing_apt(instance, release):
    """The Debian packages that are not installed yet."""
    wanted = APT[instance.profile, release]
    shown = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted],
                           env=environment(), capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [package for package in wanted if package not in installed]


def apt_install(instance, packages):
    """Runs apt-get as root."""
    become = [] if os.geteuid() == 0 else ["sudo"]
    run([*become, "sh", "-c", APT_SCRIPT, "install-for-the-lab", *packages], instance.log("apt"), {**environment(), **proxies()})


def proxies():
    """How this machine reaches package servers: settings of the caller that apt and pip have to see."""
    keep = ("http_proxy", "https_proxy", "no_proxy", "ssl_cert_file", "requests_ca_bundle")
    return {key: value for key, value in os.environ.items() if key.startswith("PIP_") or key.lower() in keep}


def venv():
    """The virtualenv of the newest release; other lock files make another one."""
    content = b"".join(LOCKS[profile].read_bytes() for profile in sorted(LOCKS))
    return cache_dir() / f"current-{hashlib.sha256(content).hexdigest()[:12]}"


def venv_mark(instance):
    """The file that says that the virtualenv is complete for a profile."""
    return venv() / f"complete-{instance.profile}"


def fill_venv(instance):
    """Makes the virtualenv and installs what the profile needs: exactly the files whose hashes are in its lock file."""
    folder = venv()
    folder.mkdir(parents=True, exist_ok=True)
    with open(cache_dir() / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "bin/pip").exists():
            python = "/usr/bin/python3" if from_apt(instance, "current") else sys.executable  # uwsgi embeds Debian's
            run([python, "-m", "venv", folder], instance.log("pip"), environment())
        run([folder / "bin/pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes",
             "-r", LOCKS[instance.profile]], instance.log("pip"), {**environment(), **proxies()})
        venv_mark(instance).touch()
        if instance.profile == "nova":
            (folder / "complete-placement").touch()
