"""How long a step of backpropagation and of difference target propagation takes, beside PyTorch.

Network 784-3x240-10 with tanh, batches of 100, Adam; the inverses of DTP learn in every step, with
Adam and with noise. A step draws a fresh batch, computes the updates and makes them. PyTorch takes part
where it is installed (``pip install torch``); the book does not need it. Both start from the same
weights, and without noise they must arrive at the same weights before anything is timed. The
contestants are interleaved on one thread (see `benchmarks.interleaved`). The clock is the processor's, so that
other work on the machine disturbs less.
"""

import time
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.interleaved import REFERENCE, SEED, Contestant, command_line, measure, table
from benchmarks.pure_training import Package
from experiments.buffered_adam import BufferedAdam
from experiments.mnist import mnist
from helpers.data.datasets import Dataset
from helpers.networks.initialization import orthogonal
from helpers.networks.layers import Tanh
from helpers.networks.network import Network, Rule
from helpers.rules.difference_target_propagation import DifferenceTargetPropagation
from helpers.rules.inverses import DenoisingDecoders, denoising_decoders
from helpers.training.loop import minibatches

HIDDEN = (240, 240, 240)
BATCH_SIZE = 100
LEARNING_RATE = 1e-3
TARGET_RATE = 0.5
NOISE = 0.3
RULES = ["backpropagation", "DTP"]

#: Steps before the weights are compared, and the largest difference that float32 may leave:
#: Adam divides by the size of a gradient, so rounding of a tiny one can move a weight by a whole step.
COMPARED_STEPS = 3
TOLERANCE = 2 * LEARNING_RATE
MEAN_TOLERANCE = 1e-6


def initial(data: Dataset, noise: float) -> tuple[Network, DenoisingDecoders, np.random.Generator]:
    """Return the network and the inverses that every contestant starts from."""
    rng = np.random.default_rng(SEED)
    sizes = [data.inputs, *HIDDEN, data.classes]
    network = Network.dense(sizes, rng, activation=Tanh, initial=orthogonal)
    return network, denoising_decoders(network, rng, BufferedAdam(LEARNING_RATE), noise), rng


class Helpers(Package):
    """The package: batches, rule, optimizer."""

    def __init__(self, data: Dataset, rule: str, noise: float = NOISE):
        self.network, inverses, _ = initial(data, noise)
        self.rule: Rule = Network.gradients
        if rule == "DTP":
            self.rule = DifferenceTargetPropagation(inverses, TARGET_RATE)
        self.optimizer = BufferedAdam(LEARNING_RATE)
        self.batches = minibatches(data.train, BATCH_SIZE, np.random.default_rng(SEED))


