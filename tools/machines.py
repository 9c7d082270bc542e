"""Run the tests and every chapter on machines that round differently: ``make machines``.

The same float32 product, computed by other kernels, differs in its last place, and training amplifies that. A
machine is emulated by the environment: OpenBLAS takes its kernels from ``OPENBLAS_CORETYPE``, numpy its own loops
from what ``NPY_DISABLE_CPU_FEATURES`` leaves. Machines that cannot be emulated are stood for by perturbed runs (see
tests/perturbation). Tests that no rounding can touch, marked ``same_everywhere``, are left out. One line is printed
for each machine; what a red one said is kept in ``_build/machines``.

    python -m tools.machines [MACHINE ...] [--perturbations 1 2 3] [--jobs 2]

Without a name, all machines are run; without numbers, no perturbation.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from numpy._core._multiarray_umath import __cpu_features__ as features

ROOT = Path(__file__).parent.parent
LOGS = ROOT / "_build" / "machines"

#: Variables that choose kernels, loops and threads. A machine has its own, or none.
CHOICES = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "OPENBLAS_NUM_THREADS", "BOOK_PERTURBATION")

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
NBVAL = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout", "600")

#: Prints the kernels of linear algebra in use (OpenBLAS gives twins one name: Zen's are Haswell's), and the features
#: that numpy's loops use.
WHAT_IS_USED = """
import numpy, threadpoolctl
from numpy._core._multiarray_umath import __cpu_features__ as features
pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
kernels = {pool.get("architecture", pool["internal_api"]) for pool in pools} or {"no-openblas"}
print(*sorted(kernels), *(name for name in ("X86_V3", "X86_V4", "ASIMDHP", "SVE") if features.get(name)))
"""


@dataclass(frozen=True)
class Machine:
    """An emulated machine.

    Attributes
    ----------
    name : str
    environment : mapping of str to str
        Variables that make it; no other variable of `CHOICES` is set.
    needs : str, optional
        Feature, in numpy's words, without which a processor cannot run its kernels.
    """

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None


SSE, AVX2, AVX512, ARM = "X86_V2", "X86_V3", "X86_V4", "ASIMD"

#: All of them; the first is the one at hand.
MACHINES = (
    Machine("here"),
    Machine("sse", {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL"}, SSE),
    Machine("haswell", {"OPENBLAS_CORETYPE": "Haswell"}, AVX2),
    Machine("zen", {"OPENBLAS_CORETYPE": "Zen"}, AVX2),
    Machine("skylakex", {"OPENBLAS_CORETYPE": "SkylakeX"}, AVX512),
    Machine("sandybridge", {"OPENBLAS_CORETYPE": "Sandybridge"}, AVX2),
    Machine("prescott", {"OPENBLAS_CORETYPE": "Prescott"}, SSE),
    Machine("armv8", {"OPENBLAS_CORETYPE": "ARMV8"}, ARM),
    Machine("neoverse", {"OPENBLAS_CORETYPE": "NEOVERSEN1"}, ARM),
    Machine("avx2-loops", {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL"}, AVX2),
    Machine("one-thread", {"OPENBLAS_NUM_THREADS": "1"}),
    Machine("four-threads", {"OPENBLAS_NUM_THREADS": "4"}),
)


def perturbed(number: int) -> Machine:
    """Return the machine at hand with starts and data moved by one rounding, in one of many ways."""
    return Machine(f"perturbed-{number}", {"BOOK_PERTURBATION": str(number)})


def environment(machine: Machine, jobs: int = 1) -> dict[str, str]:
    """Return the environment of a machine's processes. `jobs` of them share the cores, unless it says otherwise."""
    share = {"OPENBLAS_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // jobs))} if jobs > 1 else {}
    outside = {name: value for name, value in os.environ.items() if name not in CHOICES}
    return outside | share | dict(machine.environment)


def missing(machine: Machine) -> str:
    """Return why this processor cannot emulate a machine; nothing if it can."""
    return "" if machine.needs is None or features.get(machine.needs) else f"this processor has no {machine.needs}"


def used(machine: Machine) -> str:
    """Return the names of the kernels and features that numpy uses on a machine."""
    command = [sys.executable, "-c", WHAT_IS_USED]
    return subprocess.run(command, env=environment(machine), check=True, capture_output=True, text=True).stdout.strip()


def tasks() -> dict[str, list[str]]:
    """Return what is run on every machine: one command for tests that a rounding could touch, one a chapter."""
    chapters = sorted((ROOT / "book").glob("*.ipynb"))
    return {"tests": [*PYTEST, "-m", "not same_everywhere", "tests", "--ignore=tests/pages"]} | {
        path.stem: [*PYTEST, *NBVAL, str(path.relative_to(ROOT))] for path in chapters
    }


def run(machine: Machine, task: str, command: Sequence[str], jobs: int) -> tuple[str, float]:
    """Run one command on a machine; return what failed, nothing if all passed, and the seconds that it took."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment(machine, jobs), capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode == 0:
        return "", seconds
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{machine.name}-{task}.log"
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    count = re.findall(r"(\d+) (?:failed|error)", done.stdout)
    return f"{task}: {' + '.join(count) or 'no'} failed, see {log.relative_to(ROOT)}", seconds


def main() -> int:
    """Read the command line, run what it names, and return the number of red machines."""
    names = {machine.name: machine for machine in MACHINES}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("machines", nargs="*", metavar="MACHINE", help=f"of {', '.join(names)} (default: all)")
    parser.add_argument("--perturbations", nargs="*", type=int, default=[], metavar="N", help="perturbed runs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at once (default: all cores)")
    options = parser.parse_args()
    unknown = sorted(set(options.machines) - set(names))
    if unknown:
        parser.error(f"no machine is called {' or '.join(unknown)}: choose from {', '.join(names)}")
    chosen = [names[name] for name in options.machines or names] + [*map(perturbed, options.perturbations)]
    with ThreadPoolExecutor(options.jobs) as pool:  # one for all: no core waits for a machine's last chapter
        started = [(machine, start(machine, pool, options.jobs)) for machine in chosen]
        return sum(not report(machine, runs) for machine, runs in started)


def start(machine: Machine, pool: ThreadPoolExecutor, jobs: int) -> list[Future[tuple[str, float]]]:
    """Hand over everything that is run on a machine; nothing if this processor cannot emulate it."""
    if missing(machine):
        return []
    return [pool.submit(run, machine, task, command, jobs) for task, command in tasks().items()]


def report(machine: Machine, runs: Sequence[Future[tuple[str, float]]]) -> bool:
    """Wait for a machine's runs, print its line, and return whether it is green or cannot be emulated."""
    if why_not := missing(machine):
        print(f"{machine.name:14} skipped: {why_not}", flush=True)
        return True
    failures, seconds = zip(*(one.result() for one in runs), strict=True)
    verdict = "; ".join(filter(None, failures)) or "green"
    print(f"{machine.name:14} {used(machine):26} {sum(seconds):5.0f} s of work  {verdict}", flush=True)
    return verdict == "green"


if __name__ == "__main__":
    sys.exit(main())
