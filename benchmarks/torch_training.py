"""PyTorch as its tutorials use it, for rules that fit autograd: backpropagation, and both ways of feedback alignment.

Feedback alignment is an autograd function that goes back through other weights, as libraries of it do. The direct form
detaches every activity and hands each layer its error. PyTorch takes part where it is installed (``pip install
torch``); the book does not need it.
"""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.interleaved import SEED
from benchmarks.pure_training import Setup, start_of, targets_of

#: Rules that are written here.
RULES = ("backpropagation", "feedback_alignment", "direct_feedback_alignment")


class PyTorch:
    """A stack of linear maps with sigmoids between, and cross-entropy of sigmoid outputs; SGD, eager, float32."""

    def __init__(self, setup: Setup):
        import torch

        torch.set_num_threads(1)
        self.torch, self.setup = torch, setup
        state, _ = start_of(setup, np.float32)
        self.x = torch.from_numpy(setup.split.x)
        self.t = torch.from_numpy(targets_of(setup, np.float32))
        self.rng = np.random.default_rng(SEED)
        arrays = {name: torch.tensor(array.T.copy()) for name, array in state["parameters"].items()}
        self.parameters = {name: torch.nn.Parameter(array) for name, array in arrays.items()}
        self.feedback = [torch.from_numpy(B) for B in state["own"].get("feedback", [])]
        self.optimizer = torch.optim.SGD(self.parameters.values(), lr=state["rate"])
        self.aligned = aligned(torch)

    def train(self, steps: int) -> float:
        """Make `steps` updates and return the seconds of processor time that they took."""
        start = time.process_time()
        for _ in range(steps):
            rows = self.torch.from_numpy(self.rng.integers(len(self.x), size=self.setup.batch_size))
            self.optimizer.zero_grad()
            getattr(self, self.setup.rule)(self.x[rows], self.t[rows])
            self.optimizer.step()
        return time.process_time() - start

    def affine(self, i: int, h: Any) -> Any:
        """Return W h + threshold b of layer i, counted from 1."""
        b, threshold = self.parameters[f"b{i}"], self.setup.net.threshold
        return self.torch.nn.functional.linear(h, self.parameters[f"W{i}"], b if threshold == 1 else threshold * b)

    def loss(self, logits: Any, t: Any) -> Any:
        """Return the cross-entropy, summed over outputs and averaged over samples."""
        cross_entropy = self.torch.nn.functional.binary_cross_entropy_with_logits
        return cross_entropy(logits, t, reduction="sum") / len(t)

    @property
    def depth(self) -> int:
        """Number of layers."""
        return len(self.parameters) // 2

    def backpropagation(self, x: Any, t: Any) -> None:
        """Leave the gradient in the parameters."""
        h = x
        for i in range(1, self.depth):
            h = self.torch.sigmoid(self.affine(i, h))
        self.loss(self.affine(self.depth, h), t).backward()

    def feedback_alignment(self, x: Any, t: Any) -> None:
        """Leave in the parameters what comes back through fixed weights."""
        h = self.torch.sigmoid(self.affine(1, x))
        for i, B in enumerate(self.feedback, start=2):
            scaled = self.setup.net.threshold * self.parameters[f"b{i}"]
            a = self.aligned.apply(h, self.parameters[f"W{i}"], scaled, B)
            h = self.torch.sigmoid(a) if i < self.depth else a
        self.loss(h, t).backward()

    def direct_feedback_alignment(self, x: Any, t: Any) -> None:
        """Leave in the parameters what each layer makes of the output's error."""
        h = [x]
        for i in range(1, self.depth):
            h.append(self.torch.sigmoid(self.affine(i, h[-1].detach())))
        logits = self.affine(self.depth, h[-1].detach())
        error = self.torch.autograd.grad(self.loss(logits, t), logits, retain_graph=True)[0]
        errors = [error, *(error @ B for B in self.feedback)]
        self.torch.autograd.backward([logits, *h[1:]], errors)

    def weights(self) -> dict[str, NDArray]:
        """Return copies of the present parameters, laid out as the package does."""
        return {name: array.detach().numpy().T.copy() for name, array in self.parameters.items()}


def aligned(torch: Any) -> Any:
    """Return the autograd function of a linear map whose way back leads through other weights."""

    class Aligned(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, h: Any, W: Any, b: Any, B: Any) -> Any:
            ctx.save_for_backward(h, B)
            return torch.nn.functional.linear(h, W, b)

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> tuple[Any, Any, Any, None]:
            h, B = ctx.saved_tensors
            return upstream @ B, upstream.T @ h, upstream.sum(dim=0), None

    return Aligned
