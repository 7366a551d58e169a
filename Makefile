# Needs python3 (3.11 or newer) and make; everything else goes into .venv.

PYTHON ?= python3
DB ?= demo.db
PORT ?= 8765

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal # a worker for each core

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak eval learn serve docs clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: .venv/run ## serve the corpus, ingest its feeds over HTTP, print the deals
	@$(BIN)/python -m extractor.evaluate.demo --db $(DB) --port $(PORT)

test: .venv/dev ## run the tests
	@$(PYTEST)

check: .venv/dev ## format, lint, types, import layers, tests, gold floor
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)
	$(BIN)/python -m extractor.evaluate.floor

bench: .venv/dev .venv-bench/peers ## speed of reading and asking; amounts and stories beside other libraries
	@$(BIN)/python -m tests.bench.reading
	@$(BIN)/python -m tests.bench.assembling
	@$(BIN)/python -m tests.bench.queries
	@$(BIN)/python -m tests.bench.quantities --peers .venv-bench/bin/python
	@$(BIN)/python -m tests.bench.stories --peers .venv-bench/bin/python

soak: .venv/dev ## what takes minutes: hundreds of feeds, faults, politeness, memory
	@$(BIN)/python -m tests.soak.gathering
	@$(BIN)/python -m tests.soak.crashes
	@$(BIN)/python -m tests.soak.feedparser_files
	@$(BIN)/python -m tests.soak.killed_watch

eval: .venv/run ## scores on the annotated corpus, field by field
	@$(BIN)/python -m extractor.evaluate corpus

learn: .venv/dev ## learn the weights of deals anew from corpus/marked
	@$(BIN)/python -m extractor.learning

serve: .venv/run ## serve the corpus as a small internet until interrupted
	@$(BIN)/python -m extractor.evaluate.serve --port $(PORT)

docs: .venv/dev ## make the outputs and the picture in README.md anew
	@$(BIN)/python -m docs.refresh

clean: ## remove what make has made, but no ledger
	rm -rf .venv .venv-bench build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find extractor tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The files below are stamps: they tell make what is installed, and for which pyproject.toml.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'dealwire needs Python 3.11 or newer; name one: make PYTHON=python3.12' >&2; exit 1; }
	@echo 'setting up .venv (once)' >&2
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/run: pyproject.toml | .venv/bin/python
	@echo 'installing dealwire into .venv' >&2
	@$(PIP) install -qq -e .
	@touch $@

.venv/dev: pyproject.toml | .venv/bin/python
	@echo 'installing dealwire with the tools of its developers into .venv' >&2
	@$(PIP) install -qq -e '.[dev]'
	@touch .venv/run $@

# Libraries to compare with stay apart from ours. One that cannot be installed is missing
# from the table, which says so.
.venv-bench/peers: tests/bench/peers/requirements.txt
	@echo 'installing other libraries into .venv-bench' >&2
	@$(PYTHON) -m venv --clear .venv-bench
	@grep -v '^#' $< | while read -r peer; do \
		.venv-bench/bin/python -m pip --disable-pip-version-check install -qq $$peer </dev/null || \
		echo "cannot install $$peer" >&2; done
	@touch $@
