"""Full-scale runs behind the figures that the book quotes.

Each module is a command, such as ``python -m experiments.mnist_two_layer``, that writes one
file of ``book/results``; ``python -m experiments`` runs them all.
"""
