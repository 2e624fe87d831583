"""A long recursion."""


def down(number):
    return down(number + 1)


down(0)
