"""Runs on a Dask cluster, by the address of its scheduler: the same runs, the same numbers, more processors.

Dask is optional; joblib hands the runs over. A run whose worker dies is done again by another. README.md says how a
cluster is started.
"""

import importlib
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import joblib
from joblib._dask import DaskDistributedBackend

#: Names the environment variable that holds the scheduler's address.
VARIABLE = "BOOK_DASK"

#: Seconds to wait for the scheduler, and then for its first worker.
PATIENCE = 30.0

#: How both are started, in the top folder of a checkout.
SCHEDULER = "python -m dask scheduler"
WORKERS = "python -m dask worker {address} --nworkers -1 --nthreads 1"


class ClusterError(RuntimeError):
    """Raised when a cluster cannot do the runs; says why, and what to do."""


class GivenUp(Exception):
    """Says which run Dask gave up, and the error that it gave."""

    def __init__(self, run: str, error: BaseException) -> None:
        super().__init__(run, error)
        self.run, self.error = run, error


class Backend(DaskDistributedBackend):
    """joblib's Dask backend, without two habits that it has in version 1.6.

    It waits for ever for a run that Dask gives up, such as one whose workers have died too often: it is called back for
    runs that have ended only. And where there is one worker, it leaves that alone and does the runs itself.
    """

    def submit(self, func: Any, callback: Callable[[Any], None]) -> Future:
        """Send one run to the cluster; call back in any case."""
        future = super().submit(func, callback)
        ((_, (run, *_), _),) = func.items
        future.add_done_callback(
            lambda done: callback(GivenUp(str(run), error)) if (error := done.exception()) else None
        )
        return future

    def retrieve_result_callback(self, out: Any) -> Any:
        """Return what a run came to; raise what stopped it."""
        if isinstance(out, GivenUp):
            raise out
        return super().retrieve_result_callback(out)

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Return the number of workers, and for one worker two: with one job, joblib would not ask the cluster."""
        return max(2, super().effective_n_jobs(n_jobs))


@contextmanager
def workers_at(address: str, patience: float = PATIENCE) -> Iterator[None]:
    """Let joblib send its work to a cluster, as long as the context lasts.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``"tcp://10.0.0.5:8786"``.
    patience : float
        Seconds to wait for the scheduler, and then for its first worker.

    Yields
    ------
    None

    Raises
    ------
    ClusterError
        If Dask is not installed, the scheduler does not answer, it has no worker, a worker has several threads or
        lacks the code of the book, a run has ended several workers, or the scheduler is lost.
    """
    distributed = installed()
    with connected(distributed, address, patience) as client:
        check_workers(client, address, patience)
        try:
            with joblib.parallel_config(backend=Backend(client=client)):
                yield
        except GivenUp as given_up:
            raise ClusterError(
                f"Dask gave up {given_up.run} ({given_up.error}). If its workers died, it may need more memory than "
                "one has: start fewer on each machine, or do this run without a cluster"
            ) from given_up.error
        except CancelledError as error:
            raise ClusterError(
                f"the scheduler at {address} does not answer any more: start the cluster anew"
            ) from error


def installed() -> ModuleType:
    """Return the module `distributed`, or say how to install it."""
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(
            f"{VARIABLE} names a cluster, but Dask is not installed here: run `make cluster`, or unset {VARIABLE} to "
            "do the runs on this machine"
        ) from error


def connected(distributed: ModuleType, address: str, patience: float) -> Any:
    """Return a client of the scheduler at an address."""
    try:
        return distributed.Client(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {VARIABLE}={address} ({error}): start one with {SCHEDULER}, and use the "
            "address that it prints, such as tcp://10.0.0.5:8786"
        ) from error


def check_workers(client: Any, address: str, patience: float) -> None:
    """Wait for a worker; refuse those without the code, and those whose runs would share a process."""
    command = WORKERS.format(address=address)
    start = f"start them in the top folder of a checkout, of the same commit as here, with {command}"
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        raise ClusterError(f"the scheduler at {address} has had no worker for {patience:g} seconds: {start}") from error
    several = sorted(worker for worker, threads in client.nthreads().items() if threads > 1)
    if several:
        raise ClusterError(
            f"workers have several threads, such as {several[0]}, and a run needs one for itself: {start}"
        )
    try:
        client.run_on_scheduler(ready)
        client.run(ready)
    except ImportError as error:
        raise ClusterError(f"the scheduler or a worker lacks the code of the book ({error}): {start}") from error


def ready() -> None:
    """Do nothing: what can call this has the code of the book."""
