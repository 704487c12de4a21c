# Minga. `make help` lists what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run setup test check test-long bench lock setup-test format

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Serve on http://127.0.0.1:8000, with a demo town when the database is empty
	@$(BIN)/minga db upgrade
	@$(BIN)/minga demo load --if-empty
	@$(BIN)/minga serve

setup: $(VENV)/.installed ## Set up what `make run` needs
	@$(BIN)/python app/assets/build_assets.py
	@$(BIN)/python -m allocation.engine.warm

test: setup-test ## Run the whole suite on SQLite and PostgreSQL and in Chromium
	@$(IN_MEMORY) $(BIN)/python -m pytest -q -n 2 -m "not long" --basetemp=$$tmp/pytest $(ARGS)

test-long: setup-test ## The long runs
	@$(IN_MEMORY) $(BIN)/python -m pytest -q -n 2 --basetemp=$$tmp/pytest $(ARGS)

# The files of the tests lie in memory where there is room: thousands of small databases are
# written with every safety on, and a disk would make the suite wait for itself.
IN_MEMORY = tmp=$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d); trap 'rm -rf "$$tmp"' EXIT;

check: setup-test ## Lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## Time and memory, as ratios in one run
	$(BIN)/python -m benchmarks

format: setup-test ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Write requirements/*.txt anew from pyproject.toml (needs uv)
	uv pip compile $(LOCK) --extra study --group setup -o requirements/runtime.txt
	uv pip compile $(LOCK) --extra study --group setup --group test -c requirements/runtime.txt -o requirements/test.txt

LOCK := pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --excludes requirements/excludes.txt --quiet

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Minga needs Python 3.11 or later. Set PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing: install the package python3-venv."; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Python packages ..."
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup-test: setup $(VENV)/.installed-test
	@sh .ci/system_packages

$(VENV)/.installed-test: requirements/test.txt $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/test.txt
	@touch $@
