"""Values to JSON texts; what is none is named by where it is."""

from __future__ import annotations

import json
import math

from ompy.appmanager.errors import AmError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

_JSON_BYTES = 1 << 20
_KEYS = (str, int, float, bool, type(None))  # those that json.dumps writes as text


def json_text(name: str, value: Any) -> str:
    """The value as JSON; AmError that names the place, such as ``params['rates'][3]``, when it cannot be.

    ``too_large`` above the megabyte that the platform takes.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        size = len(text.encode("utf-8"))
    except RecursionError:
        raise AmError(f"{name}: nested too deeply for JSON", "invalid_argument") from None
    except (TypeError, ValueError) as error:
        place = _first_fault(name, value, 0) or f"{name}: {error}"
        raise AmError(f"{place}; it cannot be written as JSON", "invalid_argument") from None
    if size > _JSON_BYTES:
        raise AmError(f"{name}: {size} bytes, at most {_JSON_BYTES} are possible", "too_large")
    return text


def _first_fault(place: str, value: Any, depth: int) -> Optional[str]:
    if depth > 100:  # far enough for a person; a circle has no end
        return None
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, _KEYS):
                return f"{place}: the key {key!r} is {_kind(key)}"
            fault = _first_fault(f"{place}: key", key, depth + 1) or _first_fault(f"{place}[{key!r}]", item, depth + 1)
            if fault is not None:
                return fault
        return None
    if isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            fault = _first_fault(f"{place}[{number}]", item, depth + 1)
            if fault is not None:
                return fault
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return f"{place}: {value!r} is no number"
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return f"{place}: half a character in {value!r}"
        return None
    return None if isinstance(value, _KEYS) else f"{place}: {_kind(value)}"


def _kind(value: object) -> str:
    return f"of type {type(value).__name__}"
