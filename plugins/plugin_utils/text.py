# -*- coding: utf-8 -*-
# Copyright: Contributors to the openstack_ops.placement collection
# GNU General Public License v3.0+ (see plugins/COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make text harmless that others chose, as the programs do it (modules/internal/foreign and modules/internal/report).

Whoever can name a host, a server or a provider may otherwise forge lines of what people read, send a terminal commands, or
have a person paste them into a shell.
"""

from __future__ import absolute_import, annotations, division, print_function

import unicodedata

__metaclass__ = type

# Letters and a symbol by their class, but not seen: fillers, a joiner, braille without dots.
UNSEEN = frozenset('\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0')
ENTITIES = {'<': '&lt;', '>': '&gt;', '&': '&amp;'}
MARKS = frozenset('\\`*[]|~$@#')
WORD = frozenset('._:/@%+=,-')
LETTERS = frozenset(('Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Mn', 'Mc', 'Me', 'Nd'))


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


def word(text):
    """Return line(text) as a word that every shell takes as it stands, and that is no option.

    U+FFFD replaces each other character, so a command with one does nothing but fail. Quotes would not survive what shows
    them: YAML doubles them, JSON and Markdown put a backslash before what stands for one inside.
    """
    text = ''.join(c if c in WORD or unicodedata.category(c) in LETTERS else '\ufffd' for c in line(text))
    return '\ufffd' + text[1:] if text[:1] in ('', '-', '=') else text


def markdown(text):
    """Return line(text) as Markdown that reads as it stands. It may not begin a line."""
    text = line(text)
    return ''.join(_escaped(text, at) for at in range(len(text)))


def code(text):
    """Return line(text) as a code span of Markdown. Not for cells of a table."""
    text = line(text)
    fence = '`'
    while fence in text:
        fence += '`'
    if text.startswith('`') or text.endswith('`'):
        text = ' ' + text + ' '
    return fence + text + fence


def _escaped(text, at):
    c = text[at]
    if c in ENTITIES:
        return ENTITIES[c]
    if c in MARKS or c == '_' and not (_inside(text, at - 1) and _inside(text, at + 1)):
        return '\\' + c
    if c == ':' and text.startswith('://', at) or c == '.' and text[:at].lower().endswith('www'):
        return '\\' + c  # else some readers make a link of it
    return c


def _inside(text, at):
    """Report whether there is a letter or a digit: an underscore between two emphasizes nothing."""
    return 0 <= at < len(text) and (text[at].isalpha() or text[at].isdecimal())
