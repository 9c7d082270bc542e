"""Run every benchmark with its default settings, one after the other."""

import pkgutil
import subprocess
import sys

import benchmarks

#: Modules of this folder that benchmarks import, and that are no commands.
SHARED = {
    "__main__", "error_diffusion_ports", "floor", "interleaved", "jax_depth", "jax_training", "plain_port",
    "pure_rules", "pure_training", "speed_rows", "torch_training",
}  # fmt: skip

if __name__ == "__main__":
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name not in SHARED:
            subprocess.run([sys.executable, "-m", f"benchmarks.{module.name}"], check=True)
