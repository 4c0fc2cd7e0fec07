# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
"""Give the transport thousands of hostile answers of a target; print what passed that must not.

usage: fuzz_transport.py TRANSPORT RECORDED NUMBER SEED. RECORDED is a result of a module as JSON; the keys in it count as
the documented ones. Each answer is that result after up to six mutations of its values, its keys or its text.
"""

import copy
import importlib.util
import json
import random
import sys

# What means something to ansible-core in the result of an action plugin, and what it marks its own data with.
INSTRUCTIONS = [
    'add_host', 'add_group', 'ansible_facts', '_ansible_no_log', '_ansible_delegated_vars', '_ansible_verbose_always',
    '_ansible_item_label', '_ansible_ignore_errors', '_ansible_parsed', 'ansible_stats', 'include', 'include_variables',
    'results', 'skipped', 'unreachable', 'rc', 'deprecations', 'stdout', 'stdout_lines', 'stderr', 'item', 'attempts',
    'ansible_job_id', 'finished', 'parent_groups', 'host_name', 'groups', 'failed_when_result', 'skip_reason',
]
HOSTILE = [
    {'host_name': 'evil', 'groups': ['control'], 'host_vars': {'ansible_connection': 'local'}}, {'__ansible_unsafe': 'x'},
    {'__ansible_vault': '$ANSIBLE_VAULT;1.1;AES256\n00'}, {'_ansible_no_log': False}, '{{ lookup("pipe", "id") }}',
    '{% raw %}', '!unsafe x', 'a\nCRITICAL  b', '\x1b]0;x\x07\x1b[2J', '\u202e', '\u2066x\u2069', '\ud800', '\x00', '\r',
    '', None, True, False, 0, -1, 10 ** 30, 1.5e308, [], {}, [[[[[]]]]], {'': None}, 'x' * 10000,
]


def places(value):
    """Return the container and the key of each value at any depth."""
    found, left = [], [value]
    while left:
        here = left.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here))
        for key in keys:
            found.append((here, key))
            if isinstance(here[key], (dict, list)):
                left.append(here[key])
    return found


def hostile(rand):
    """Return one of the hostile values."""
    return copy.deepcopy(rand.choice(HOSTILE))


def mutate(answer, rand):
    """Return the text of an answer after some changes."""
    answer = json.loads(json.dumps(answer))
    for dummy in range(rand.randint(1, 6)):
        here, key = rand.choice(places(answer))
        kind = rand.randrange(4)
        if kind == 0:
            answer[rand.choice(INSTRUCTIONS)] = hostile(rand)
        elif kind == 1 and isinstance(here, dict):
            here[rand.choice(INSTRUCTIONS + [h for h in HOSTILE if isinstance(h, str)])] = hostile(rand)
        elif kind == 2 and isinstance(here, dict) and len(here) > 1:
            del here[key]
        else:
            here[key] = hostile(rand)
    text = json.dumps(answer, ensure_ascii=rand.random() < 0.5)
    cut = rand.randrange(len(text))
    return rand.choice([
        text, text, text, text, text, text, 'motd\n' + text, text + '\n', text + text, text + ' {"add_host": {}}', text[:cut],
        text[:cut] + rand.choice('{}[]",:\x1b\x00\n') + text[cut:], '[' * 100000 + text, '[' + text + ']', '',
    ])


def texts(value):
    """Yield each text in value with whether it is a key."""
    if isinstance(value, str):
        yield value, False
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key, True
            yield from texts(item)


def faults(transport, declared, result):
    """Return what is wrong with a result that passed."""
    allowed = set(declared) | set(transport.ORDINARY)
    if 'module_stdout' in result:
        allowed |= {'rc', 'module_stdout', 'module_stderr'}
    found = ['key %r' % key for key in result if key not in allowed]
    for top, value in result.items():
        for text, is_key in texts(value):
            shown = text.replace('\n', '').replace('\t', '') if top in transport.LINES else text
            if not shown.isprintable() or top not in transport.LINES and text != transport.line(text):
                found.append('text %r of %s' % (text[:40], top))
            if is_key and text.startswith(('_ansible_', '__ansible_')):
                found.append('inner key %r of %s' % (text[:40], top))
            if needs_mark() and not getattr(type(text), '__UNSAFE__', False):
                found.append('unmarked text %r of %s' % (text[:40], top))
    for key, kind in (('changed', bool), ('failed', bool), ('msg', str), ('warnings', list)):
        if key in result and not isinstance(result[key], kind):
            found.append('%s is a %s' % (key, type(result[key])))
    return found


def needs_mark():
    """Report whether this ansible-core takes unmarked text for templates."""
    from ansible.release import __version__
    return tuple(int(part) for part in __version__.split('.')[:2]) < (2, 19)


def main():
    """Run NUMBER answers and print how many passed as a result, or what was wrong with the first ones."""
    spec = importlib.util.spec_from_file_location('transport', sys.argv[1])
    transport = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(transport)
    with open(sys.argv[2], encoding='utf-8') as recorded:
        answer = json.load(recorded)
    declared = [key for key in answer if key not in transport.ORDINARY]
    rand, passed, wrong = random.Random(int(sys.argv[4])), 0, []
    for number in range(int(sys.argv[3])):
        text = mutate(answer, rand)
        result = transport.answer_of('placement_audit', declared, {'stdout': text, 'stderr': '', 'rc': rand.choice([0, 1])})
        passed += 'module_stdout' not in result
        wrong += ['answer %d: %s' % (number, fault) for fault in faults(transport, declared, result)]
    print(json.dumps({'passed': passed, 'wrong': wrong[:20]}))


main()
