# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every module of this collection as one program that is kept on the target; plugins/action names them.

The modules are one static program. A task is one remote command: the program starts from a cache on the target and
gets its arguments as JSON on standard input, so no argument is ever in a file, a process list or Ansible's own output.
Only when the cache lacks this very program does the target say so, and the program is sent once, by the user who is to
run it. The target needs a POSIX shell and nothing else.

The cache is <XDG_CACHE_HOME or ~/.cache>/openstack_ops.placement, else /var/tmp/openstack_ops.placement-<uid>. A
directory counts only if one lstat shows a directory of mode 0700 that belongs to the user who runs the program: from
then on nobody else can put anything into it or, below a sticky /var/tmp or a home of that user, in its place.
"""

from __future__ import absolute_import, annotations, division, print_function

import hashlib
import json
import math
import os
import re
import shlex

from ansible.plugins.action import ActionBase

__metaclass__ = type

COLLECTION = 'openstack_ops.placement'
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARIES = os.path.join(ROOT, 'binaries')

# What `uname -s`-`uname -m` says on the platforms there is a program for.
UNAME = {
    'linux_amd64': 'Linux-x86_64',
    'linux_arm64': 'Linux-aarch64|Linux-arm64',
    'darwin_arm64': 'Darwin-arm64',
}

MISSING = re.compile(r'^PLACEMENT-MISSING (.*)$', re.MULTILINE)
STORED = re.compile(r'^PLACEMENT-STORED$', re.MULTILINE)

# `is PATTERN PATH` compares mode:owner:size as one lstat by ls shows them; a symbolic link never matches. Everything is
# one line, because some login shells take no line break inside a quoted string. $h and $n are digest and size of the
# program. Input nobody took is drained, because ssh calls a pipe that breaks a lost connection.
COMMON = (
    'i=$(id -u); c=${XDG_CACHE_HOME:-$HOME/.cache}; [ -O "${XDG_CACHE_HOME:-$HOME}" ] || c=; '
    'is() { p=$1; set -- $(ls -ldn "$2" 2>/dev/null); case "$1:$3:$5" in $p) ;; *) false;; esac; }; '
    'own() { is "drwx--[-S]---*:$i:*" "$1"; }; '
    'has() { is "-rwx------*:$i:$n" "$1" && [ -x "$1" ]; }; '
    'for d in ${c:+"$c/' + COLLECTION + '"} "/var/tmp/' + COLLECTION + '-$i"; do '
)

RUN = COMMON + (
    'own "$d" && has "$d/$h" && exec "$d/$h" "$m"; done; '
    'echo "PLACEMENT-MISSING $u"; cat >/dev/null'
)

# Stores standard input as $h: a place that is no good is left before a byte is read, the file gets its name when it is
# whole, and then goes what nobody used for 30 days.
STORE = COMMON + (
    'umask 077; mkdir -p "${d%/*}" && mkdir -m 700 "$d" 2>/dev/null; '
    'own "$d" || { echo "$d is not a private directory" >&2; continue; }; '
    't=$(mktemp "$d/new.XXXXXX") && chmod 700 "$t" || continue; '
    '[ -x "$t" ] || { echo "$d may not execute" >&2; rm -f "$t"; continue; }; '
    'cat >"$t"; has "$t" && mv -f "$t" "$d/$h" || { echo "$d did not take all" >&2; rm -f "$t"; break; }; '
    'find "$d" -type f -atime +30 -mtime +30 -exec rm -f {} + 2>/dev/null; '
    'echo PLACEMENT-STORED; break; done; cat >/dev/null'
)


def plain(value):
    """Return value as JSON can carry it: vault text in clear, dates as ISO 8601, sets as sorted lists."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    return value.isoformat() if hasattr(value, 'isoformat') else str(value)


class Refused(Exception):
    """Why a task cannot be run; ends as its result, so that failed_when and register see it."""


