"""The exercises of chapter 1, computational graphs."""

from helpers.chapters.chapter1.exercises.graphs import children, divide
from helpers.chapters.chapter1.exercises.layers import affine_backward, relu_layer, sigmoid_layer, tanh_layer
from helpers.chapters.chapter1.exercises.learning import (
    learning_rate,
    numerical_gradient,
    softmax_gradient,
    update_in_place,
)

__all__ = [
    "affine_backward",
    "children",
    "divide",
    "learning_rate",
    "numerical_gradient",
    "relu_layer",
    "sigmoid_layer",
    "softmax_gradient",
    "tanh_layer",
    "update_in_place",
]
