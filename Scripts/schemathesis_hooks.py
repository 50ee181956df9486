"""What schemathesis cannot make up: addresses of a chain, which carry a checksum.

The test names some of the served chain, with spaces between, in TONGZHOU_ADDRESSES.
"""

import os

import schemathesis
from hypothesis import strategies

ADDRESSES = os.environ["TONGZHOU_ADDRESSES"].split()

schemathesis.openapi.format("tongzhou-address", strategies.sampled_from(ADDRESSES))
