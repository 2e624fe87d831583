"""help() of a small function."""


def function(number=1):
    """Do something.

    In detail.
    """


class Small:
    """A small class."""

    value = 3

    def method(self):
        """A method."""


help(function)
help(Small)
help("no such topic")
