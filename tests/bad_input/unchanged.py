"""A picture of any value, to see afterwards that nothing in it has changed."""

from types import FunctionType, MethodType
from typing import Any

import numpy as np

#: What layers and loss layers remember of their last pass.
MEMORY = {"x", "y", "mask", "gradient", "gradients", "error", "state", "sums", "below", "above"}


def picture(value: Any, but: frozenset[str] = frozenset(), seen: frozenset[int] = frozenset()) -> Any:
    """Return plain tuples that are equal if the value is the same.

    Parameters
    ----------
    value : object
    but : set of str
        Attributes that may change.
    seen : set of int
        The values around this one, which it may refer to.
    """
    if id(value) in seen:
        return "around"
    seen = seen | {id(value)}
    if isinstance(value, np.ndarray):
        parts = picture(value.tolist(), but, seen) if value.dtype == object else value.tobytes()
        return "array", value.dtype.str, value.shape, parts
    if type(value) is np.random.Generator:
        return "generator", repr(value.bit_generator.state)
    if type(value).__module__.startswith("matplotlib"):
        return "drawing", type(value).__name__, getattr(value, "stale", None)
    if isinstance(value, dict):
        return tuple((key, picture(part, but, seen)) for key, part in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return type(value).__name__, tuple(picture(part, but, seen) for part in value)
    if isinstance(value, type | np.random.Generator | FunctionType | MethodType):
        return "callable", id(getattr(value, "__func__", value))
    if hasattr(value, "__dict__"):
        kept = {name: part for name, part in vars(value).items() if name not in but}
        return type(value).__name__, picture(kept, but, seen)
    return type(value).__name__, repr(value)
