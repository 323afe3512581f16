.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.ready

help:  ## show these words
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F '\t' '{printf "  make %-18s %s\n", $$1, $$2}'

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

test: setup tools  ## every test
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

conformance: setup  ## every platform through the same cases, as a table
	$(VENV)/bin/python -m tests.functions.conformance_table

permission-table: setup  ## play a shop's life, and print what each function may do and how often it did
	$(VENV)/bin/python -m tests.functions.permission_table

fuzz: setup  ## throw thousands of strange requests, files, signatures and forms at what strangers reach, and print how many
	$(VENV)/bin/python -m tests.functions.fuzz_counts $(ARGS)

audit: setup  ## look the pinned dependencies up in the advisory database (needs the network; pip-audit is fetched by uv)
	$(VENV)/bin/uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements/run.txt -r requirements/runtime.txt

tools: setup  ## make sure of what the tests need besides Python: npm, Java, PHP, a Chromium
	@.ci/tools $(VENV)

format: setup  ## lay the code out
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix --quiet .

lint: setup  ## format, lint and template checks
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/cfn-lint --append-rules cfn_lint_serverless.rules --template template.yaml

types: setup  ## mypy, strict
	$(VENV)/bin/mypy

pictures: setup tools  ## take the pictures of README and docs/reports.md from a demo's folder (Chromium)
	$(VENV)/bin/python -m docs.take_pictures $(ARGS)

mail-pictures: setup tools  ## take the pictures of docs/mails.md
	$(VENV)/bin/python -m docs.take_mail_pictures

page-pictures: setup tools  ## take the pictures of docs/pages.md
	$(VENV)/bin/python -m docs.take_page_pictures

prestashop-module: setup  ## pack build/prestashop/afterorder.zip, which PrestaShop installs
	$(VENV)/bin/python -m docs.platforms.zip_module prestashop

magento-module: setup  ## pack build/magento/afterorder.zip, which is unpacked over a Magento
	$(VENV)/bin/python -m docs.platforms.zip_module magento

build: setup  ## make the functions' packages in build/packages, for Lambda's Python and arm64
	$(VENV)/bin/python -m infra.packaging

build-%: setup  # what `sam build` says, with the logical id of a function of template.yaml
	$(VENV)/bin/python -m infra.packaging $* $(ARTIFACTS_DIR)

check: lint types  ## format, lint and types in one word

erasure-proof: setup  ## play a person through the stack, erase them, and search every byte that is left
	$(VENV)/bin/python -m pytest tests/journey/test_erasure.py -q -s

bench: setup  ## run the benchmarks and write what they measure into the pages; ARGS="mails incidents" runs these alone
	$(VENV)/bin/python -m benchmarks $(ARGS)

fault-table: setup  ## let every call to AWS fail in every way, and print what came of it; ARGS=--write puts it into docs/faults.md
	$(VENV)/bin/python -m tests.faults.table $(ARGS)

lint-template: setup  ## what SAM's own command line and checkov say of template.yaml (environments of their own, on first use)
	test -x .venv-sam/bin/sam || ($(PYTHON) -m venv .venv-sam && $(VENV)/bin/uv pip install --quiet --python .venv-sam/bin/python --require-hashes -r requirements/sam.txt)
	SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-central-1 .venv-sam/bin/sam validate --lint
	test -x .venv-checkov/bin/checkov || ($(PYTHON) -m venv .venv-checkov && $(VENV)/bin/uv pip install --quiet --python .venv-checkov/bin/python --require-hashes -r requirements/checkov.txt)
	.venv-checkov/bin/checkov --config-file .checkov.yaml --file template.yaml

PIN := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

pin: setup  ## pin requirements/*.in again
	$(PIN) requirements/run.in -o requirements/run.txt
	$(PIN) requirements/runtime.in -o requirements/runtime.txt
	$(PIN) requirements/dev.in -o requirements/dev.txt
	$(PIN) --no-strip-extras requirements/sam.in -o requirements/sam.txt
	$(PIN) --no-strip-extras requirements/checkov.in -o requirements/checkov.txt

.PHONY: permission-table fuzz audit help build setup demo local test conformance tools format lint lint-template types bench fault-table page-pictures mail-pictures pictures check pin prestashop-module magento-module
