# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said to a target, and what is taken from its answer; action.py runs the modules with it.

The modules are one static program. A task is one remote command: the program starts from a cache on the target and
gets its arguments as JSON on standard input, so no argument is ever in a file, a process list or Ansible's own output.
Only when the cache lacks this very program does the target say so, and the program is sent once, by the user who is to
run it. The target needs a POSIX shell and nothing else.

The cache is <XDG_CACHE_HOME or ~/.cache>/openstack_ops.placement, else /var/tmp/openstack_ops.placement-<uid>. A
directory counts only if one lstat shows a directory of mode 0700 that belongs to the user who runs the program, and if
every folder above it belongs to that user or to root and may not be written by others, unless it is sticky. So nobody
else can put anything into it or in its place. The program is named by its SHA-256 and compares itself with that name
when it starts; if it is damaged it says so as if it were missing, and is sent again.

What comes back is data. See answer_of. This file is read without Ansible too: none of its parts may need it to be loaded.
"""

from __future__ import absolute_import, annotations, division, print_function

import json
import math
import re

__metaclass__ = type

# The releases of ansible-core that run templates in what a target says (CVE-2023-5764): of each line those below.
SAFE_FROM = {(2, 14): 12, (2, 15): 8, (2, 16): 1}

COLLECTION = 'openstack_ops.placement'

# What `uname -s`-`uname -m` says on the platforms there is a program for.
UNAME = {
    'linux_amd64': 'Linux-x86_64',
    'linux_arm64': 'Linux-aarch64|Linux-arm64',
    'darwin_arm64': 'Darwin-arm64',
}

MISSING = re.compile(r'^PLACEMENT-MISSING (.*)$', re.MULTILINE)
STORED = re.compile(r'^PLACEMENT-STORED$', re.MULTILINE)

# What every result may have beside the keys that the module documents, with the type that Ansible expects.
ORDINARY = {
    'changed': bool, 'failed': bool, 'msg': str, 'warnings': list, 'diff': (dict, list), 'invocation': dict,
    'exception': str,
}

# Letters and a symbol by their class, but not seen: fillers, a joiner, braille without dots.
UNSEEN = frozenset('\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0')

# Texts of several lines, or lines with an indent. All others are shown on one.
LINES = ('diff', 'exception', 'module_stdout', 'module_stderr', 'text')

# The longest text of a program that answered with no result which is shown, in characters.
SHOWN = 10000

# Commands are one line, because some login shells take no line break inside a quoted string. $h and $n are digest and
# size of the program.
#
# `is PATTERN PATH` compares mode:owner:size as one lstat by ls shows them; a symbolic link never matches. `above PATH`
# looks at a folder and at each one above it, links resolved. Input nobody took is drained, because ssh calls a pipe that
# breaks a lost connection.
COMMON = (
    'i=$(id -u); c=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}; case $c in /*) ;; *) c=;; esac; '
    'is() { p=$1; set -- $(ls -ldn "$2" 2>/dev/null); case "$1:$3:$5" in $p) ;; *) false;; esac; }; '
    'own() { is "drwx--[-S]---*:$i:*" "$1"; }; '
    'has() { is "-rwx------*:$i:$n" "$1" && [ -x "$1" ]; }; '
    'above() { p=$(cd -P "$1" 2>/dev/null && pwd -P) || return 1; p=${p%/}; set --; '
    'while set -- "$@" "${p:-/}"; [ -n "$p" ]; do p=${p%/*}; done; '
    'ls -ldn "$@" 2>/dev/null | { k=0; while read -r q l o r; do case $q:$o in '
    'd????-??-?*:0|d????-??-?*:$i|d????????[tT]*:0|d????????[tT]*:$i) k=$((k+1));; *) k=-99;; esac; done; '
    '[ $k = $# ]; }; }; '
    'for d in ${c:+"$c/' + COLLECTION + '"} "/var/tmp/' + COLLECTION + '-$i"; do '
)

RUN = COMMON + (
    'own "$d" && has "$d/$h" && above "${d%/*}" && exec "$d/$h" "$m"; done; '
    'echo "PLACEMENT-MISSING $u"; cat >/dev/null'
)

# Stores standard input as $h: a place that is no good is left before a byte is read, the file gets its name when it is
# whole, and then goes what nobody used for 30 days.
STORE = COMMON + (
    'umask 077; b=${d%/*}; [ -d "$b" ] || b=${b%/*}; [ -d "${b:-/}" ] || continue; '
    'above "${b:-/}" || { echo "a folder above $d may be changed by others" >&2; continue; }; '
    'mkdir -p "${d%/*}" && mkdir -m 700 "$d" 2>/dev/null; '
    'own "$d" || { echo "$d is not a private directory" >&2; continue; }; '
    't=$(mktemp "$d/new.XXXXXX") && chmod 700 "$t" || continue; '
    '[ -x "$t" ] || { echo "$d may not execute" >&2; rm -f "$t"; continue; }; '
    'cat >"$t"; has "$t" && mv -f "$t" "$d/$h" || { echo "$d did not take all" >&2; rm -f "$t"; break; }; '
    'find "$d" -type f -atime +30 -mtime +30 -exec rm -f {} + 2>/dev/null; '
    'echo PLACEMENT-STORED; break; done; cat >/dev/null'
)


def untemplated(value):
    """Return value with each text in it marked as data. From ansible-core 2.19 on, unmarked text is that already."""
    try:
        from ansible.template import trust_as_template  # pylint: disable=unused-import
    except ImportError:
        from ansible.utils.unsafe_proxy import wrap_var
        return wrap_var(value)
    return value


def seen(text):
    """Return text with a blank for each white space, and U+FFFD for what is not seen or turns the direction of writing."""
    if text.isascii() and text.isprintable():
        return text
    return ''.join(c if c.isprintable() and c not in UNSEEN else ' ' if c.isspace() else '\ufffd' for c in text)


def line(text):
    """Return text on one line, with one blank for white space of any length, and else as seen shows it."""
    return seen(' '.join(text.split()))


def lines(text):
    """Return text as seen shows it, but with its line breaks, tabs and blanks."""
    return '\n'.join('\t'.join(seen(part) for part in row.split('\t')) for row in text.split('\n'))


def data(value, clean=line):
    """Return what JSON has brought with its texts cleaned, and without keys that Ansible marks its own data with."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [data(item, clean) for item in value]
    if isinstance(value, dict):
        return {clean(key): data(item, clean) for key, item in value.items() if not key.startswith(('_ansible_', '__ansible_'))}
    return value


