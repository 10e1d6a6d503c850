"""Values of the read side out of the plain ones that JSON holds."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from index.errors import InputError
from index.text.messages import describe

__all__ = ["made"]

T = TypeVar("T")

_hints = cache(get_type_hints)


def made(kind: type[T], values: Mapping[str, Any]) -> T:
    """The dataclass that ``values`` hold the fields of, those with defaults maybe left out.

    Names that it does not know are of a later release, and are passed over. Raises InputError for
    what is missing or of another type.
    """
    if not isinstance(values, Mapping):
        raise InputError(f"A dictionary of a {kind.__name__} is needed, not {describe(values)}.")
    hints = _hints(cast("Any", kind))
    found = {}
    for field in fields(cast("Any", kind)):
        if field.name in values:
            found[field.name] = _value(kind, field.name, hints[field.name], values[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise InputError(f"The dictionary of a {kind.__name__} has no {field.name}.")
    return kind(**found)


def _value(kind: type, name: str, hint: Any, value: Any) -> Any:
    if isinstance(hint, UnionType):
        if value is None:
            return None
        hint = get_args(hint)[0]
    if get_origin(hint) is tuple and isinstance(value, list | tuple):
        args = get_args(hint)
        hints = args if args[-1] is not ... else args[:1] * len(value)
        if len(hints) == len(value):
            pairs = zip(hints, value, strict=True)
            return tuple(_value(kind, name, one, item) for one, item in pairs)
    elif is_dataclass(hint) and isinstance(value, Mapping):
        from_dict = getattr(hint, "from_dict", None)
        return from_dict(value) if from_dict else made(cast("type", hint), value)
    elif _fits(hint, value):
        return hint(value)
    raise InputError(f"{name} of a {kind.__name__} cannot be {describe(value)}.")


def _fits(hint: Any, value: Any) -> bool:
    """Whether a plain value is of a type, or becomes one without loss."""
    hint = get_origin(hint) or hint
    if issubclass(hint, Enum):
        return value in {one.value for one in hint}
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, int | float) if hint is float else isinstance(value, hint)
