"""Imported by Python at its start where this folder is in ``PYTHONPATH``: so in every kernel of a perturbed run."""

import perturbation  # noqa: F401 (importing it is what counts)
