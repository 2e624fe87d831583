"""A recursion of two functions."""


def ping(number):
    return pong(number + 1)


def pong(number):
    return ping(number + 1)


ping(0)
