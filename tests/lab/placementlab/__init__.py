# SPDX-License-Identifier: Apache-2.0
"""A real OpenStack control plane on loopback, for tests and the demo.

The map, from the outside in:

    cli         the commands and their exit codes
    profiles    what `up` does, step by step, for each profile
    packages    apt packages and the virtualenv
    stores      MariaDB, RabbitMQ, memcached
    identity, placement, image, compute, hosts    one module per service
    accounts    the identity catalogue, flavors, servers: what a cloud needs beside its services
    faults/     the seeds, one module per fault
    config      templates of ../etc -> files of one instance
    cloud       requests to the services
    layout      where an instance keeps what, and on which ports
    process     daemons by pidfile
    steps       timed steps, `LabError`

Nothing but the standard library is imported, so `/usr/bin/python3` alone runs it.
"""
