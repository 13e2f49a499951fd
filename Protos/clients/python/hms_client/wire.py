"""Between values of Python and JSON of the API."""

from __future__ import annotations

import base64
import dataclasses
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote, unquote

from .money import Money

T = TypeVar("T")
JSONObject = Mapping[str, Any]


class Unset(Enum):
    """That a change does not name a field. `None` clears it instead."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET


class Named(StrEnum):
    """An enum of the API. A name that this client does not know yet is kept as it is."""

    @classmethod
    def _missing_(cls, value: object) -> Named | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member


class Record:
    """What the API takes or answers as an object. Subclasses are frozen dataclasses."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """The record as the API writes it."""
        fields = dataclasses.fields(cast(Any, self))
        values = {field.name.removesuffix("_"): getattr(self, field.name) for field in fields}
        return {name: encode(value) for name, value in values.items() if value is not None}


# From Python


def encode(value: object) -> Any:
    """The JSON of one value."""
    match value:
        case Record():
            return value.to_json()
        case Enum():
            return value.value
        case Money():
            return value.minor
        case datetime():
            if value.tzinfo is None:
                raise ValueError(f"a time needs its zone: {value!r}")
            return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case timedelta():
            return f"{Decimal(value // timedelta(microseconds=1)) / 1_000_000:f}s"
        case bytes():
            return base64.b64encode(value).decode()
        case Mapping():
            return {str(key): encode(inner) for key, inner in value.items()}
        case str():
            return value
        case Sequence():
            return [encode(element) for element in value]
    return value


def given(**values: object) -> dict[str, Any]:
    """A body of what is given; what is None is left out."""
    return {name.removesuffix("_"): encode(value) for name, value in values.items() if value is not None}


def changes(**values: object) -> dict[str, Any]:
    """A body of what changes: None clears a field, UNSET leaves it as it is."""
    return {name.removesuffix("_"): encode(value) for name, value in values.items() if value is not UNSET}


def query(**values: object) -> list[tuple[str, str]]:
    """The parameters of what is given; a list is one of several of the same name."""
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        if value is None:
            continue
        encoded = encode(value)
        for one in encoded if isinstance(encoded, list) else [encoded]:
            text = ("true" if one else "false") if isinstance(one, bool) else str(one)
            found.append((name.removesuffix("_"), text))
    return found


def segment(value: object) -> str:
    """One segment of a path."""
    if value == "":
        raise ValueError("an id in a path can't be empty")
    return quote(str(encode(value)), safe="")


def field_text(text: str) -> str:
    """A line of text as a field of a request's header, which holds ASCII alone: whatever else is in it is encoded (RFC 8187)."""
    line = text.strip()
    if not 1 <= len(line) <= 500 or any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in line):
        raise ValueError("an access reason is one line of 1 to 500 characters")
    is_plain = line.isascii() and not line.lower().startswith("utf-8'")
    return line if is_plain else "UTF-8''" + quote(line, safe="")


def read_field_text(field: str) -> str:
    """What `field_text` was given."""
    charset, quoted, rest = field.partition("'")
    return unquote(rest.partition("'")[2]) if quoted and charset.lower() == "utf-8" else field


# From JSON


def need(data: JSONObject, name: str, read: Callable[[Any], T]) -> T:
    """A field that is always there."""
    return read(data[name])


def default(data: JSONObject, name: str, read: Callable[[Any], T], fallback: T) -> T:
    """A field whose absence means `fallback`."""
    value = data.get(name)
    return fallback if value is None else read(value)


def maybe(data: JSONObject, name: str, read: Callable[[Any], T]) -> T | None:
    """A field that may be absent."""
    value = data.get(name)
    return None if value is None else read(value)


def each(data: JSONObject, name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    """The elements of a list."""
    return tuple(read(element) for element in data.get(name) or ())


def table(data: JSONObject, name: str, read: Callable[[Any], T]) -> Mapping[str, T]:
    """The values of a map."""
    return {str(key): read(value) for key, value in (data.get(name) or {}).items()}


def text(value: Any) -> str:
    return str(value)


def integer(value: Any) -> int:
    return int(value)


def real(value: Any) -> float:
    return float(value)


def flag(value: Any) -> bool:
    return value is True


def binary(value: Any) -> bytes:
    return base64.b64decode(value)


def instant(value: Any) -> datetime:
    return datetime.fromisoformat(value)


def day(value: Any) -> date:
    return date.fromisoformat(value)


def duration(value: Any) -> timedelta:
    return timedelta(seconds=float(str(value).removesuffix("s")))


def json(value: Any) -> Any:
    return value


def money(data: JSONObject) -> Callable[[Any], Money]:
    """Reads amounts in the currency that `data` names, if it does."""
    currency = data.get("currency")
    return lambda value: Money(int(value), currency if isinstance(currency, str) and currency else None)
