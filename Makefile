# The tasks of this project. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
# The demo organisation never mixes with real decisions: it has a directory of its own unless DATA_DIR names one.
DATA_DIR ?= $(if $(filter demo,$(MAKECMDGOALS)),data/demo,data)
export DATA_DIR PYTHON

BIN := .venv/bin
# Test processes beside each other; more than there are cores only makes them wait.
WORKERS ?= 2

.PHONY: help
help: ## List the tasks
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
	@echo "  PORT=8001 and DATA_DIR=directory may follow run and demo."

.PHONY: run
run: setup ## Set up what is missing and serve on 127.0.0.1:8000
	@exec $(BIN)/meshadvisor serve --port $(PORT)

.PHONY: demo
demo: setup ## The same with a demo organisation, in data/demo
	@$(BIN)/meshadvisor demo
	@exec env MESHADVISOR_DEMO=aylin,mara,jonas,tomas,ingrid,admin $(BIN)/meshadvisor serve --port $(PORT)

.PHONY: setup
setup: .venv/.installed ## Set up: system libraries, .venv, pinned packages
	@$(if $(filter setup,$(MAKECMDGOALS)),echo "Set up. make run starts it.",:)

.PHONY: check
check: .venv/.installed-dev ## Lint, types, import contracts, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && export DATA_DIR="$$scratch" && set -x && \
	$(BIN)/meshadvisor makemigrations --check --dry-run && \
	MESHADVISOR_ORIGIN=https://decisions.example.org $(BIN)/meshadvisor check --deploy --fail-level WARNING

.PHONY: test
test: check ## Everything: check, then all tests on SQLite, the database tests on PostgreSQL too
	@echo "The database tests on PostgreSQL:"
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n $(WORKERS) -m database
	@echo "All tests on SQLite, the browser's last:"
	$(BIN)/python -m pytest -n $(WORKERS) -m "not quiet"
	@echo "The tests that measure a real server, one after the other:"
	$(BIN)/python -m pytest -m quiet

.PHONY: lock
lock: ## Pin the packages of requirements/*.in anew (needs uv)
	@command -v uv >/dev/null || { echo "uv makes the lock files: $(BIN)/pip install uv, then PATH=\$$PWD/$(BIN):\$$PATH make lock"; exit 1; }
	for name in runtime dev; do \
	  uv pip compile --upgrade --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

# --- How the environment comes to be. The stamps make the second start quick. ---

.venv/.system: deploy/packages
	@deploy/packages run
	@mkdir -p .venv && touch $@

.venv/bin/python: | .venv/.system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "MeshAdvisor needs Python 3.11 or newer; make PYTHON=python3.12 ..."; exit 1; }
	@echo "Creating .venv ..."
	@$(PYTHON) -m venv .venv

.venv/.installed: requirements/runtime.txt pyproject.toml .venv/.system | .venv/bin/python
	@echo "Installing the pinned packages (a minute or two the first time) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: requirements/dev.txt .venv/.installed
	@deploy/packages test
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
