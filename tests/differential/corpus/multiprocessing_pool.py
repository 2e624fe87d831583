"""A pool."""

import multiprocessing


def square(number):
    return number * number


def fail(number):
    raise ValueError(number)


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(square, range(10)), pool.apply(square, (12,)))
        print(sorted(pool.imap_unordered(square, range(5))), pool.starmap(pow, [(2, 3), (3, 2)]))
        try:
            pool.apply(fail, (5,))
        except ValueError as error:
            print(error, type(error.__cause__).__name__)
