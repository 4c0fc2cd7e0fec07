# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every module of this collection as one program that is kept on the target; plugins/action names them."""

from __future__ import absolute_import, annotations, division, print_function

import json
import shlex

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.openstack_ops.placement.plugins.plugin_utils import program, transport

__metaclass__ = type


class Refused(program.Unusable):
    """Why a task cannot be run; ends as its result, so that failed_when and register see it."""


class Transport(ActionBase):
    """The transport of all modules; each has an action plugin of its name that says which one is to run."""

    MODULE = ''
    RESULT = ()  # the keys that the module documents

    def run(self, tmp=None, task_vars=None):
        """Run the task's module on the target and return its result."""
        try:
            self._refuse()
            result = super(Transport, self).run(None, task_vars)
            result.update(self._call(program.programs(), self._payload(task_vars or {})))
            self._show(result)
            return result
        except program.Unusable as reason:
            return transport.untemplated(dict(failed=True, msg=transport.line(str(reason))))

    def _show(self, result):
        """Display the text of the result where the task asks for it, plainly: debug would quote each of its lines."""
        text = result.get('text')
        wanted = self._task.args.get('show', False)
        if isinstance(text, list) and boolean(wanted, strict=False) and not self._task.no_log:
            self._display.display('\n'.join(str(row) for row in text))

    def _call(self, programs, payload):
        """Run the program, after sending it if the target says that it lacks it."""
        cases = ' '.join('{0}) h={1} n={2};;'.format(transport.UNAME[platform], built['sha256'], built['size'])
                         for platform, built in programs.items() if platform in transport.UNAME)
        command = 'm={0}; u=$(uname -s)-$(uname -m); h= n=; case $u in {1} esac; '.format(shlex.quote(self.MODULE), cases)
        command += transport.RUN
        reply = self._low_level_execute_command(command, in_data=payload)
        missing = transport.MISSING.search(reply['stdout'])
        if missing:
            self._store(missing.group(1).strip(), programs)
            reply = self._low_level_execute_command(command, in_data=payload)
            if transport.MISSING.search(reply['stdout']):
                raise Refused('the target lost the program or changed it right after it was sent; look for a full or '
                              'failing disk there')
        return transport.answer_of(self.MODULE, self.RESULT, reply)

    def _refuse(self):
        """Fail for what cannot hand standard input to a remote command."""
        become = self._connection.become
        self._refuse_core()
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

    @staticmethod
    def _refuse_core():
        """Fail on a release of ansible-core that is not safe to run with."""
        from ansible.release import __version__
        if transport.unsafe_core(__version__):
            raise Refused(
                'ansible-core {0} runs templates in what targets say (CVE-2023-5764); use 2.14.12, 2.15.8, 2.16.1 or newer'
                .format(__version__))

    def _payload(self, task_vars):
        """Return the task's arguments and environment as JSON."""
        args, environment = dict(self._task.args), {}
        self._update_module_args(self._task.action, args, task_vars)
        self._compute_environment_string(environment)
        args['_ansible_environment'] = {str(key): str(value) for key, value in environment.items()}
        return json.dumps(transport.plain(args)).encode('utf-8')

    def _store(self, uname, programs):
        """Send the program for the platform the target named to its cache."""
        platform = next((p for p in programs if uname in transport.UNAME.get(p, '').split('|')), None)
        if platform is None:
            raise Refused('there is no program for {0}, only for {1}'.format(
                uname, ', '.join(sorted(u for p in programs for u in transport.UNAME.get(p, '').split('|') if u))))
        digest, size = programs[platform]['sha256'], programs[platform]['size']
        reply = self._low_level_execute_command('h={0} n={1}; '.format(digest, size) + transport.STORE, in_data=program.content(platform))
        if not transport.STORED.search(reply['stdout']):
            raise Refused(
                'the target has no place for the program: neither $XDG_CACHE_HOME (or $HOME/.cache) nor /var/tmp has a '
                'directory of mode 0700 that belongs to the user, takes the file whole and may execute it: {0}'
                .format(reply['stderr'].strip() or reply['stdout'].strip()))
