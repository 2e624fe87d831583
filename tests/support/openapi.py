"""The served OpenAPI document as a list of operations with example requests."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

METHODS = ("get", "put", "post", "delete", "patch", "head")


@dataclass(frozen=True)
class Operation:
    method: str  # "GET"
    path: str  # as documented, with {names}
    description: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def statuses(self) -> set[str]:
        return set(self.description["responses"])

    def needs_token(self, document: dict[str, Any]) -> bool:
        return bool(self.description.get("security", document.get("security", [])))

    def is_web_socket(self) -> bool:
        return "101" in self.statuses

    def target(self, values: dict[str, str], prefix: str) -> str:
        """The request target, every {name} filled in."""
        filled = re.sub(r"\{(\w+)\}", lambda match: quote(values[match.group(1)], safe="/"), self.path)
        return filled if filled.startswith(prefix) or filled in ("/healthz", "/metrics") else prefix + filled

    def schema(self, status: str) -> dict[str, Any] | None:
        content = self.description["responses"].get(status, {}).get("content", {})
        found = content.get("application/json", {}).get("schema")
        return dict(found) if found is not None else None


def operations(document: dict[str, Any]) -> list[Operation]:
    return [
        Operation(method.upper(), path, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]


def resolved(document: dict[str, Any], value: Any, depth: int = 0) -> Any:
    """A copy of `value` with local $refs replaced by what they name."""
    assert depth < 40, "a $ref names itself"
    if isinstance(value, list):
        return [resolved(document, one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        found: Any = document
        for part in str(value["$ref"]).removeprefix("#/").split("/"):
            found = found[part]
        return resolved(document, found, depth + 1)
    return {key: resolved(document, one, depth + 1) for key, one in value.items()}
