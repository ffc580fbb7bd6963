# The two commands of the README, and what they stand on. Everything is installed into .venv;
# nothing outside this folder changes but the caches of uv and of huggingface-spaces.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
ifeq ($(UV),)
UV := .bootstrap/bin/uv
BOOTSTRAP := .bootstrap/bin/uv
endif

.PHONY: demo test test-all check fix setup benchmarks snapshots references install-claude clean

demo: setup ## The whole loop on a real app, on this machine
	$(BIN)/huggingface-spaces demo

test: .venv/.tested ## Every test that fits into minutes
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-all: .venv/.tested ## Also the slow ones
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/.tested ## Lint, format, strict types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: .venv/.tested ## What lint and format can repair by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmarks: .venv/.tested ## Ratios measured in one run
	$(BIN)/python -m tests.benchmarks

snapshots: .venv/.tested ## Write the tool snapshots anew after a wanted change
	UPDATE_SNAPSHOTS=1 $(BIN)/python -m pytest -q tests/test_snapshots.py

references: .venv/.tested ## Write the generated parts of references/ anew
	$(BIN)/python -m maintenance.lint_rules_reference
	$(BIN)/python -m maintenance.known_errors_document
	$(BIN)/python -m maintenance.reference_tables

install-claude: setup ## Into Claude Code, with an environment of its own
	$(BIN)/huggingface-spaces install --claude

setup: .venv/.ready ## Prepare and byte-compile .venv alone

.bootstrap/bin/uv:
	$(PYTHON) -m venv .bootstrap
	.bootstrap/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.ready: pyproject.toml setup.py $(BOOTSTRAP)
	$(UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --editable .
	$(BIN)/python -m compileall -q tools server.py
	touch $@

.venv/.tested: .venv/.ready
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --group dev --editable .
	touch $@

clean: ## Remove what the commands above made
	rm -rf .venv .bootstrap .cache build *.egg-info .mypy_cache .ruff_cache .pytest_cache
