# Guichet. `make demo` shows it, `make test` tests it, `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GUICHET := $(BIN)/guichet
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test faults check format lint types layers coverage models lock packages bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# One stamp a set of requirements: nothing is installed twice, and a change of the lock file is noticed. The lock files are
# whole: nothing is looked for beside them (older pips take the newest release of what is asked for with an extra).
$(VENV)/python.stamp: tools/make_venv.sh
	@sh tools/make_venv.sh "$(PYTHON)" "$(VENV)"
	@touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp requirements.lock pyproject.toml
	@echo "== Installing Guichet and what it runs on (the first time takes a minute or two)"
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	@echo "== Installing what tests and checks need"
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements-dev.lock
	@touch $@

install: $(VENV)/run.stamp ## Build .venv with the versions of the lock file

models: $(VENV)/run.stamp ## Fetch and verify the English speech model
	@$(GUICHET) models install en

demo: models ## Show calls and texts, everything embedded (ARGS=--keep leaves it up)
	@$(GUICHET) demo $(ARGS)

test: $(VENV)/dev.stamp models ## Run the tests (ARGS are pytest's)
	@$(BIN)/python -m pytest -q $(ARGS)

faults: $(VENV)/dev.stamp ## Inject five hundred faults at every step of the flows (minutes)
	@$(BIN)/python -m pytest -q --faults --postgresql tests/faults $(ARGS)

format: $(VENV)/dev.stamp ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

lint: $(VENV)/dev.stamp ## Check format and lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(VENV)/dev.stamp ## Check types
	@$(BIN)/python -m mypy

layers: $(VENV)/dev.stamp ## Check that imports only go down
	@$(BIN)/lint-imports

packages: ## Install the Debian packages of the whole check (as root)
	@sh tools/install_packages.sh

check: $(VENV)/dev.stamp packages lint types layers models ## Everything CI runs: the above, and all tests with coverage, PostgreSQL and faults
	@rm -f .coverage .coverage.*
	@$(BIN)/python tools/run_checked.py $(ARGS)
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

bench: $(VENV)/dev.stamp models ## Print the measured claims (docs/benchmarks.md)
	@$(BIN)/python benchmarks/first_call.py

lock: $(VENV)/dev.stamp ## Renew the lock files from pyproject.toml
	@sh tools/lock.sh $(BIN)/python

clean: ## Remove what was built, installed and measured here
	rm -rf $(VENV) var build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
