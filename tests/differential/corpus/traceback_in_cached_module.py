"""A traceback through the standard library."""

import json


class Strange:
    pass


json.dumps({"key": [Strange]}, default=lambda value: {value: 1}[0])
