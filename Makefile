# `make` alone lists the targets. A reader needs Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
INSTALLED := $(VENV)/.installed
BROWSER := $(VENV)/.browser
CHECKS := $(VENV)/.checks
CLUSTER := $(VENV)/.cluster
LITE := $(VENV)/.lite
AUTHORS := $(VENV)/.authors
GRADING := $(VENV)/.grading
MUTATION := $(VENV)/.mutation
PAGES := _build/html
PORT ?= 8000
# What `make machines` runs: names of tools/machines.py, all by default, and numbers of perturbed runs.
MACHINES ?=
PERTURBATIONS ?= 1 2 3 4 5
# What `make mutants` changes: rooms of tools/mutants.py, all by default, and how many places of each module.
ROOMS ?=
SAMPLE ?= 10
SEED ?= 0
# What `make offline` is for: a name of tools/offline.py and a version such as 3.12; by default this machine's.
PLATFORM ?=
PYTHON_VERSION ?=
# Each lock is universal: one file for Python 3.11 and newer on Linux, macOS and Windows, the same from any package host.
UPGRADE ?=
COMPILE = @$(BIN)/python -m uv pip compile --quiet --universal --python-version=3.11 --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help book serve pdf lab write test lint format coverage test-pages test-lab test-grading offline test-offline lite test-lite run-lite machines mutants notebooks classroom experiments cluster bench lock vendor links clean

help:
	@echo "Credit Assignment: the targets of this Makefile"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Sphinx would take a page that failed for read, and the next build would pass: a failure forgets what was read.
book: $(INSTALLED) ## build the book into _build/html; a warning or a failing cell is an error
	@$(BIN)/jupyter-book build . -W --keep-going -n || { rm -rf _build/.doctrees; exit 1; }
	@echo "The book is in $(PAGES): open $(PAGES)/index.html in a browser, or run 'make serve'."

serve: book ## build the book and serve it on this machine (PORT=8000)
	@echo "Open http://localhost:$(PORT)/ and stop with Ctrl-C."
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory $(PAGES)

pdf: book ## print the whole book into one PDF (needs Chromium or Chrome)
	@$(BIN)/python -m tools.pdf

lab: $(INSTALLED) ## open the student edition of the chapters in JupyterLab
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/classroom/student

write: $(AUTHORS) ## open the sources of the chapters in JupyterLab, with what shows their MyST, for authors
	$(BIN)/jupyter lab book

# A file, or a chapter, stays with one processor: its tests share what they have trained. Long ones begin (conftest.py).
test: $(INSTALLED) ## run the tests, and every cell of every chapter against its stored output, on all processors
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder \
		--nbval --nbval-current-env --nbval-cell-timeout 120 tests book --ignore=tests/pages

lint: $(CHECKS) ## check the style of code and notebooks with ruff, and the types with mypy
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(CHECKS) ## sort imports and lay out code and notebooks as ruff does
	$(BIN)/python -m ruff check --select I --fix .
	$(BIN)/python -m ruff format .

coverage: $(CHECKS) ## run the tests and say how much of the package they run
	$(BIN)/python -m pytest tests --ignore=tests/pages --cov=helpers --cov-report=term:skip-covered

test-pages: $(BROWSER) book ## build the book and test every page in Chromium, and in Firefox and WebKit where installed
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile tests/pages

test-lab: $(BROWSER) book ## run all plain notebooks in JupyterLab in Chromium, half an hour (test-pages runs three)
	BOOK_LAB=all $(BIN)/python -m pytest tests/pages/test_jupyterlab.py

test-grading: $(GRADING) ## collect and grade a notebook with nbgrader, which it installs
	$(BIN)/python -m pytest tests/test_grading.py

offline: book ## one zip for a room without a network: pages, notebooks, wheels (PLATFORM=windows-x86_64 PYTHON_VERSION=3.12)
	$(BIN)/python -m tools.offline $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHON_VERSION),--python $(PYTHON_VERSION))

