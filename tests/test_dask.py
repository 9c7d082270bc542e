"""A sweep on a Dask cluster: the same numbers in less time, whatever happens to a worker, and words for every fault."""

import importlib
import json
import os
import signal
import socket
import time
import warnings
from pathlib import Path

import joblib
import pytest

from experiments import cluster, sweep
from experiments.catalogue import EXPERIMENTS
from experiments.cluster import ClusterError
from experiments.scale import Scale
from experiments.sweep import Run, RunFailed, carry_out

distributed = pytest.importorskip("distributed", reason="Dask is not installed: make cluster (or make lint)")
dask = pytest.importorskip("dask")


def waits(seed, seconds):
    """Take some time, and no processor; return from when to when."""
    start = time.time()
    time.sleep(seconds)
    return {"seed": seed, "process": os.getpid(), "pairs": [(1, 2.5)], "from": start, "to": time.time()}


def dies_once(seed, armed):
    """End the process of the worker, as a machine that is turned off would, but only the first time."""
    Path(f"{armed}.{seed}.{time.time_ns()}").touch()
    time.sleep(0.2)
    if seed == 1 and Path(armed).exists():
        Path(armed).unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return seed


def dies_always(seed):
    """End the process of every worker."""
    os.kill(os.getpid(), signal.SIGKILL)


def breaks(seed, seconds):
    """Fail at once for one seed."""
    if seed == 2:
        raise ZeroDivisionError("a layer of no units")
    time.sleep(seconds)
    return seed


def process(_):
    return os.getpid()


def asks_for_more(seed):
    """Return whether what a run gives to joblib stays in its own process."""
    return set(joblib.Parallel(n_jobs=2)(joblib.delayed(process)(i) for i in range(4))) == {os.getpid()}


def all_of(*runs):
    return (yield list(runs))


def kept_in(folder):
    return [json.loads(path.read_text(encoding="utf-8"))["value"] for path in sorted(folder.glob("*.json"))]


