"""What the package offers: every public function, method and constructor that takes something."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import helpers

MODULES = sorted(module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers."))

#: Methods that are called without their name.
SPECIAL = ("__call__", "__getitem__")


def takes_something(thing: Callable) -> bool:
    """Whether anything can be handed to a callable, beside the object itself."""
    return any(name not in ("self", "cls", "_") for name in inspect.signature(thing).parameters)


def has_a_constructor(kind: type) -> bool:
    """Whether a class says itself how its objects are made: exceptions, protocols and plain bases do not."""
    own = "__init__" in vars(kind) or "__new__" in vars(kind)
    return own and not getattr(kind, "_is_protocol", False)


def methods(kind: type) -> Iterator[tuple[str, Callable]]:
    """The methods that a class defines itself, class methods bound to it."""
    for name, part in vars(kind).items():
        function = part.__func__ if isinstance(part, classmethod | staticmethod) else part
        if not inspect.isfunction(function) or (name.startswith("_") and name not in SPECIAL):
            continue
        if function.__qualname__ == f"{kind.__qualname__}.{name}":  # no default of a field
            yield name, getattr(kind, name)


def public() -> dict[str, Callable]:
    """Every public callable by its name, without ``helpers.``; a class stands for its constructor."""
    found: dict[str, Callable] = {}
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        for name, thing in vars(module).items():
            if name.startswith("_") or not callable(thing) or getattr(thing, "__module__", None) != module_name:
                continue
            label = f"{module_name}.{name}".removeprefix("helpers.")
            if not inspect.isclass(thing):
                if inspect.isroutine(inspect.unwrap(thing)):
                    found[label] = thing
                continue
            if has_a_constructor(thing):
                found[label] = thing
            if not getattr(thing, "_is_protocol", False):
                found |= {f"{label}.{method}": body for method, body in methods(thing)}
    return {label: thing for label, thing in found.items() if takes_something(thing)}
