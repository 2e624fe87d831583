"""input() without input."""

try:
    input("question? ")
except EOFError as error:
    print("end:", error)
print("next", flush=True)
input()
