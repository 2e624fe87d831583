"""A call over several lines."""


def function(*values):
    raise ValueError(values)


function(
    1,
    2,
    function.__name__,
)
