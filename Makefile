# make run: install, index seeds/ and open the chat.  make test: install and pass the tests.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
export QA_INDEX ?= .qa-index
export HOST ?= 127.0.0.1
export PORT ?= 7860

.PHONY: run setup test test-all test-integrations lint map docs hooks bench clean

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

# qa/integrations beside the real frameworks, files read by a Ray cluster, and Milvus. They have an
# environment of their own, which sees that of .venv: the plugins that they bring would take part in every run of pytest.
test-integrations: .integrations-venv/.installed
	.integrations-venv/bin/python -m pytest -o asyncio_mode=auto -o asyncio_default_fixture_loop_scope=function \
		--disable-socket --allow-unix-socket tests/qa/integrations tests/examples -k "integrations or rag"
	.integrations-venv/bin/python -m pytest tests/index/sync/test_cluster.py
	.integrations-venv/bin/python -m pytest tests/contracts tests/index/storage/milvus -k milvus
	$(BIN)/mypy --config-file= --strict --follow-imports=silent \
		--python-executable .integrations-venv/bin/python qa/integrations examples/*_rag.py

.integrations-venv/.installed: tests/qa/integrations/requirements.txt $(VENV)/.tools
	$(BIN)/python -m venv --clear .integrations-venv
	$(BIN)/python -c 'import site; print(f"import site; site.addsitedir({site.getsitepackages()[0]!r})")' > .integrations-venv/beside
	mv .integrations-venv/beside "$$(.integrations-venv/bin/python -c 'import site; print(site.getsitepackages()[0])')/beside.pth"
	.integrations-venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

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
	rm -rf $(VENV) .bench-venv .integrations-venv .qa-index build dist *.egg-info
