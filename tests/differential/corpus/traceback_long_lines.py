"""A traceback with long and wide lines."""

value = {"ключ": "значение", "日本": None, "long": "x" * 10}


def find(*names):
    return value["日本"].attribute if names else value["ключ"] + value["long"] + value["日本"]


try:
    find(1)
except AttributeError as error:
    print(error)
find()
