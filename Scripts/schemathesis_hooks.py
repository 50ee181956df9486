"""What schemathesis cannot make up: addresses of a chain, which carry a checksum, and names of its events.

The test names some of the served chains: TONGZHOU_ADDRESSES, with spaces between, and TONGZHOU_EVENT.
"""

import os

import schemathesis
from hypothesis import strategies

ADDRESSES = os.environ["TONGZHOU_ADDRESSES"].split()

schemathesis.openapi.format("tongzhou-address", strategies.sampled_from(ADDRESSES))
schemathesis.openapi.format("tongzhou-event", strategies.just(os.environ["TONGZHOU_EVENT"]))
