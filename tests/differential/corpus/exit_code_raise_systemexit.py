"""SystemExit raised by itself."""


def leave():
    raise SystemExit


try:
    leave()
finally:
    print("finally")