class PyTorch:
    """PyTorch as its tutorials use it: linear modules, autograd, `torch.optim.Adam`, eager, float32."""

    def __init__(self, data: Dataset, rule: str, noise: float = NOISE):
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(SEED)
        self.torch, self.rule, self.noise = torch, rule, noise
        self.x, self.t = torch.from_numpy(data.train.x), torch.from_numpy(data.train.t)
        self.rng = np.random.default_rng(SEED)
        network, inverses, _ = initial(data, noise)
        self.up = [self.linear(layer.parameters) for layer in network.trainable]
        self.down = {i: self.linear(d.stage[0].parameters) for i, d in inverses.functions.items()}
        self.forward_optimizer = torch.optim.Adam([p for m in self.up for p in m.parameters()], LEARNING_RATE)
        self.inverse_optimizer = torch.optim.Adam(
            [p for m in self.down.values() for p in m.parameters()], LEARNING_RATE
        )

    def linear(self, parameters: dict[str, NDArray]) -> Any:
        """Return a linear module with these parameters."""
        torch = self.torch
        module = torch.nn.Linear(*parameters["W"].shape)
        with torch.no_grad():
            module.weight.copy_(torch.from_numpy(parameters["W"].T))
            module.bias.copy_(torch.from_numpy(parameters["b"]))
        return module

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds of processor time that they took."""
        step = self.backpropagation if self.rule in ("BP", "backpropagation") else self.target_propagation
        start = time.process_time()
        for _ in range(steps):
            rows = self.torch.from_numpy(self.rng.integers(len(self.x), size=BATCH_SIZE))
            step(self.x[rows], self.t[rows])
        return time.process_time() - start

    def backpropagation(self, x: Any, t: Any) -> None:
        """Make one step of backpropagation."""
        torch = self.torch
        h = x
        for layer in self.up[:-1]:
            h = torch.tanh(layer(h))
        loss = torch.nn.functional.cross_entropy(self.up[-1](h), t)
        self.forward_optimizer.zero_grad()
        loss.backward()
        self.forward_optimizer.step()

    def target_propagation(self, x: Any, t: Any) -> None:
        """Make one step of TP or DTP; activities are detached, so that every loss stays in its stage."""
        torch = self.torch
        h = [x]
        for layer in self.up[:-1]:
            h.append(torch.tanh(layer(h[-1].detach())))
        last = h[-1].detach().requires_grad_()
        loss = torch.nn.functional.cross_entropy(self.up[-1](last), t)
        self.forward_optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            targets = {len(HIDDEN): last - TARGET_RATE * len(x) * last.grad}
            for i in range(len(HIDDEN), 1, -1):
                g = self.down[i]
                targets[i - 1] = torch.tanh(g(targets[i]))
                if self.rule == "DTP":
                    targets[i - 1] += h[i - 1] - torch.tanh(g(h[i]))
        local = sum(((h[i] - targets[i]) ** 2).sum() for i in targets) / (2 * TARGET_RATE * len(x))
        local.backward()
        self.learn_inverses(h)
        self.forward_optimizer.step()

    def learn_inverses(self, h: list[Any]) -> None:
        """Make one step on the reconstruction losses."""
        torch = self.torch
        loss: Any = 0.0
        for i, g in self.down.items():
            below = h[i - 1].detach()
            noisy = below + self.noise * torch.randn_like(below)
            with torch.no_grad():
                above = torch.tanh(self.up[i - 1](noisy))
            loss = loss + ((torch.tanh(g(above)) - noisy) ** 2).sum() / (2 * len(below))
        self.inverse_optimizer.zero_grad()
        loss.backward()
        self.inverse_optimizer.step()

    def weights(self) -> dict[str, NDArray]:
        """Return copies of the present parameters, laid out as `helpers` does."""
        result = {}
        for number, module in enumerate(self.up, start=1):
            result[f"W{number}"] = module.weight.detach().numpy().T.copy()
            result[f"b{number}"] = module.bias.detach().numpy().copy()
        return result


def check_agreement(data: Dataset, rule: str) -> float:
    """Return the mean difference of weights after a few steps without noise.

    Raises
    ------
    AssertionError
        If it is more than rounding explains: then one of the two does other work.
    """
    ours, theirs = Helpers(data, rule, noise=0.0), PyTorch(data, rule, noise=0.0)
    for contestant in (ours, theirs):
        contestant.train(COMPARED_STEPS)
    expected = theirs.weights()
    largest = max(float(np.abs(array - expected[name]).max()) for name, array in ours.weights().items())
    mean = float(np.mean([np.abs(array - expected[name]).mean() for name, array in ours.weights().items()]))
    if not (largest <= TOLERANCE and mean <= MEAN_TOLERANCE):
        raise AssertionError(f"{rule}: weights differ by {mean:.1e} on average, {largest:.1e} at most")
    return mean


def run(data: Dataset, rounds: int, steps: int) -> dict[str, Any]:
    """Check that both do the same work, then measure them on one thread.

    Returns
    -------
    dict
        ``settings``; ``mean_difference`` of weights in the check, by rule, where PyTorch takes part;
        and the ``microseconds`` and the ``ratio`` that `measure` returns, by rule and contestant.
    """
    with_torch = find_spec("torch") is not None
    result: dict[str, Any] = {"mean_difference": {}, "microseconds": {}, "ratio": {}}
    with threadpool_limits(1):
        for rule in RULES:
            everyone: dict[str, Contestant] = {REFERENCE: Helpers(data, rule)}
            if with_torch:
                everyone["PyTorch"] = PyTorch(data, rule)
                result["mean_difference"][rule] = check_agreement(data, rule)
            for contestant in everyone.values():
                contestant.train(steps)
            for what, figures in measure(everyone, rounds, steps).items():
                result[what][rule] = figures
    result["settings"] = {
        "sizes": [data.inputs, *HIDDEN, data.classes],
        "batch_size": BATCH_SIZE,
        "noise": NOISE,
        "threads": 1,
        "rounds": rounds,
        "steps": steps,
        "reference": REFERENCE,
    }
    return result


def show(result: dict[str, Any]) -> str:
    """Format the figures."""
    return "\n".join(
        table({what: result[what][rule] for what in ("microseconds", "ratio")}, title=f"{rule}, us per step")
        for rule in RULES
    )


if __name__ == "__main__":
    command_line(
        "target_step", __doc__.splitlines()[0], lambda rounds, steps: run(mnist(), rounds, steps), show, steps=40
    )
