"""What the tests of the verifier share: a chain of their own, one file of each kind that holds, and its changes."""
import copy
import unittest

import synthetic as s
import tongzhou_verify as v

CHAIN, SHOWN, CASES = s.example()
HEARTS = s.Hearts.example()
ASKED = {"table": "nullifiers", "ordinal": 2}


def files():
    """One file of each kind that holds, with the question that a state proof answers."""
    return {"receipt": (CHAIN.receipt(), {}), "statement": (CHAIN.statement(SHOWN, CASES), {}),
            "state-proof": (CHAIN.state_proof(**{"name": "nullifiers", "ordinal": 2}), ASKED),
            "absence": (CHAIN.absence("nullifiers", bytes([50]) * 32, [1, 3]), {}),
            "way": (CHAIN.way(5, [HEARTS.steps[name] for name in s.MEAL]), {})}


class VerifyTests(unittest.TestCase):
    def refused(self, code, file, chain=CHAIN, **question):
        with self.assertRaises(v.Refused) as caught:
            chain.verify(file, **question)
        self.assertEqual(caught.exception.code, "proof." + code, caught.exception.why)

    def changed(self, kind, *steps, to):
        """A file of a kind with one member changed."""
        file = copy.deepcopy(files()[kind][0])
        at = file
        for step in steps[:-1]:
            at = at[step]
        at[steps[-1]] = to
        return file
