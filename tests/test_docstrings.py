"""Docstrings of the package: complete where they must be, and their examples run.

A function of two or more arguments says what each is and what comes back; whatever can raise says what it raises.
"""

import ast
import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterable, Iterator

import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate

import helpers

#: No docstring, no Parameters, unknown ones, wrong order, no Returns.
MISSING, PARAMETERS, UNKNOWN, ORDER, RETURNS = "GL08", "PR01", "PR02", "PR03", "RT01"

MODULES = sorted(module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers."))


def public_definitions(modules: Iterable[str]) -> Iterator[str]:
    """Names of the public functions, classes and methods of some modules, each where it is defined."""
    for module_name in modules:
        module = importlib.import_module(module_name)
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module_name:
                continue
            if inspect.isfunction(value):
                yield f"{module_name}.{name}"
            elif inspect.isclass(value):
                yield f"{module_name}.{name}"
                functions = {key: part for key, part in vars(value).items() if inspect.isfunction(part)}
                yield from (
                    f"{module_name}.{name}.{method}"
                    for method, body in functions.items()
                    if not method.startswith("_") and body.__qualname__ == f"{name}.{method}"  # no default of a field
                )


def resolve(name: str) -> tuple[object, object | None]:
    """What a name stands for, and the class around it, if there is one."""
    module = next(module for module in reversed(MODULES) if name.startswith(f"{module}."))
    around, found = None, importlib.import_module(module)
    for part in name.removeprefix(f"{module}.").split("."):
        around, found = found, getattr(found, part)
    return found, around if inspect.isclass(around) else None


def arguments(thing: object) -> int:
    """How many arguments a function, or the constructor of a class of its own, takes; self is none."""
    if inspect.isclass(thing) and ("__init__" not in vars(thing) or getattr(thing, "_is_protocol", False)):
        return 0
    return len([name for name in inspect.signature(thing).parameters if name != "self"])


def undescribed_fields(thing: type) -> list[str]:
    """Fields of a dataclass that neither its Parameters nor its Attributes tell of."""
    document = get_doc_object(thing, config={"show_class_members": False})
    described = {
        name.strip()
        for section in ("Parameters", "Attributes")
        for parameter in document[section]
        for name in parameter.name.split(",")
    }
    return sorted({field.name for field in dataclasses.fields(thing) if field.init} - described)


def raises(thing: object) -> bool:
    """Whether a function, or the constructor or call of a class, raises by itself or calls a check."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    bodies = ast.walk(tree)
    if inspect.isclass(thing):
        special = ("__init__", "__post_init__", "__call__")
        methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in special]
        bodies = (node for method in methods for node in ast.walk(method))
    for node in bodies:
        if isinstance(node, ast.Raise) and node.exc is not None:
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1].startswith(("check_", "required_")):
            return True
    return False


def told_by_a_base(name: str) -> bool:
    """Whether a method is one of those that a base class tells of, such as ``evaluate`` of a kind of node."""
    _, around = resolve(name)
    bases = around.__mro__[1:] if around else ()
    return any(f"``{name.rpartition('.')[2]}(" in (base.__doc__ or "") for base in bases)


def only_raises(thing: object) -> bool:
    """Whether a function is a check: its first line says what it raises, and the error says the rest."""
    return (inspect.getdoc(thing) or "").startswith("Raise ")


def says_what_it_raises(thing: object) -> bool:
    """Whether a docstring has a Raises section, or its first line tells of an error."""
    text = inspect.getdoc(thing) or ""
    return "\nRaises\n------\n" in text or only_raises(thing) or ", or raise " in text.split("\n\n")[0]


def faults(name: str) -> list[str]:
    """What a docstring lacks, in words."""
    thing, around = resolve(name)
    codes = {ORDER} if told_by_a_base(name) else {MISSING, ORDER}
    if dataclasses.is_dataclass(thing):
        found = [f"Field {field} not described" for field in undescribed_fields(thing)]
    else:
        found, codes = [], codes | {UNKNOWN}
        if arguments(thing) >= 2 and not only_raises(thing):
            codes |= {PARAMETERS} if inspect.isclass(thing) else {PARAMETERS, RETURNS}
    found += [words for code, words in validate(name)["errors"] if code in codes]
    documented = says_what_it_raises(thing) or (around is not None and says_what_it_raises(around))
    return found + (["Can raise and has no Raises section"] if raises(thing) and not documented else [])


@pytest.mark.parametrize("name", sorted(public_definitions(MODULES)))
def test_a_docstring_says_what_goes_in_what_comes_out_and_what_is_refused(name: str) -> None:
    assert not faults(name)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


#: A reference of one line that begins with one initial: docutils reads it as the first item of a list.
LISTED = re.compile(r"^\s*\.\. \[\d+\] [A-Z]\. (?![A-Z]\.).*\n(?!\s+\S)", re.MULTILINE)


@pytest.mark.parametrize("name", MODULES)
def test_no_reference_is_read_as_a_list(name: str) -> None:
    source = inspect.getsource(importlib.import_module(name))
    assert LISTED.findall(source) == []


def test_a_reference_that_is_read_as_a_list_is_seen() -> None:
    assert LISTED.findall(".. [1] I. Kaneko, A method, 1999.\n")
    assert not LISTED.findall(".. [1] Isamu Kaneko, A method, 1999.\n.. [2] J. Werfel and X. Xie, Curves,\n   2005.\n")
