# The commands of this project. Each sets up what it needs and is quick the second time.
#
#   make ask                 set up, ingest the sample articles, answer two questions
#   make ask Q="…"           answer another
#   make test                set up, then lint, types, layers and tests
#   make bench DATA=folder   measure on articles.jsonl.gz and questions.jsonl.gz of that folder
#   make clean               remove what the others made

PYTHON ?= python3
BIN := .venv/bin
DEMO := data/demo
export Q PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: ask test check bench needs-data clean help

ask: .venv/installed
	@$(BIN)/pullquote --data-dir $(DEMO) ingest examples/articles --prune
	@if [ -n "$$Q" ]; then \
	  $(BIN)/ask --data-dir $(DEMO) "$$Q" || [ $$? -eq 1 ]; \
	else \
	  for question in "who led the US delegation?" "when was cooperation suspended?"; do \
	    printf '\n$$ ask "%s"\n\n' "$$question"; \
	    $(BIN)/ask --data-dir $(DEMO) "$$question" || exit; \
	  done; \
	fi

test: check
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2

check: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: needs-data .venv/installed
	$(BIN)/python bench/retrieval.py $(DATA)
	$(BIN)/python bench/speed.py $(DATA)

needs-data:
	@[ -n "$(DATA)" ] || { echo 'usage: make bench DATA=folder (with articles.jsonl.gz and questions.jsonl.gz)'; exit 2; }

clean:
	rm -rf .venv data build ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@sed -n 's/^#  //p' Makefile

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "pullquote needs Python 3.11 or later: make PYTHON=python3.11 …"; exit 2; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: pyproject.toml | .venv/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-dev: pyproject.toml | .venv/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ .venv/installed
