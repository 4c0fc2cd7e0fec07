# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the built programs of this collection on the host that runs Ansible.

A checkout has each program as it is. A released tarball has that of linux_amd64 so, and the others packed with xz.
binaries/sha256.json has digest and size of each program, unpacked.
"""

from __future__ import absolute_import, annotations, division, print_function

import hashlib
import json
import os

from ansible_collections.openstack_ops.placement.plugins.plugin_utils.transport import COLLECTION

__metaclass__ = type

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARIES = os.path.join(ROOT, 'binaries')


class Unusable(Exception):
    """Why there is no program to run; the text is for the person who runs Ansible."""


def programs():
    """Return digest (sha256, hexadecimal) and size (bytes) of each built program by platform, such as linux_amd64."""
    try:
        with open(os.path.join(BINARIES, 'sha256.json'), encoding='utf-8') as table:
            return json.load(table)
    except (OSError, ValueError):
        raise Unusable(_not_built())


def _not_built():
    """Return what to do about missing programs: only a checkout has what builds them."""
    if os.path.exists(os.path.join(ROOT, 'Makefile')):
        return '{0} is a checkout and holds no built programs: run "make build" there'.format(ROOT)
    return (
        '{0} holds no built programs, as when it is installed from git. Install a released tarball instead: '
        'ansible-galaxy collection install --force {1} (or the URL of the tarball, as on a mirror). From a checkout, '
        'run "make collection" there, then: ansible-galaxy collection install --force ./openstack_ops-placement-*.tar.gz'.format(ROOT, COLLECTION))


def content(platform):
    """Return the program of a platform, of which programs() has the digest; raise Unusable if it is another or missing."""
    wanted = programs()[platform]
    found = _read(os.path.join(BINARIES, platform, 'placement'), wanted['size'])
    if hashlib.sha256(found).hexdigest() != wanted['sha256']:
        raise Unusable(
            '{0}/{1}/placement is not the file that sha256.json describes: run "make build" in a checkout, or '
            'install a tarball of the collection again'.format(BINARIES, platform))
    return found


def _read(path, size):
    """Return what is in the file, or in path.xz unpacked, up to one byte more than size; nothing if neither can be read."""
    try:
        with open(path, 'rb') as whole:
            return whole.read(size + 1)
    except FileNotFoundError:
        return _unpack(path + '.xz', size)
    except OSError:
        return b''


def _unpack(path, size):
    try:
        import lzma
    except ImportError:
        raise Unusable(
            '{0} is packed, and the Python that runs Ansible has no module lzma: unpack it beside itself with xz -dk'.format(path))
    try:
        with lzma.open(path) as packed:
            return packed.read(size + 1)
    except (OSError, EOFError, lzma.LZMAError):
        return b''
