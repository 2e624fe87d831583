"""Generators that are left open."""


def generator(name):
    try:
        yield 1
    finally:
        print("closed", name)


one = generator("one")
next(one)
never_started = generator("never started")


async def agenerator():
    yield 1


two = agenerator()
print("end")
