"""Every experiment, in the order of the book."""

from collections.abc import Sequence

from experiments import (
    credit_confirmed,
    credit_depth,
    credit_parity,
    credit_samples,
    error_diffusion_activations,
    error_diffusion_classes,
    error_diffusion_depth,
    error_diffusion_gradient,
    error_diffusion_logic,
    error_diffusion_routed,
    error_diffusion_wave,
    gain_fields,
    mnist_two_layer,
    targets_digits,
    targets_mnist,
    targets_mnist_three,
    targets_noise,
    targets_signs,
    zipser_andersen,
    zipser_andersen_pairs,
    zipser_andersen_rates,
)
from experiments.sweep import Experiment

MODULES = (
    mnist_two_layer,
    zipser_andersen_rates,
    zipser_andersen,
    zipser_andersen_pairs,
    gain_fields,
    error_diffusion_logic,
    error_diffusion_depth,
    error_diffusion_gradient,
    error_diffusion_classes,
    error_diffusion_routed,
    error_diffusion_activations,
    error_diffusion_wave,
    targets_digits,
    targets_signs,
    targets_mnist,
    targets_mnist_three,
    targets_noise,
    credit_depth,
    credit_confirmed,
    credit_parity,
    credit_samples,
)

#: By the name of the module.
BY_MODULE = {module.__name__.rpartition(".")[2]: module.EXPERIMENTS for module in MODULES}

#: By the name of the result file.
EXPERIMENTS = {experiment.name: experiment for several in BY_MODULE.values() for experiment in several}


def named(names: Sequence[str]) -> list[Experiment]:
    """Return the experiments of some result files or modules; all of them for no name.

    Raises
    ------
    ValueError
        If there is none of a name.
    """
    unknown = [name for name in names if name not in EXPERIMENTS and name not in BY_MODULE]
    if unknown:
        raise ValueError(f"no experiment is called {unknown[0]!r}: choose from {sorted({*EXPERIMENTS, *BY_MODULE})}")
    if not names:
        return list(EXPERIMENTS.values())
    return [one for name in names for one in BY_MODULE.get(name) or [EXPERIMENTS[name]]]
