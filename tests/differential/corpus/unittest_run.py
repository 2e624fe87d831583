"""unittest in the main module."""

import sys
import unittest


class Tests(unittest.TestCase):
    def test_good(self):
        self.assertEqual(1, 1)

    def test_skipped(self):
        self.skipTest("reason")

    def test_bad(self):
        self.assertEqual([1, 2], [1, 3])


result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]).run(result)
print(result)
print(result.failures[0][1])
sys.exit(not result.wasSuccessful())
