#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Ask the real ansible-core what it makes of arguments, and write its answers to golden.json beside this file.

    apt-get install ansible-core && /usr/bin/python3 modules/internal/wire/argspec/testdata/oracle.py

The Go test compares this package with the answers. Variables HOME=/home/oracle and FOO=bar are set for paths.
"""

import contextlib
import io
import json
import os

from ansible import release
from ansible.module_utils import basic

os.environ['HOME'] = '/home/oracle'
os.environ['FOO'] = 'bar'
os.environ.pop('UNSET', None)

# What may arrive, as JSON text, so that 1.0 and 1 and big numbers stay what they are.
SCALARS = [
    'true', 'false', '0', '1', '2', '-1', '-0', '8', '8.0', '8.5', '1.50', '-0.0', '1e3', '1e16', '1e-5', '1E400', '123456789012345680.0',
    '9007199254740993', '9223372036854775807', '-9223372036854775808', '9223372036854775808', '1e22',
    '"8"', '" 8 "', '"\\n8\\t"', '"010"', '"1_000"', '"_1"', '"1_"', '"1__0"', '"+5"', '"-5"', '"- 5"', '"8.0"', '"8.5"', '"1e3"', '"0x10"',
    '"0x1p-2"', '"1_0.5"', '".5"', '"5."', '"."', '"e5"', '"+"', '""', '" "', '"ten"', '"1,5"', '"inf"', '"-Infinity"', '"nan"', '"0b1"',
    '"y"', '"Y"', '"yes"', '"YES"', '"on"', '"true"', '"True"', '"t"', '"1"', '"n"', '"no"', '"No"', '"off"', '"false"', '"FALSE"',
    '"f"', '"0"', '" yes "', '"1.0"', '"2"', '"maybe"', '1.0', '0.0', '0.5',
    '"a"', '"a,b"', '"a, b"', '"a,,b"', '","', '"a b"', '"tête-à-tête"', '"a\\nb"', '"[1, 2]"',
    '[]', '["a"]', '["a", "b,c"]', '[1, 2]', '["1", "2"]', '[1, "x", 2.5, true]', '[null]', '[[1], [2]]', '[{"a": 1}]', '["k=v", {"a": "b"}]',
    '{}', '{"a": 1}', '{"a": {"b": [1, null, true]}}',
    '"{\\"a\\": 1}"', '"{\\"a\\": {\\"b\\": [1, \\"x\\"]}}"', '"{broken"', '"{}"', '"{\'a\': 1}"', '"{\'a\': None, \'b\': True}"', '"{1, 2}"',
    '"a=1"', '"a=1,b=2"', '"a=1, b=2"', '"a=1 b=2"', '" a=1 "', '"a=1,b"', '"a="', '"=1"', '"a=b=c"', '"a=\'x y\' b=\\"1,2\\""',
    '"a=x\\\\ y"', '"a=\'it\\\\\'s\'"', '"a=1,,b=2"', '"a=\'open"', '"a=1,a=2"', '"a=tête"', '" {\\"a\\": 1}"',
    '"~/x"', '"~"', '"~root/x"', '"~nobodyhere/x"', '"/a/$FOO/${FOO}/$UNSET/${UNSET}/b"', '"a~b"', '"$FOO"', '"$"', '"${"', '"//a/../b/"',
]
KINDS = ['str', 'path', 'int', 'float', 'bool', 'list', 'dict', 'raw']
ELEMENTS = ['str', 'int', 'float', 'bool', 'dict', 'path']

# The same options as the struct in golden_test.go.
SPEC = {
    'name': {'type': 'str', 'required': True, 'aliases': ['title']},
    'state': {'type': 'str', 'choices': ['present', 'absent'], 'default': 'present'},
    'power': {'type': 'str', 'choices': ['on', 'off', 'auto']},
    'kinds': {'type': 'list', 'elements': 'str', 'choices': ['a', 'b', 'c']},
    'amount': {'type': 'int', 'default': 10, 'aliases': ['count', 'number']},
    'ratio': {'type': 'float'},
    'force': {'type': 'bool', 'default': False},
    'place': {'type': 'dict', 'options': {
        'host': {'type': 'str', 'required': True},
        'port': {'type': 'int', 'default': 80, 'aliases': ['p']},
        'mode': {'type': 'str', 'choices': ['tcp', 'udp']}}},
    'reports': {'type': 'list', 'elements': 'dict', 'options': {
        'path': {'type': 'path', 'required': True},
        'format': {'type': 'str', 'choices': ['html', 'json'], 'default': 'html'}}},
    'one': {'type': 'str'}, 'two': {'type': 'str'}, 'three': {'type': 'str'}, 'four': {'type': 'str'}, 'five': {'type': 'str'},
}
RULES = {
    'mutually_exclusive': [['one', 'two']],
    'required_together': [['three', 'four']],
    'required_if': [['state', 'absent', ['ratio', 'kinds']], ['amount', 7, ['ratio', 'kinds'], True]],
    'required_by': {'five': ['one', 'ratio']},
}
CALLS = [
    '{"name": "x"}', '{"title": "x"}', '{"name": "x", "title": "y"}', '{"name": "x", "count": 3, "number": 4}', '{"name": "x", "amount": "5", "count": 3}',
    '{}', '{"name": "x", "foo": 1}', '{"name": "x", "foo": 1, "bar": 2}', '{"name": "x", "Name": "y"}',
    '{"name": "x", "state": "foo"}', '{"name": "x", "state": ""}', '{"name": "x", "state": "Present"}', '{"name": "x", "power": true}',
    '{"name": "x", "power": false}', '{"name": "x", "power": "True"}', '{"name": "x", "power": "yes"}', '{"name": "x", "kinds": "a,b"}', '{"name": "x", "kinds": ["a", "z", "y"]}', '{"name": "x", "kinds": "a, b"}',
    '{"name": "x", "place": {}}', '{"name": "x", "place": {"host": "h"}}', '{"name": "x", "place": "host=h,port=8080"}', '{"name": "x", "place": {"host": "h", "p": "9"}}',
    '{"name": "x", "place": {"host": "h", "prt": 1}}', '{"name": "x", "place": {"host": "h", "mode": "sctp"}}',
    '{"name": "x", "reports": [{"path": "~/a"}, {"path": "/b", "format": "json"}]}', '{"name": "x", "reports": {"path": "/a"}}', '{"name": "x", "reports": ["path=/a"]}',
    '{"name": "x", "one": "1", "two": "2"}', '{"name": "x", "three": "3"}', '{"name": "x", "three": "3", "four": "4"}', '{"name": "x", "state": "absent"}',
    '{"name": "x", "state": "absent", "ratio": 1}', '{"name": "x", "state": "absent", "ratio": 1, "kinds": ["a"]}', '{"name": "x", "amount": "7"}',
    '{"name": "x", "amount": 7, "ratio": 1}', '{"name": "x", "five": "5"}', '{"name": "x", "five": "5", "one": "1"}', '{"name": "x", "five": "5", "one": "1", "ratio": "2"}',
    '{"name": "x", "force": "on"}', '{"name": 5}',
]


class Done(Exception):
    pass


def run(arguments, spec, rules=None):
    """The module's answer: its parameters, or its message."""
    basic._ANSIBLE_ARGS = ('{"ANSIBLE_MODULE_ARGS": %s}' % arguments).encode()
    basic.AnsibleModule._log_invocation = lambda self: None
    basic._load_params.__globals__['_ANSIBLE_ARGS'] = basic._ANSIBLE_ARGS
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            module = basic.AnsibleModule(argument_spec=spec, **(rules or {}))
    except SystemExit:
        return {'ok': False, 'msg': json.loads(out.getvalue())['msg']}
    return {'ok': True, 'params': module.params}


def one(text, spec):
    """What becomes of one value."""
    answer = run('{"v": %s}' % text, {'v': spec})
    if answer['ok']:
        value = answer['params']['v']
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            value = {'unwritable': repr(value)}
        return {'ok': True, 'value': value}
    return answer


def main():
    values = []
    for text in SCALARS:
        for kind in KINDS:
            values.append(dict(one(text, {'type': kind}), type=kind, input=text))
        for elements in ELEMENTS:
            values.append(dict(one(text, {'type': 'list', 'elements': elements}), type='list', elements=elements, input=text))
    calls = [dict(run(text, SPEC, RULES), input=text) for text in CALLS]
    golden = {'ansible_core': release.__version__, 'values': values, 'calls': calls}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'golden.json'), 'w', encoding='utf-8') as file:
        file.write('{"ansible_core": %s,\n"values": [\n' % json.dumps(golden['ansible_core']))
        file.write(',\n'.join(json.dumps(v, ensure_ascii=False, sort_keys=True) for v in values))
        file.write('\n],\n"calls": [\n')
        file.write(',\n'.join(json.dumps(v, ensure_ascii=False, sort_keys=True) for v in calls))
        file.write('\n]}\n')


if __name__ == '__main__':
    main()
