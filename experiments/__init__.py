"""Full-scale runs behind the figures that the book quotes.

``python -m experiments`` repeats all of them, ``python -m experiments 05-digits`` what writes one file of
``book/results``, ``python -m experiments targets_mnist`` all files of a module. A run that is finished is kept,
outside git, so that a sweep can be stopped and goes on; ``--short`` tries everything in minutes.
"""
