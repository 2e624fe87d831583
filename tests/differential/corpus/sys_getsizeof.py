"""Relations of sizes."""

import sys

print(sys.getsizeof("a" * 100) - sys.getsizeof("a" * 50))
print(sys.getsizeof(b"x" * 10) - sys.getsizeof(b""))
print(sys.getsizeof([1, 2, 3]) > sys.getsizeof([]))
print(sys.getsizeof("é") > sys.getsizeof("e"))
print(sys.getsizeof(2**64) > sys.getsizeof(1))
print(sys.getsizeof(object()), sys.getsizeof(1.0))
