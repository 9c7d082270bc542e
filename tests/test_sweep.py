"""The sweep keeps what is finished, goes on after an interruption, names what failed; every experiment runs small."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from experiments import __main__ as command
from experiments import choosing, scale, sweep
from experiments.catalogue import BY_MODULE, EXPERIMENTS, named
from experiments.scale import SHORT, Scale, Source
from experiments.sweep import Experiment, Run, RunFailed, carry_out, together
from helpers.data.datasets import digits

TOP = Path(__file__).parents[1]


@dataclass(frozen=True)
class Settings:
    """Of the toy runs."""

    rate: float = 1.0
    hidden: tuple[int, ...] = (2,)


def noted(seed, log, settings=None, fatal=-1):
    """Note each call in a file; the seed `fatal` stops the process as if the machine were turned off."""
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(f"{seed}\n")
    if seed == fatal and Path(log).with_suffix(".armed").exists():
        Path(log).with_suffix(".armed").unlink()
        signal.raise_signal(signal.SIGKILL)
    return {"score": (settings or Settings()).rate * seed}


def broken(seed, rate):
    """Fail for one seed."""
    if seed == 2:
        raise ZeroDivisionError("a layer of no units")
    return seed * rate


def unwritable(seed):
    """Return what JSON does not know."""
    return float("nan")


def score(seed, settings):
    """Be best at a rate of 3, and the worse the larger the seed."""
    return abs(settings.rate - 3) + seed - 1000


def three(log, **settings):
    """Ask for three runs, then for one more with what they came to."""
    found = yield [Run(noted, seed, {"log": str(log), **settings}) for seed in range(3)]
    last = yield [Run(noted, int(sum(one["score"] for one in found)), {"log": str(log)})]
    return [*found, *last]


def calls(log):
    return [int(line) for line in Path(log).read_text(encoding="utf-8").split()]


@pytest.mark.parametrize("jobs", [1, 2])
def test_stages_are_sent_what_their_runs_returned_in_order(tmp_path, jobs):
    value, seconds = carry_out(three(tmp_path / "log"), kept=tmp_path / "kept", jobs=jobs)
    assert [one["score"] for one in value] == [0, 1, 2, 3]
    assert seconds >= 0 and sorted(calls(tmp_path / "log")) == [0, 1, 2, 3]


def test_what_is_finished_is_not_done_again(tmp_path):
    for _ in range(2):
        value, _ = carry_out(three(tmp_path / "log"), kept=tmp_path / "kept", jobs=1)
        assert [one["score"] for one in value] == [0, 1, 2, 3]
    assert calls(tmp_path / "log") == [0, 1, 2, 3]


@pytest.mark.same_everywhere
def test_after_a_kill_the_sweep_goes_on_where_it_was(tmp_path):
    log = tmp_path / "log"
    log.with_suffix(".armed").touch()
    program = (
        "import test_sweep as t; from pathlib import Path; "
        f"print(t.carry_out(t.three({str(log)!r}, fatal=1), kept=Path({str(tmp_path / 'kept')!r}), jobs=1)[0])"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=TOP,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TOP), str(TOP / "tests")])},
            capture_output=True,
            text=True,
        )
        for _ in range(2)
    )
    assert first.returncode != 0 and second.returncode == 0, second.stderr
    assert calls(log) == [0, 1, 1, 2, 3]  # 1 was killed before it was kept


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failing_run_is_named_with_its_settings_and_the_others_stay(tmp_path, jobs):
    def stages():
        return (yield [Run(broken, seed, {"rate": 0.5}) for seed in range(3)])

    with pytest.raises(RunFailed, match=r"broken\(seed=2, rate=0\.5\) failed:[^$]*a layer of no units"):
        carry_out(stages(), kept=tmp_path, jobs=jobs)
    kept = [json.loads(path.read_text(encoding="utf-8"))["value"] for path in tmp_path.iterdir()]
    assert set(kept) <= {0.0, 0.5} and (jobs > 1 or len(kept) == 2)


def test_a_value_that_json_does_not_know_fails_with_its_name(tmp_path):
    def stages():
        return (yield [Run(unwritable, 7, {})])

    with pytest.raises(RunFailed, match=r"unwritable\(seed=7\) failed"):
        carry_out(stages(), kept=tmp_path, jobs=1)
    assert not list(tmp_path.iterdir())


def test_a_run_has_another_key_with_another_seed_setting_function_code_or_machine(monkeypatch):
    run = Run(noted, 0, {"log": "x", "settings": Settings()})
    assert run.key() == Run(noted, 0, {"log": "x", "settings": Settings()}).key()
    others = [
        Run(noted, 1, run.settings),
        Run(noted, 0, {**run.settings, "settings": Settings(hidden=(2, 2))}),
        Run(noted, 0, {**run.settings, "settings": {"rate": 1.0, "hidden": [2]}}),
        Run(broken, 0, run.settings),
    ]
    keys = {run.key(), *(other.key() for other in others)}
    for name in ("code_of", "machine"):
        with monkeypatch.context() as patch:
            patch.setattr(sweep, name, lambda *_: "other")
            keys.add(run.key())
    assert len(keys) == 7


def test_the_code_of_a_run_is_all_that_its_module_imports_but_not_its_comments(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sweep, "OWN", ("toy_outer", "toy_inner"))
    outer, inner = tmp_path / "toy_outer.py", tmp_path / "toy_inner.py"
    outer.write_text("import toy_inner\n")

    def hashed(text):
        inner.write_text(text)
        sweep.code_of.cache_clear()
        return sweep.code_of(str(outer))

    first = hashed("RATE = 1\n")
    assert hashed("# slow\n\nRATE = 1\n") == first
    assert hashed("RATE = 2\n") != first
    sweep.code_of.cache_clear()


def test_a_package_counts_with_the_modules_that_it_finds_by_name(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sweep, "OWN", ("toy_package",))
    (tmp_path / "toy_package").mkdir()
    (tmp_path / "toy_package" / "__init__.py").write_text("")
    outer, rule = tmp_path / "toy_user.py", tmp_path / "toy_package" / "rule.py"
    outer.write_text("import toy_package\n")

    def hashed(text):
        rule.write_text(text)
        sweep.code_of.cache_clear()
        return sweep.code_of(str(outer))

    assert hashed("RATE = 1\n") != hashed("RATE = 2\n")
    sweep.code_of.cache_clear()


def test_parts_of_unequal_length_go_side_by_side(tmp_path):
    asked = []

    def part(length):
        total = 0
        for number in range(length):
            (value,) = yield [(length, number)]
            total += value
        return total

    stages = together({"none": part(0), "one": part(1), "three": part(3)})
    value = None
    with pytest.raises(StopIteration) as end:
        while True:
            asked.append(stages.send(value))
            value = [10 * number + 1 for _, number in asked[-1]]
    assert asked == [[(1, 0), (3, 0)], [(3, 1)], [(3, 2)]]
    assert end.value.value == {"none": 0, "one": 1, "three": 1 + 11 + 21}
    assert list(end.value.value) == ["none", "one", "three"]


def test_the_best_of_a_grid_is_that_of_the_mean_over_the_seeds(tmp_path):
    grid = {"rate": [1.0, 2.5, 9.0], "hidden": [(1,), (2,)]}
    stages = choosing.choose(score, Settings(), grid, score="error", seeds=range(1000, 1002))
    (best, tried), _ = carry_out(stages, kept=tmp_path, jobs=1)
    assert best == Settings(2.5, (1,))
    assert [(row["rate"], row["error"]) for row in tried] == [(1, 2.5)] * 2 + [(2.5, 1.0)] * 2 + [(9, 6.5)] * 2
    (best, _), _ = carry_out(choosing.choose(score, Settings(), grid, score="x", best=max), kept=tmp_path, jobs=1)
    assert best.rate == 9


def test_a_source_is_cut_and_joined():
    whole, few = digits(), Source("digits", samples=50, with_validation=True).load()
    assert (len(few.train), len(few.validation), len(few.test)) == (100, 50, 50)
    np.testing.assert_array_equal(few.train.x, np.concatenate([whole.train.x[:50], whole.validation.x[:50]]))
    np.testing.assert_array_equal(few.train.t, np.concatenate([whole.train.t[:50], whole.validation.t[:50]]))


def test_a_scale_limits_and_without_limits_does_nothing():
    assert (Scale().seeds_of(range(3, 8)), Scale().at_most(30)) == (range(3, 8), 30)
    assert (SHORT.seeds_of(range(1000, 1001)), SHORT.at_most(30)) == (range(1000, 1001), 1)


class TestCommandLine:
    def test_names_are_those_of_files_and_of_modules(self):
        assert named(["04-logic"]) == BY_MODULE["error_diffusion_logic"]
        rates = ["03-learning-rates", "03-learning-rates-adam", "03-learning-rates-apart"]
        assert [one.name for one in named(["zipser_andersen_rates"])] == rates
        assert named([]) == list(EXPERIMENTS.values())

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["05-digit"], "no experiment is called '05-digit': choose from"),
            (["--seeds", "0"], "--seeds must be at least 1"),
            (["--short", "--out", "book/results"], "short runs are no results"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, capsys, arguments, words):
        with pytest.raises(SystemExit):
            command.options(arguments)
        assert words in " ".join(capsys.readouterr().err.split())

    def test_short_runs_have_a_folder_of_their_own(self):
        assert command.options(["--short"]).out == command.SHORT_RESULTS
        assert command.options([]).out == command.RESULTS

    def test_a_file_says_what_was_typed(self, monkeypatch, tmp_path, capsys):
        toy = Experiment("toy", said, range(4), ("scipy",))
        monkeypatch.setattr(command, "named", lambda names: [toy])
        monkeypatch.setattr(command, "KEPT", tmp_path / "kept")
        for more, seeds in (([], range(4)), (["--seeds", "2"], range(2)), (["--short"], range(1))):
            command.main(["toy", "--out", str(tmp_path), "--jobs", "1", *more])
            found = json.loads((tmp_path / "toy.json").read_text(encoding="utf-8"))
            assert found["command"] == " ".join(["python -m experiments toy", *more])
            assert found["seeds"] == found["given"] == list(seeds)
            assert "scipy" in found["versions"]
        assert "written: " in capsys.readouterr().out


def said(scale, seeds):
    """Run nothing; return the seeds."""
    yield []
    return {"given": list(seeds)}


#: Where every experiment is small enough for a test.
TINY = Scale(seeds=1, epochs=1, samples=150)


def keys(value):
    """Return the names in a result at every level; of a list, those of its entries together."""
    if isinstance(value, dict):
        return {name: keys(part) for name, part in value.items()}
    if isinstance(value, list):
        return [
            one for i, one in enumerate(map(keys, value)) if one is not None and one not in list(map(keys, value))[:i]
        ]
    return None


def one_of_each_kind(stages, done):
    """Carry out an experiment with one run for all that differ in numbers only: names of rules say what is done.

    Runs of a kind that is done already are not done again. Return the experiment's value, and all runs it asked for.
    """
    values, asked = None, []
    with pytest.raises(StopIteration) as end:
        while True:
            runs = stages.send(values)
            asked += runs
            values = [done.get(kind_of(run)) or done.setdefault(kind_of(run), do(run)) for run in runs]
    return json.loads(json.dumps(end.value.value)), asked


def kind_of(run):
    """Return a function and those of its settings that are texts or switches."""
    return run.function, *((name, value) for name, value in run.settings.items() if isinstance(value, str | bool))


def do(run):
    """Return what a run returns, as it is kept."""
    with sweep.threads().limit(limits=1):
        return json.loads(json.dumps(run.function(run.seed, **run.settings), allow_nan=False))


@pytest.fixture
def small_mnist(monkeypatch):
    """Let the small digits stand in for MNIST."""
    monkeypatch.setitem(scale.LOADERS, "MNIST", digits)
    monkeypatch.setitem(scale.LOADERS, "MNIST 0/1", lambda: scale.two_classes(digits(), 0, 1))
    scale.load.cache_clear()
    yield
    scale.load.cache_clear()


def chosen(runs):
    """Return the names of settings to which the runs of an experiment give more than one value."""
    values = {}
    for run in runs:
        for name, value in settings_in(json.loads(json.dumps(run.settings, default=sweep.plain))):
            values.setdefault(name, set()).add(repr(value))
    return {name for name, several in values.items() if len(several) > 1}


def settings_in(part):
    """Yield each name with its value at every level of a dictionary."""
    for name, value in part.items():
        yield from settings_in(value) if isinstance(value, dict) else [(name, value)]


@pytest.mark.same_everywhere  # names and settings are compared, no results
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_makes_the_file_that_is_stored(name, small_mnist, monkeypatch):
    experiment, done = EXPERIMENTS[name], {}
    stored = json.loads((TOP / experiment.out).read_text(encoding="utf-8"))
    header = {"command", "date", "seconds", "seeds", "versions"}
    schema = {name: keys(part) for name, part in stored.items() if name not in header}
    small, _ = one_of_each_kind(experiment.stages(TINY, TINY.seeds_of(experiment.seeds)), done)
    assert keys(small) == schema

    # Then as the book reports it, but with what the small runs came to: nothing is run any more.
    monkeypatch.setitem(globals(), "do", lambda run: pytest.fail(f"{run} is of another kind than every small run"))
    whole, runs = one_of_each_kind(experiment.stages(Scale(), range(stored["seeds"][0], stored["seeds"][-1] + 1)), done)
    assert keys(whole) == schema
    differ = {name for name, value in stored["settings"].items() if whole["settings"][name] != value}
    assert differ <= chosen(runs), f"the file was made with other settings than the code has now: {differ}"


def test_a_short_experiment_is_done_once_and_its_choice_serves_another_file(small_mnist, tmp_path):
    def carried_out(name, seeds):
        return carry_out(EXPERIMENTS[name].stages(TINY, seeds), kept=tmp_path, jobs=1)[0]

    settings = carried_out("04-ten-classes-settings", choosing.CHOOSING)
    tried = len(list(tmp_path.iterdir()))
    assert tried == len(settings["tried"])
    tasks = carried_out("04-ten-classes", range(1))
    assert len(list(tmp_path.iterdir())) == tried + len(tasks["tasks"])
    assert tasks["settings"] == settings["settings"]
    assert carried_out("04-ten-classes", range(1)) == tasks


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_stored_command_makes_the_stored_file(name):
    stored = json.loads((TOP / EXPERIMENTS[name].out).read_text(encoding="utf-8"))
    match = re.fullmatch(r"python -m experiments (\S+)( --seeds \d+)?", stored["command"])
    assert match, stored["command"]
    options = command.options(stored["command"].split()[3:])
    assert options.experiments == [EXPERIMENTS[name]]
    assert list(Scale(options.seeds).seeds_of(EXPERIMENTS[name].seeds)) == stored["seeds"]
