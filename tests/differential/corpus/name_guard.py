"""The usual guard."""


def main():
    print("runs as", __name__)
    return 3


if __name__ == "__main__":
    raise SystemExit(main())
