# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make text harmless that others chose, as the programs do it (modules/internal/core/foreign).

Whoever can name a host, a server or a provider may otherwise forge lines of what people read, or send a terminal commands.
"""

from __future__ import absolute_import, annotations, division, print_function

__metaclass__ = type

# Letters and a symbol by their class, but not seen: fillers, a joiner, braille without dots.
UNSEEN = frozenset('\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0')


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
