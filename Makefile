# Everything a person does with a clone. `make` alone lists it.
# Needs Python 3.11 or later with venv, and git; the rest is installed into .venv from hashed locks.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
UV := $(RUN)/uv --quiet --no-progress
# A changed lock or pyproject.toml gives other stamps, so the next command installs again; an unchanged one costs nothing.
STATE := $(shell cat requirements*.lock pyproject.toml | cksum | tr -c '0-9\n' '-')
PRODUCT := $(VENV)/.product-$(STATE)
WORKSHOP := $(VENV)/.workshop-$(STATE)
CATALOGUES := $(VENV)/.catalogues
# A worker that has nothing left takes over half of what another one still has before it.
SIDE_BY_SIDE := -n 2 --dist worksteal
# What is kept in a database has to hold on both; the rest never meets one.
# Not the imports and the killed batches: their tests copy a home with its SQLite file or look into it. Nor the full disk and
# the killed consoles: the one needs the database on that disk, the others' processes share the file. Of letters
# what counts, locks, numbers and takes in.
ON_POSTGRESQL := $(addprefix --ignore tests/journeys/test_,import.py batch_kills.py bulk_kills.py full_disk.py kills.py) \
  tests/journeys tests/apps/foundation tests/apps/identity tests/apps/estate tests/apps/rules tests/apps/obligations \
  $(patsubst %,tests/apps/interaction/test_%.py,accounts bulk calls error_reports handling receiving) \
  tests/apps/publishing/test_publisher.py tests/contracts/test_nothing_else_publishes.py \
  tests/apps/search/quality/test_quality.py::test_postgresql_is_nearly_as_good

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench requirements rules pictures lock clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(PRODUCT) $(CATALOGUES)  ## Install, load the demo city if absent, start console, portal and worker
	@exec $(RUN)/jiyue demo

ifdef PYTEST
test: $(WORKSHOP) $(CATALOGUES)
	$(RUN)/python -m pytest $(PYTEST)
else
test: $(WORKSHOP) $(CATALOGUES)  ## Install what tests need and run all of them (a part: make test PYTEST=tests/unit)
	.ci/in-memory .ci/once-more $(RUN)/python -m pytest $(SIDE_BY_SIDE)
	@.ci/in-memory .ci/with-postgresql .ci/once-more $(RUN)/python -m pytest $(SIDE_BY_SIDE) $(ON_POSTGRESQL); status=$$?; \
	  if [ $$status = 69 ] && [ -z "$$CI" ]; then echo "Not run: the tests on PostgreSQL"; else exit $$status; fi
endif

check: $(WORKSHOP) $(CATALOGUES)  ## Linters, types, import contracts, migrations, catalogues; under a minute
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports
	$(RUN)/mypy
	$(RUN)/djlint --lint --quiet src/jiyue
	$(RUN)/biome lint --error-on-warnings src/jiyue/portal/static src/jiyue/console/assets
	$(RUN)/biome format src/jiyue/portal/static src/jiyue/console/assets
	JIYUE_HOME=$(VENV)/check-home $(RUN)/python -m django makemigrations --check --dry-run --settings jiyue.config.settings.test
	$(RUN)/python -m pytest -q -p no:randomly tests/contracts/test_translations.py

format: $(WORKSHOP)  ## Lay out Python, styles and scripts as `make check` wants them
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .
	$(RUN)/biome format --write src/jiyue/portal/static src/jiyue/console/assets

bench: $(WORKSHOP) $(CATALOGUES)  ## Measure, each figure beside a peer or a limit (HOW= for the full sizes, HOW=--quick unless told)
	@for file in bench/[a-z]*.py; do echo "== $$file"; $(RUN)/python $$file $(HOW) || exit 1; done
HOW ?= --quick

requirements: $(WORKSHOP)  ## Requirements done, partly done and planned, by area
	@$(RUN)/python -m tests.contracts.requirements_table

rules: $(WORKSHOP)  ## Write docs/rules/packs.md and rulepacks/schema/ anew after a change of the rule packs
	$(RUN)/python docs/rules/generated.py

pictures: $(WORKSHOP) $(CATALOGUES)  ## Take the pictures of the README from a demo city of their own
	$(RUN)/python docs/pictures.py

lock: $(VENV)/bin/uv  ## Choose the newest allowed versions and write the locks (no registry address in them)
	$(UV) pip compile $(LOCKED) --group setup -o requirements-setup.lock
	$(UV) pip compile $(LOCKED) pyproject.toml --extra scale -c requirements-setup.lock -o requirements.lock
	$(UV) pip compile $(LOCKED) --group dev -c requirements.lock -c requirements-setup.lock -o requirements-dev.lock
LOCKED := --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

clean:  ## Remove what was installed and computed; the data in var/ stay
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

# ---- what the commands stand on -------------------------------------------------------------------------------------

$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Jiyue needs Python 3.11 or later; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock

# Who works on the project has everything that the product needs; nothing is removed again by `make demo`.
$(PRODUCT): $(VENV)/bin/uv
	@test -e $(WORKSHOP) || { echo "Installing the product"; $(UV) pip sync --require-hashes requirements-setup.lock requirements.lock; }
	@$(UV) pip install --no-deps --no-build-isolation --offline --editable .
	@touch $@

$(WORKSHOP): $(VENV)/bin/uv
	@echo "Installing the product and what its tests need"
	@$(UV) pip sync --require-hashes requirements-setup.lock requirements.lock requirements-dev.lock
	@$(UV) pip install --no-deps --no-build-isolation --offline --editable .
	@touch $@ $(PRODUCT)

$(CATALOGUES): $(wildcard src/jiyue/locale/*/LC_MESSAGES/*.po) | $(PRODUCT)
	@$(RUN)/python -c 'from jiyue.console.catalogues import compile_catalogues; compile_catalogues()'
	@touch $@
