"""The marks below parts of a line."""

data = {"a": {"b": [1, 2, None]}}


def find():
    return data["a"]["b"][1] + data["a"]["b"][2]["c"] + 5


find()
