# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the roles for text that others chose. Each is documented in a file of its name."""

from __future__ import absolute_import, annotations, division, print_function

from ansible_collections.openstack_ops.placement.plugins.plugin_utils import text

__metaclass__ = type


def of_text(function):
    """Return function for any value: for what is no text, of what is printed of it."""
    return lambda value: function('{0}'.format(value))


class FilterModule(object):
    """The names of the filters."""

    def filters(self):
        """Return the filters by name."""
        return {
            'code': of_text(text.code),
            'line': of_text(text.line),
            'markdown': of_text(text.markdown),
            'word': of_text(text.word),
        }
