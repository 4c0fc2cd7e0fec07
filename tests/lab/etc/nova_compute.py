# SPDX-License-Identifier: Apache-2.0
"""nova-compute with the fake driver, made to identify itself as a real hypervisor does.

LAB_HYPERVISOR is its hostname, which the fake driver would take from [DEFAULT] host. From 2023.1 on, a real driver
keeps the node's UUID in state_path/compute_id; the fake one would make a new UUID with each start.
"""
import os
import sys

sys.argv[0] = "nova-compute"

from nova.cmd.compute import main  # noqa: E402 (Nova looks at sys.argv while it is imported)
from nova.virt import fake  # noqa: E402

try:
    from nova.virt.node import get_local_node_uuid
except ImportError:  # before 2023.1
    get_local_node_uuid = None


def init_host(self, host):
    """Takes the hypervisor hostname from the environment."""
    self._host = host
    self._set_nodes([os.environ["LAB_HYPERVISOR"]])


def names_by_uuid(self, refresh=False):
    """The one node of this host, by the UUID in its compute_id file."""
    return {get_local_node_uuid(): self.get_available_nodes()[0]}


def with_local_uuid(get_available_resource):
    """Reports that same UUID with the resources."""
    def get(self, nodename):
        return {**get_available_resource(self, nodename), "uuid": get_local_node_uuid()}
    return get


fake.FakeDriver.init_host = init_host
if get_local_node_uuid:
    fake.FakeDriver.get_nodenames_by_uuid = names_by_uuid
    fake.FakeDriver.get_available_resource = with_local_uuid(fake.FakeDriver.get_available_resource)

if __name__ == "__main__":
    sys.exit(main())
