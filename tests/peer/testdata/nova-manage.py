#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `nova-manage placement audit --verbose` for each line of standard input, each time in a process of its own.

Nova is imported once: that takes longer than the command. Arguments: the configuration and the log file.
"""
import os
import sys

sys.argv = ["nova-manage", "--config-file", sys.argv[1], "--log-file", sys.argv[2], "placement", "audit", "--verbose"]

from nova.cmd.manage import main  # noqa: E402 (Nova looks at sys.argv while it is imported)

print("ready", flush=True)
while os.read(0, 1):
    child = os.fork()
    if child == 0:
        code = main()
        sys.stdout.flush()
        os._exit(code or 0)
    print("exit", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
