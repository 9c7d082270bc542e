"""The exercises of chapter 5, target propagation."""

from helpers.chapters.chapter5.exercises.networks import published_rule, sampling_layer, silent_arrays
from helpers.chapters.chapter5.exercises.targets import (
    angle_between,
    difference_target,
    first_target,
    local_update,
    reconstruction,
    two_stages,
)

__all__ = [
    "angle_between",
    "difference_target",
    "first_target",
    "local_update",
    "published_rule",
    "reconstruction",
    "sampling_layer",
    "silent_arrays",
    "two_stages",
]