@pytest.fixture(scope="module")
def two():
    """A cluster of two processes, which gives a run up when two of them have died of it."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as local,
    ):
        yield local


@pytest.fixture
def on_two(two, monkeypatch):
    two.scale(2)
    with distributed.Client(two, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    monkeypatch.setenv(cluster.VARIABLE, two.scheduler_address)


def test_an_experiment_finds_the_same_numbers_as_without_dask(on_two, tmp_path, monkeypatch):
    tiny, stages = Scale(seeds=2, epochs=1, samples=200), EXPERIMENTS["05-signs"].stages
    there, _ = carry_out(stages(tiny, range(2)), kept=tmp_path / "there")
    monkeypatch.delenv(cluster.VARIABLE)
    here, _ = carry_out(stages(tiny, range(2)), kept=tmp_path / "here", jobs=1)
    assert there == here
    assert {path.name for path in (tmp_path / "there").iterdir()} == {
        path.name for path in (tmp_path / "here").iterdir()
    }


def test_two_workers_are_18_times_as_fast_as_one_and_the_sweep_gets_what_a_file_holds(on_two, tmp_path):
    def runs(seconds):
        return all_of(*(Run(waits, seed, {"seconds": seconds}) for seed in range(12)))

    carry_out(runs(0.01), kept=tmp_path)  # lets the workers import what they need
    found, _ = carry_out(runs(0.5), kept=tmp_path)
    one_worker = sum(one["to"] - one["from"] for one in found)
    both = max(one["to"] for one in found) - min(one["from"] for one in found)
    assert one_worker / both >= 1.8
    processes = {one["process"] for one in found}
    assert len(processes) == 2 and os.getpid() not in processes
    assert [one["seed"] for one in found] == list(range(12)) and found[0]["pairs"] == [[1, 2.5]]


def test_each_run_is_kept_as_it_ends(on_two, tmp_path):
    seconds = [0.05, 1.0]
    runs = {tmp_path / f"{run.key()}.json": run for run in (Run(waits, 0, {"seconds": one}) for one in seconds)}
    with sweep.workers(1):
        found = sweep.results(runs)
        first, _ = next(found)
        assert first.exists() and len(kept_in(tmp_path)) == 1
        assert len(list(found)) == 1


def test_a_worker_that_dies_costs_a_retry_and_not_the_sweep(on_two, tmp_path):
    armed = tmp_path / "armed"
    armed.touch()
    found, _ = carry_out(all_of(*(Run(dies_once, seed, {"armed": str(armed)}) for seed in range(6))), kept=tmp_path)
    assert found == list(range(6))
    begun = [len(list(tmp_path.glob(f"armed.{seed}.*"))) for seed in range(6)]
    assert begun[1] == 2 and sum(begun) <= 8  # and perhaps what that worker had done, but not handed over


def test_a_run_that_ends_every_worker_is_named(on_two, tmp_path):
    with pytest.raises(ClusterError, match=r"Dask gave up test_dask\.dies_always\(seed=7\).*more memory"):
        carry_out(all_of(Run(dies_always, 7, {})), kept=tmp_path)


def test_a_failing_run_is_named_and_what_ended_before_it_is_kept(on_two, tmp_path):
    runs = [Run(breaks, seed, {"seconds": 0.4 if seed < 2 else 4}) for seed in range(40)]
    start = time.perf_counter()
    with (
        warnings.catch_warnings(),
        pytest.raises(RunFailed, match=r"breaks\(seed=2, seconds=4\) failed:[^$]*of no units"),
    ):
        warnings.simplefilter("error")
        carry_out(all_of(*runs), kept=tmp_path)
    assert time.perf_counter() - start < 60  # two workers would need 70 for the rest
    assert 0 in kept_in(tmp_path) or 1 in kept_in(tmp_path)


def test_a_run_on_a_worker_goes_no_further(on_two, tmp_path):
    assert carry_out(all_of(Run(asks_for_more, 0, {})), kept=tmp_path)[0] == [True]


@pytest.mark.parametrize(("place", "name"), list(enumerate(sweep.ALIKE)))
def test_a_worker_that_is_not_alike_is_refused(place, name):
    run = Run(waits, 0, {"seconds": 0.0})
    made_with = run.made_with()
    assert sweep.perform(run, made_with)[1]["value"]["seed"] == 0
    made_with[place] = "another"
    _, refused = sweep.perform(run, made_with)
    assert isinstance(refused, RunFailed)
    assert f"differs from this machine in {name} (" in str(refused) and "there, another here)" in str(refused)


class TestWhatIsWrong:
    def test_dask_is_not_installed(self, monkeypatch, tmp_path):
        def missing(name):
            raise ModuleNotFoundError(f"No module named {name!r}")

        monkeypatch.setattr(importlib, "import_module", missing)
        monkeypatch.setenv(cluster.VARIABLE, "tcp://127.0.0.1:8786")
        with pytest.raises(ClusterError, match="Dask is not installed here: run `make cluster`"):
            carry_out(all_of(), kept=tmp_path)

    def test_nobody_answers(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(
            ClusterError, match=f"answers at BOOK_DASK={address} .*start one with python -m dask scheduler"
        ):
            cluster.workers_at(address, patience=1).__enter__()

    def test_the_address_is_none(self):
        with pytest.raises(
            ClusterError, match=r"answers at BOOK_DASK=carrier-pigeon://roof .*such as tcp://10\.0\.0\.5:8786"
        ):
            cluster.workers_at("carrier-pigeon://roof", patience=1).__enter__()

    def test_there_is_no_worker(self):
        with (
            distributed.LocalCluster(n_workers=0, dashboard_address=":0") as empty,
            pytest.raises(ClusterError, match=r"no worker for 0\.5 seconds: start them .* --nworkers -1 --nthreads 1"),
        ):
            cluster.workers_at(empty.scheduler_address, patience=0.5).__enter__()

    def test_a_worker_has_several_threads(self):
        with (
            distributed.LocalCluster(
                n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0"
            ) as local,
            pytest.raises(ClusterError, match="several threads, such as inproc://.*--nthreads 1"),
        ):
            cluster.workers_at(local.scheduler_address, patience=30).__enter__()

    def test_a_worker_lacks_the_code(self, two, monkeypatch):
        def lacking(client, function):
            raise ModuleNotFoundError("No module named 'experiments'")

        monkeypatch.setattr(distributed.Client, "run", lacking)
        with pytest.raises(ClusterError, match=r"lacks the code of the book \(No module named 'experiments'\): start"):
            cluster.workers_at(two.scheduler_address).__enter__()

    def test_the_scheduler_is_lost(self, tmp_path, monkeypatch):
        with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as local:
            monkeypatch.setenv(cluster.VARIABLE, local.scheduler_address)
            run = Run(waits, 0, {"seconds": 60.0})
            with pytest.raises(ClusterError, match="does not answer any more"), sweep.workers(1):
                found = sweep.results({tmp_path / f"{run.key()}.json": run})
                local.loop.call_later(1.0, local.close)
                next(found)
