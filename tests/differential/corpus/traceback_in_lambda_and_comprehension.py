"""Frames of lambdas and comprehensions."""

values = [1, 2, 0]
try:
    [1 / value for value in values]
except ZeroDivisionError as error:
    frame = error.__traceback__
    while frame:
        print(frame.tb_frame.f_code.co_name, frame.tb_lineno)
        frame = frame.tb_next
list(map(lambda value: sum(1 / x for x in [value]), values))
