# `make run` starts a demonstration, `make test` tests everything; both set up what they need.
ifndef PYTHON
PYTHON := $(shell sh tools/find-python.sh)
endif
VENV := .venv/bin
export PORT TODAY DEMO

# An empty PYTHON has been explained by find-python.sh.
need-python = @test -n "$(PYTHON)"
.PHONY: run install setup test check bench budget lighthouse lock shots icons format translations clean help

help: ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: ## Start the demonstration on http://127.0.0.1:8000 (PORT=… TODAY=YYYY-MM-DD)
	$(need-python)
	@exec "$(PYTHON)" -m tools.run

install: ## Only what a server needs
	$(need-python)
	@"$(PYTHON)" -m tools.setup --serving

setup: ## Install what tests and checks need
	$(need-python)
	@"$(PYTHON)" -m tools.setup

test: setup ## Everything, on SQLite, PostgreSQL and in Chromium
	@$(VENV)/python -m tools.chromium
	@$(VENV)/python -m tools.contract
	@$(VENV)/python -m tools.phones
	@$(VENV)/python -m tools.gammu
	@$(VENV)/pytest -n auto --dist worksteal

check: setup ## Style, types, walls between modules, translations, migrations
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/python -m tools.translations
	$(VENV)/pytest tests/test_walls.py tests/platform/test_migrations.py

bench: setup ## Measure: dispatch, expansion, pages, lists
	@$(VENV)/python -m bench

budget: setup ## Measure: bytes, time and memory of every page on a cheap phone over 2G (ARGS=--check fails)
	@$(VENV)/python -m bench.budget $(ARGS)

lighthouse: setup ## Measure: what Lighthouse says of the main pages (ARGS=--check fails)
	@$(VENV)/python -m bench.lighthouse $(ARGS)

shots: setup ## Screenshots for the documentation and the offer to install
	@$(VENV)/python -m tools.shots

icons: setup ## Icons of the installed application, from the SVGs of static/
	@$(VENV)/python -m tools.icons

translations: setup ## Collect the words of pages and code, and compile both catalogues
	@$(VENV)/python -m tools.translations --update

format: setup ## Put the code into the one style
	@$(VENV)/ruff check --fix-only --exit-zero
	@$(VENV)/ruff format

lock: setup ## Pin the newest versions that requirements*.in allow, with hashes
	@$(VENV)/python -m tools.lock

clean: ## Remove what was made here; the data in instance/ stays
	rm -rf .venv .tools node_modules static/vendor static/dist webapp/areas/data .mypy_cache .ruff_cache .pytest_cache
