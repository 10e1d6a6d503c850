# make run: install, index seeds/ and open the chat.  make test: install and pass the tests.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
export QA_INDEX ?= .qa-index
export HOST ?= 127.0.0.1
export PORT ?= 7860

.PHONY: run setup test test-all lint map docs hooks bench clean

run: setup
	$(BIN)/qa index seeds
	$(BIN)/qa web

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "qa needs Python 3.11 or newer: run make PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.tools: tests/requirements.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

test: $(VENV)/.tools
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(VENV)/.tools
	$(BIN)/python -m pytest

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict index qa app.py tests benchmarks training examples docs
	$(BIN)/lint-imports --no-cache
	$(BIN)/python docs/map.py --check

# Draw the packages and their imports into docs/architecture.md.
map: $(VENV)/.tools
	$(BIN)/python docs/map.py

# The API reference, from the docstrings, into build/docs.
docs: $(VENV)/.tools
	$(BIN)/python docs/reference.py build/docs

# Lint before each commit.
hooks: $(VENV)/.tools
	$(BIN)/pre-commit install

# DATA: the folder with the public data sets that benchmarks/README.md names.
bench: $(VENV)/.installed
	$(PYTHON) -m venv .bench-venv
	.bench-venv/bin/python -m pip install --quiet -r requirements.txt
	.bench-venv/bin/python -m pip install --quiet -r benchmarks/requirements.txt
	.bench-venv/bin/python -m benchmarks --data $(DATA)

clean:
	rm -rf $(VENV) .bench-venv .qa-index build dist *.egg-info
