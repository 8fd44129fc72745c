# make demo    what kslint does, on the talk's example
# make test    all checks and tests (needs only Python 3.11 or newer)
# make test-full    what needs more: a browser, npm's judges, pre-commit, zizmor; installs what is missing or says so
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-full check oracle bench golden schemas docs catalogue mutants clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("kslint needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.tested: pyproject.toml $(VENV)/.installed
	$(BIN)/pip install --quiet --editable '.[test]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/kslint diff examples/talk
	@echo
	$(BIN)/kslint lint examples/talk

check: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/build_schemas.py --check
	$(BIN)/kslint rules --format markdown | diff docs/rules.md -

test: check
	$(BIN)/pytest -n auto -m "not long and not full"

.tools/.installed: tests/full/install tests/full/package.json tests/full/package-lock.json
	tests/full/install

$(VENV)/.full: pyproject.toml $(VENV)/.tested
	$(BIN)/pip install --quiet --editable '.[test,full]'
	touch $@

test-full: $(VENV)/.full .tools/.installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -n 2 -m full tests

# Minutes to hours: tens of thousands of generated blocks and expressions through real Terraform.
oracle: $(VENV)/.tested
	KSLINT_ORACLE_EXAMPLES=20000 $(BIN)/pytest -n auto -m "oracle or long" tests

bench: $(VENV)/.tested
	$(BIN)/python benchmarks/run.py

golden: $(VENV)/.tested
	KSLINT_GOLDEN=write $(BIN)/pytest -n auto tests/test_specs.py tests/formats

schemas: $(VENV)/.tested
	$(BIN)/python scripts/build_schemas.py

docs: $(VENV)/.installed
	$(BIN)/kslint rules --format markdown > docs/rules.md

# The constraints of clouds and tiers: those that are shipped, those left out, and why.
catalogue: $(VENV)/.installed
	$(BIN)/python scripts/catalogue.py

# How much the tests notice: small changes in what decides, one at a time. MUTANTS=0 tries all of them (hours).
MUTANTS ?= 150
mutants: $(VENV)/.tested
	$(BIN)/python scripts/mutants.py --sample $(MUTANTS)

clean:
	rm -rf $(VENV) .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
