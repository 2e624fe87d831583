"""What does not depend on hashes."""

print({"b": 1, "a": 2, "c": 3}, list(dict.fromkeys("hello")))
print({3, 1, 2}, sorted({"b", "a"}), frozenset([10, 5]))
print(sorted({"x": 1, "y": 2}.items() & {"x": 1}.items()))
print(list(vars(type("T", (), {"z": 1, "y": 2})))[:2])
