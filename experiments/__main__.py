"""Repeat experiments: ``python -m experiments [NAME ...]``. What is finished stays finished: stop and go on."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.catalogue import named
from experiments.cluster import ClusterError
from experiments.record import RESULTS, header, write
from experiments.scale import SHORT, Scale
from experiments.sweep import KEPT, RunFailed, carry_out
from experiments.whole_files import CannotWriteError

#: Where small experiments write.
SHORT_RESULTS = Path(".experiments/short")


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a result file or of a module (default: all)")
    parser.add_argument("--short", action="store_true", help=f"small runs, in minutes; writes to {SHORT_RESULTS}")
    parser.add_argument("--jobs", type=int, default=-1, help="runs at a time here (default: one for each core)")
    parser.add_argument("--seeds", type=int, help="networks for each setting (default: as the book has it)")
    parser.add_argument("--out", type=Path, help=f"folder for the result files (default: {RESULTS})")
    found = parser.parse_args(arguments)
    found.out = found.out or (SHORT_RESULTS if found.short else RESULTS)
    if found.seeds is not None and found.seeds < 1:
        parser.error(f"--seeds must be at least 1, got {found.seeds}")
    if found.short and found.out.resolve() == RESULTS.resolve():
        parser.error(f"short runs are no results: choose another folder than {RESULTS}")
    try:
        found.experiments = named(found.names)
    except ValueError as error:
        parser.error(str(error))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Do the experiments that the command line names, and write their files."""
    chosen = options(arguments)
    small = SHORT if chosen.short else Scale()
    scale = Scale(chosen.seeds or small.seeds, small.epochs, small.samples)
    for experiment in chosen.experiments:
        seeds = scale.seeds_of(experiment.seeds)
        result, seconds = carry_out(experiment.stages(scale, seeds), kept=KEPT, jobs=chosen.jobs, name=experiment.name)
        more = (" --short" if chosen.short else "") + (f" --seeds {chosen.seeds}" if chosen.seeds else "")
        first = header(f"python -m experiments {experiment.name}{more}", seeds, seconds, experiment.packages)
        write(chosen.out / f"{experiment.name}.json", {**first, **result})
        print(f"written: {chosen.out / experiment.name}.json, {seconds:.0f} seconds of work")


if __name__ == "__main__":
    try:
        main()
    except (CannotWriteError, ClusterError, RunFailed) as error:
        sys.exit(f"{error}\nWhat was finished is kept: mend it, and the same command goes on.")
