# Every target does its own set-up: Python >= 3.11 (with venv) and make are all a machine needs.
PYTHON ?= python3
BIN    := .venv/bin
SECONDS ?= 20
SEED ?= 0

.DEFAULT_GOAL := help
.PHONY: help figures gallery watch test test-all test-cluster test-hooks test-report mutants matrix fuzz torture hostile load e2e lint audit baselines lock bench docs messages dist clean
.DELETE_ON_ERROR:

help: ## Show the targets
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

figures: .venv/figures.stamp ## Write the PNGs that the posts reference
	$(BIN)/figgen build

gallery: .venv/figures.stamp ## Write the PNGs of the documentation's gallery
	$(BIN)/figgen build --root docs/gallery

watch: .venv/test.stamp ## Draw each figure as its config is saved, and show all on a local page
	$(BIN)/figgen watch --serve

# Compiled modules are kept: compiling them anew in each process would take a tenth of the time.
test test-all: export PYTHONDONTWRITEBYTECODE =
PYTEST ?= pytest

test: .venv/test.stamp gallery ## Run the tests, comparing every figure with its baseline; without the slow tests
	$(BIN)/$(PYTEST) --numprocesses auto --dist worksteal -m 'not slow'

test-all: test ## Run all tests: those of 'make test', then the slow ones
	$(BIN)/$(PYTEST) --numprocesses auto --dist worksteal -m slow

test-cluster: .venv/cluster.stamp ## Test the drawing on a Dask cluster of this machine
	$(BIN)/pytest tests/build/test_dask.py

test-hooks: .venv/hooks.stamp ## Test the hooks for pre-commit, by installing them as it does
	$(BIN)/pytest tests/test_hooks.py

test-report: .venv/test.stamp ## Compare the pictures, and show all of them on a page in build/report
	$(BIN)/pytest tests/test_figures.py::test_figure --mpl-generate-summary=html --mpl-results-path=build/report

mutants: .venv/test.stamp ## Change code and figures by the smallest steps, and report what no test sees; SAMPLE=…: some of the code
	$(BIN)/python -m tools.mutants.code $(if $(SAMPLE),--sample $(SAMPLE) --seed $(SEED)) $(ONLY)
	$(if $(SAMPLE),,$(BIN)/python -m tools.mutants.figures)

matrix: .venv/test.stamp ## Judge all figures under other versions of matplotlib and Python
	$(BIN)/python -m tools.matrix $(ONLY)

fuzz: .venv/fuzz.stamp ## Feed generated input to all that reads what others write; SECONDS=… for each reader
	$(BIN)/python -m tools.fuzz --seconds $(SECONDS) --seed $(SEED)

torture: .venv/test.stamp ## Break real builds in every way that machines do: kills, full disks, damaged files
	$(BIN)/python -m tools.torture

hostile: .venv/test.stamp ## Give every reader and command the worst input that a branch could bring
	$(BIN)/python -m tools.hostile

load: .venv/test.stamp ## Measure sites and figures of sizes that nobody has
	$(BIN)/python -m tools.load

e2e: .venv/test.stamp ## Build a real Jekyll site, look at it in a browser, and break it
	$(BIN)/python -m tools.e2e

lint: .venv/test.stamp ## Check style, types and which package imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

audit: .venv/audit.stamp ## Look up all that is locked among known vulnerabilities, and fail where that cannot be told
	for locked in $(RUNTIME) requirements/*.txt; do \
	  $(BIN)/pip-audit --strict --progress-spinner off --disable-pip --require-hashes --requirement $$locked || exit 1; \
	done

baselines: .venv/test.stamp figures gallery ## Approve the current pictures as the baselines of the image tests
	$(BIN)/figgen accept
	$(BIN)/figgen accept --root docs/gallery

lock: .venv/test.stamp ## Pin the newest allowed dependencies, with hashes, in requirements/ and for sites
	$(BIN)/uv pip compile $(LOCK) --group build --extra watch --extra optimize --constraints requirements/constraints.in \
	  --output-file $(RUNTIME) pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group build --group test --extra watch --extra optimize --constraints $(RUNTIME) \
	  --output-file requirements/test.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group bench --constraints requirements/test.txt \
	  --output-file requirements/bench.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group cluster --constraints requirements/test.txt \
	  --output-file requirements/cluster.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group hooks --constraints requirements/test.txt \
	  --output-file requirements/hooks.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group fuzz --constraints requirements/test.txt \
	  --output-file requirements/fuzz.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group audit --constraints requirements/test.txt \
	  --output-file requirements/audit.txt pyproject.toml
	mkdir -p build
	for version in $(MATPLOTLIBS); do \
	  echo "matplotlib==$$version" > build/constraints.in; \
	  $(BIN)/uv pip compile $(LOCK) --group matrix --constraints build/constraints.in \
	    --output-file requirements/matplotlib-$$version.txt pyproject.toml; \
	done

bench: .venv/bench.stamp ## Measure the build against yardsticks, as ratios within one run
	$(BIN)/python -m bench.run

docs: .venv/test.stamp gallery ## Write the parts of docs/ that follow from the code and the gallery
	$(BIN)/python -m tools.generate_docs

messages: .venv/test.stamp ## Write what figgen prints now into the expected messages of the tests; ONLY="build init" for some sessions
	$(BIN)/python -m tools.update_messages $(ONLY)

dist: .venv/figures.stamp ## Build the wheel and the sdist in dist/, the same bytes from the same commit
	mkdir -p dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -c \
	  'import flit_core.buildapi as api; print(api.build_wheel("dist")); print(api.build_sdist("dist"))'

clean: ## Remove what the other targets made, but not the figures
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
	find figgen tests -name __pycache__ -type d -exec rm -rf {} +

# From the oldest that is supported to the newest that there is; pixels are those of the baselines up to 3.10.
MATPLOTLIBS := 3.8.4 3.9.4 3.10.9 3.11.2

# What figgen needs to run and to be built. 'figgen init' writes it into a site, so it is a part of the package.
RUNTIME := figgen/cli/templates/requirements.txt

LOCK := --quiet --upgrade --universal --fork-strategy fewest --generate-hashes --no-header --no-annotate --no-emit-index-url \
  --no-emit-find-links

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "figgen needs Python >= 3.11, and $(PYTHON) is not: name another one with 'make PYTHON=python3.12 …'" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# A stamp is written last, so an interrupted installation is taken up again.
.venv/figures.stamp: $(RUNTIME) pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/test.stamp: requirements/test.txt .venv/figures.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/test.txt
	@touch $@

# What few targets need beside the tests' own.
$(patsubst %,.venv/%.stamp,audit bench fuzz hooks cluster): .venv/%.stamp: requirements/%.txt .venv/test.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@
