"""The misbehaving programs of tests/children/, as text to put into an application."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "children"


def child(name: str) -> str:
    return (FOLDER / name).read_text()


def all_children() -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(FOLDER.glob("*.py"))}