class Transport(ActionBase):
    """The transport of all modules; each has an action plugin of its name that says which one is to run."""

    MODULE = ''

    def run(self, tmp=None, task_vars=None):
        """Run the task's module on the target and return its result."""
        try:
            self._refuse()
            result = super(Transport, self).run(None, task_vars)
            result.update(self._call(self._programs(), self._payload(task_vars or {})))
            return result
        except Refused as reason:
            return dict(failed=True, msg=str(reason))

    def _call(self, programs, payload):
        """Run the program, after sending it if the target says that it lacks it."""
        cases = ' '.join('{0}) h={1} n={2};;'.format(UNAME[platform], program['sha256'], program['size'])
                         for platform, program in programs.items() if platform in UNAME)
        command = 'm={0}; u=$(uname -s)-$(uname -m); h= n=; case $u in {1} esac; '.format(shlex.quote(self.MODULE), cases)
        command += RUN
        reply = self._low_level_execute_command(command, in_data=payload)
        missing = MISSING.search(reply['stdout'])
        if missing:
            self._store(missing.group(1).strip(), programs)
            reply = self._low_level_execute_command(command, in_data=payload)
        return self._answer(self.MODULE, reply)

    def _refuse(self):
        """Fail for what cannot hand standard input to a remote command."""
        become = self._connection.become
        if self._task.async_val:
            raise Refused(
                'async is not supported by {0}: a task ends by itself after its option timeout; remove async and poll'
                .format(self._task.action))
        if not self._connection.has_pipelining:
            raise Refused(
                'the connection plugin {0} cannot pass standard input to a command; use ssh or local'
                .format(self._connection.transport))
        if become and (become.name == 'su' or become.require_tty):
            raise Refused(
                'become_method {0} needs a terminal and cannot pass standard input; use sudo'.format(become.name))
        if self._connection.transport == 'local':
            # Without this, a become password makes local give the program a terminal that never ends.
            self._connection.set_option('pipelining', True)

    def _payload(self, task_vars):
        """Return the task's arguments and environment as JSON."""
        args, environment = dict(self._task.args), {}
        self._update_module_args(self._task.action, args, task_vars)
        self._compute_environment_string(environment)
        args['_ansible_environment'] = {str(key): str(value) for key, value in environment.items()}
        return json.dumps(plain(args)).encode('utf-8')

    def _programs(self):
        """Return digest and size of each built program by platform."""
        try:
            with open(os.path.join(BINARIES, 'sha256.json'), encoding='utf-8') as table:
                return json.load(table)
        except (OSError, ValueError):
            raise Refused(
                '{0} holds no built programs, as when it comes from source: run "make build" there, or install a '
                'released tarball of {1}'.format(ROOT, COLLECTION))

    def _store(self, uname, programs):
        """Send the program for the platform the target named to its cache."""
        platform = next((p for p in programs if uname in UNAME.get(p, '').split('|')), None)
        if platform is None:
            raise Refused('there is no program for {0}, only for {1}'.format(
                uname, ', '.join(sorted(u for p in programs for u in UNAME.get(p, '').split('|') if u))))
        digest, size = programs[platform]['sha256'], programs[platform]['size']
        try:
            with open(os.path.join(BINARIES, platform, 'placement'), 'rb') as binary:
                content = binary.read()
        except OSError:
            content = b''
        if hashlib.sha256(content).hexdigest() != digest:
            raise Refused(
                '{0}/{1}/placement is not the file that sha256.json describes: run "make build", or install the '
                'collection again'.format(BINARIES, platform))
        reply = self._low_level_execute_command('h={0} n={1}; '.format(digest, size) + STORE, in_data=content)
        if not STORED.search(reply['stdout']):
            raise Refused(
                'the target has no place for the program: neither $XDG_CACHE_HOME (or $HOME/.cache) nor /var/tmp has a '
                'directory of mode 0700 that belongs to the user, takes the file whole and may execute it: {0}'
                .format(reply['stderr'].strip() or reply['stdout'].strip()))

    @staticmethod
    def _answer(name, reply):
        """Return the JSON object the program printed, or a failure that shows what came instead."""
        start = re.search(r'^\{', reply['stdout'], re.MULTILINE)
        try:
            answer, _end = json.JSONDecoder().raw_decode(reply['stdout'], start.start() if start else 0)
        except ValueError:
            return dict(failed=True, msg='{0} ended with status {1} and without a result'.format(name, reply['rc']),
                        rc=reply['rc'], module_stdout=reply['stdout'], module_stderr=reply['stderr'])
        if not isinstance(answer, dict):
            return dict(failed=True, msg='{0} printed no JSON object'.format(name), rc=reply['rc'])
        if reply['rc'] != 0 and 'failed' not in answer:
            answer.update(failed=True, msg='{0} ended with status {1}'.format(name, reply['rc']))
        return {key: value for key, value in answer.items() if not key.startswith('_ansible_')}
