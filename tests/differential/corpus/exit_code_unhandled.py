"""An exception of the script's own class."""


class AppError(Exception):
    pass


raise AppError("with arguments", 2, None)
