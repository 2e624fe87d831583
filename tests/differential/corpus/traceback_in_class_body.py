"""An exception in a class's body and a decorator."""


def decorate(cls):
    raise TypeError(cls.__name__)


try:

    class Outer:
        class Inner:
            value = undefined_name
except NameError as error:
    print(error, error.__traceback__.tb_next.tb_frame.f_code.co_name)


@decorate
class Decorated:
    pass
