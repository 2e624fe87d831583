"""An exception while another is handled."""


def read():
    try:
        {}["missing"]
    except KeyError:
        raise ValueError("while handling")  # noqa: B904


read()
