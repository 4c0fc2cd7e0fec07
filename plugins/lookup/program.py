# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the program of a platform."""

from __future__ import absolute_import, annotations, division, print_function

DOCUMENTATION = r'''
name: program
short_description: Find the program of this collection for a platform
version_added: 0.2.0
author:
  - Contributors to the collection (@openstack-ops)
description:
  - Returns the path of the built program on the host that runs Ansible.
  - A released tarball has some programs packed. Such a program is unpacked into the temporary folder of this run of Ansible, which
    is removed when Ansible ends.
  - The program is compared with the digest that was made when it was built. A program that differs is an error.
options:
  _terms:
    description: The platforms, such as V(linux_amd64) or V(linux_arm64).
    required: true
    type: list
    elements: str
'''

EXAMPLES = r'''
- name: Install the program
  ansible.builtin.copy:
    src: "{{ lookup('openstack_ops.placement.program', 'linux_arm64') }}"
    dest: /usr/local/bin/placement
    mode: "0755"
'''

RETURN = r'''
_raw:
  description: The path of each program.
  type: list
  elements: path
'''

import os
import tempfile

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.openstack_ops.placement.plugins.plugin_utils import program

__metaclass__ = type


class LookupModule(LookupBase):
    """The paths of programs."""

    def run(self, terms, variables=None, **kwargs):
        """Return the path of the program for each platform."""
        try:
            return [_path(str(platform)) for platform in terms]
        except program.Unusable as reason:
            raise AnsibleError(str(reason))


def _path(platform):
    built = program.programs()
    if platform not in built:
        raise program.Unusable('there is no program for {0}, only for {1}'.format(platform, ', '.join(sorted(built))))
    unpacked = os.path.join(C.DEFAULT_LOCAL_TMP, 'placement-' + built[platform]['sha256'])
    if os.path.exists(unpacked):
        return unpacked
    whole = os.path.join(program.BINARIES, platform, 'placement')
    found = program.content(platform)
    if os.path.exists(whole):
        return whole
    _write(unpacked, found)
    return unpacked


def _write(path, found):
    """Write the file whole: other tasks of this run may look for it meanwhile."""
    handle, part = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(handle, 'wb') as new:
        new.write(found)
    os.chmod(part, 0o700)
    os.rename(part, path)
