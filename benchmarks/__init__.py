"""Speed, measured side by side in one run.

Each module is a command, such as ``python -m benchmarks.training_step``; ``python -m benchmarks``
runs them all.
"""
