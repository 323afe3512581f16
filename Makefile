.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.ready

help:  ## show these words
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F '\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(STAMP)  ## make .venv with everything that is needed, pinned by hash

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "afterorder needs Python 3.11 or newer; say make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

demo: setup  ## play a month of two shops, build their reports, and serve it all
	$(VENV)/bin/afterorder demo $(ARGS)

local: setup  ## run the stack of template.yaml on this machine
	$(VENV)/bin/afterorder local $(ARGS)

test: setup  ## everything that CI runs
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile $(ARGS)

format: setup  ## lay the code out
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix --quiet .

lint: setup  ## format, lint and template checks
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/cfn-lint template.yaml

types: setup  ## mypy, strict
	$(VENV)/bin/mypy

check: lint types test  ## format, lint, types and tests in one word

pin: setup  ## pin requirements/*.in again
	$(VENV)/bin/pip install --quiet uv
	for name in run dev sam; do $(VENV)/bin/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header requirements/$$name.in -o requirements/$$name.txt; done

.PHONY: help setup demo local test format lint types check pin
