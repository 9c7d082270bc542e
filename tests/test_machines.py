"""The emulated machines are what they say, and a perturbed run moves what it should, and by no more."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tools import machines

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

ROOT = Path(__file__).parent.parent

#: Prints random numbers of both precisions, initial weights and samples as raw bytes.
LOOK = """
import sys, copy, pickle
import numpy as np
from helpers.data.datasets import digits
from helpers.networks.network import Network
rng = np.random.default_rng(5)
twin = pickle.loads(pickle.dumps(rng))
parts = [rng.random(500), rng.standard_normal(500, dtype=np.float32), Network.dense([20, 20, 3], rng).parameters["W1"]]
parts += [digits().train.x[:50], rng.integers(9, size=50)]
assert np.array_equal(twin.random(500), parts[0]) and np.array_equal(copy.deepcopy(rng).random(9), rng.random(9))
sys.stdout.buffer.write(pickle.dumps(parts))
"""


def look(perturbation):
    """What a fresh process draws, builds and loads under a perturbation, or under none."""
    import pickle

    path = [str(ROOT / "tests" / "perturbation"), str(ROOT)] if perturbation else [str(ROOT)]
    environment = machines.environment(machines.perturbed(perturbation) if perturbation else machines.MACHINES[0]) | {
        "PYTHONPATH": os.pathsep.join(path)
    }
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, check=True)
    return pickle.loads(done.stdout)


def test_a_perturbation_moves_floats_by_one_rounding_and_whole_numbers_never():
    plain, one, again, other = (look(number) for number in (None, 1, 1, 2))
    for before, after, repeated, differently in zip(plain, one, again, other, strict=True):
        assert before.dtype == after.dtype
        assert np.array_equal(after, repeated), "one number is one perturbation"
        if before.dtype.kind == "i":
            assert np.array_equal(before, after)
            continue
        # weights are drawn in float64, rounded, and then moved: two roundings at the most
        assert (np.abs(after - before) <= 2 * np.spacing(np.abs(before))).all()
        assert 0.1 < np.mean(after != before) < 0.7
        assert not np.array_equal(after, differently)


def test_a_machine_has_only_its_own_choices(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    here, sse = machines.environment(machines.MACHINES[0]), machines.environment(machines.MACHINES[1])
    assert not set(machines.CHOICES) & set(here)
    assert sse["OPENBLAS_CORETYPE"] == "Nehalem" and "OPENBLAS_NUM_THREADS" not in sse


def test_runs_side_by_side_share_the_cores_unless_the_machine_says_otherwise(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    threads = {machine.name: machines.environment(machine, 3)["OPENBLAS_NUM_THREADS"] for machine in machines.MACHINES}
    assert (threads["here"], threads["sse"], threads["four-threads"]) == ("2", "2", "4")


@pytest.mark.parametrize("machine", machines.MACHINES, ids=lambda machine: machine.name)
def test_an_emulated_machine_uses_other_kernels_or_is_skipped_with_a_reason(machine):
    why_not = machines.missing(machine)
    if why_not:
        pytest.skip(why_not)
    kernels = machines.used(machine)
    if machine.name == "sse":
        assert "Nehalem" in kernels and "X86_V3" not in kernels
    if machine.name == "haswell":
        assert "Haswell" in kernels


def test_a_red_task_is_reported_with_its_log(monkeypatch, tmp_path, capsys):
    (tmp_path / "test_red.py").write_text("def test_red():\n    assert 1 + 1 == 3\n", encoding="utf-8")
    monkeypatch.setattr(machines, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(machines, "ROOT", tmp_path)
    monkeypatch.setattr(machines, "tasks", lambda: {"tests": [*machines.PYTEST, "test_red.py"]})
    with ThreadPoolExecutor(1) as pool:
        here = machines.MACHINES[0]
        assert not machines.report(here, machines.start(here, pool, jobs=1))
    assert "tests: 1 failed" in capsys.readouterr().out
    assert "assert (1 + 1) == 3" in (tmp_path / "logs" / "here-tests.log").read_text(encoding="utf-8")
