"""Who gets the credit: one file for each learning rule, found by its name.

A file of a rule defines `make_rule(network, rng)`, which returns the rule with its usual settings for a network.
To add a rule is to add a file; no other is edited. ``contract`` says what every rule promises.
"""

import pkgutil
from importlib import import_module

import numpy as np

from helpers.networks.arguments import check_draw
from helpers.networks.network import Network, Rule


def names() -> list[str]:
    """Return the names of all rules, in the order of the alphabet: those of the files that define `make_rule`."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [name for name in found if hasattr(import_module(f"{__name__}.{name}"), "make_rule")]


def make(name: str, network: Network, rng: np.random.Generator) -> Rule:
    """Return a rule by its name, with its usual settings.

    Parameters
    ----------
    name : str
        One of `names`, such as ``"feedback_alignment"``.
    network : Network
        What it is to train; gives the shapes of what the rule brings along.
    rng : numpy.random.Generator
        Source of whatever the rule draws.

    Returns
    -------
    Rule

    Raises
    ------
    TypeError
        If rng is no generator.
    ValueError
        If there is no rule of this name.
    """
    check_draw(rng)
    if name not in names():
        raise ValueError(f"no rule is called {name!r}: choose from {names()}")
    return import_module(f"{__name__}.{name}").make_rule(network, rng)