def answer_of(name, declared, reply):
    """Return the result that a target printed, or a failure that shows what came instead.

    name is the module and declared are the keys that it documents; reply has stdout, stderr and rc. A target may be in
    wrong hands, and in the result of an action plugin some keys are instructions: add_host and add_group change the
    inventory, ansible_facts and _ansible_* the variables. So only the declared keys and ORDINARY pass. All texts are
    cleaned, and none is a template.
    """
    try:
        answer = _object(reply['stdout'])
    except (ValueError, RecursionError):
        return _no_result(name, 'ended with status {0} and without a result'.format(reply['rc']), reply)
    if not isinstance(answer, dict):
        return _no_result(name, 'printed no JSON object', reply)
    for key, kind in ORDINARY.items():
        if key in answer and not isinstance(answer[key], kind):
            return _no_result(name, 'printed a result in which {0} is of a wrong type'.format(key), reply)
    answer['warnings'] = [w for w in answer.get('warnings', []) if isinstance(w, str)]
    if reply['rc'] != 0 and 'failed' not in answer:
        answer.update(failed=True, msg='{0} ended with status {1}'.format(name, reply['rc']))
    return untemplated({
        key: data(value, lines if key in LINES else line)
        for key, value in answer.items() if key in declared or key in ORDINARY and value != []
    })


def _object(text):
    """Return the one JSON value that begins a line of text and ends it; a login script may have printed before."""
    start = re.search(r'^\{', text, re.MULTILINE)
    at = start.start() if start else 0
    value, end = json.JSONDecoder().raw_decode(text, at)
    if text[end:].strip():
        raise ValueError('something follows the value')
    return value


def _no_result(name, reason, reply):
    return untemplated(dict(
        failed=True, msg='{0} {1}'.format(name, reason), rc=reply['rc'],
        module_stdout=lines(reply['stdout'][:SHOWN]), module_stderr=lines(reply['stderr'][:SHOWN])))


def unsafe_core(version):
    """Report whether this release of ansible-core runs templates in what targets say."""
    release = re.match(r'(\d+)\.(\d+)\.(\d+)', version)
    if not release:
        return False
    major, minor, patch = (int(number) for number in release.groups())
    return patch < SAFE_FROM.get((major, minor), 0)


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
