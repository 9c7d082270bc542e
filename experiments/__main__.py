"""Run every experiment with its default settings, one after the other."""

import pkgutil
import subprocess
import sys

import experiments

#: Modules of this folder that other experiments import, and that are no commands.
SHARED = {"__main__", "record", "targets"}

if __name__ == "__main__":
    for module in pkgutil.iter_modules(experiments.__path__):
        if module.name not in SHARED:
            subprocess.run([sys.executable, "-m", f"experiments.{module.name}"], check=True)