test-offline: offline ## unpack that zip, install from its wheels alone, and run chapter 1
	$(BIN)/python -m pytest tests/offline_zip.py

lite: $(LITE) ## the student notebooks for a browser without any server, in _build/lite (experimental)
	$(BIN)/python -m tools.lite

test-lite: $(BROWSER) book lite ## test what can be seen of them without a network in Chromium
	$(BIN)/python -m pytest tests/test_lite_build.py tests/pages/test_lite.py

run-lite: $(BROWSER) lite ## run chapter 1 of them in Chromium (needs a network)
	$(BIN)/python -m tests.lite_run

machines: $(INSTALLED) ## run tests and chapters on emulated and perturbed machines (MACHINES="sse" PERTURBATIONS="1 2")
	$(BIN)/python -m tools.machines $(MACHINES) --perturbations $(PERTURBATIONS)

mutants: $(MUTATION) ## change the code a little, here and there, and see whether the tests notice (ROOMS="pages" SAMPLE=10 SEED=0)
	$(BIN)/python -m tools.mutants $(ROOMS) --sample $(SAMPLE) --seed $(SEED)

notebooks: $(INSTALLED) ## run the chapters and store them as git keeps them: text outputs, no images
	$(BIN)/python -m tools.notebooks
	$(BIN)/python -m tools.classroom

classroom: $(INSTALLED) ## write the plain notebooks of classroom/ anew from the stored chapters; runs nothing
	$(BIN)/python -m tools.classroom

experiments: $(INSTALLED) ## repeat the full-scale runs that write book/results, in hours (SHORT=1: small, in minutes, elsewhere)
	$(BIN)/python -m experiments $(if $(SHORT),--short)

cluster: $(CLUSTER) ## add Dask to the environment, so that experiments can go to a cluster (BOOK_DASK=address)

bench: $(INSTALLED) ## measure the speed of a training step
	$(BIN)/python -m benchmarks

# The book itself comes last: the build, nbval, JupyterLab and Binder then all import `helpers` from here.
lock: $(CHECKS) ## write requirements*.txt anew from pyproject.toml; pins stay (UPGRADE=--upgrade: the newest versions)
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) --group=cluster --constraint=requirements.txt --output-file requirements-cluster.txt
	$(COMPILE) --group=checks --constraint=requirements.txt --constraint=requirements-cluster.txt --output-file requirements-checks.txt
	$(COMPILE) --group=authors --constraint=requirements.txt --output-file requirements-authors.txt
	$(COMPILE) --group=browser --constraint=requirements.txt --output-file requirements-browser.txt
	$(COMPILE) --group=grading --constraint=requirements.txt --constraint=requirements-checks.txt --constraint=requirements-browser.txt --output-file requirements-grading.txt
	$(COMPILE) --group=lite --constraint=requirements.txt --output-file requirements-lite.txt
	$(COMPILE) --group=mutation --constraint=requirements.txt --output-file requirements-mutation.txt
	@echo "-e ." >> requirements.txt

vendor: ## fetch the browser assets anew, for maintainers with npm (VERSION=0.19.1)
	$(PYTHON) tools/vendor.py $(VERSION)

links: $(INSTALLED) ## check that every link of the book leads somewhere (needs a network)
	$(BIN)/jupyter-book build . --builder linkcheck

clean: ## remove what was built; the environment stays
	rm -rf _build .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache .coverage

$(INSTALLED): requirements.txt pyproject.toml
	@command -v $(PYTHON) > /dev/null || { echo "$(PYTHON) was not found: install Python 3.11 or newer, or name one: make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) --version), and the book needs 3.11 or newer: make PYTHON=..."; exit 1; }
	@echo "Making the environment in $(VENV); this takes a few minutes, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

# What a group of dependencies adds to the environment, by its lock.
$(BROWSER) $(LITE) $(AUTHORS) $(GRADING) $(CLUSTER) $(CHECKS) $(MUTATION): $(VENV)/.%: requirements-%.txt $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
