# Two commands set everything up by themselves: `make run` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
.DEFAULT_GOAL := help
.PHONY: help run test check lint types bench fuzz docs corpus venv clean

help:            ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

venv: $(READY)   ## the virtual environment

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: $(READY)    ## a router on this terminal (CONFIG=running-configs/secure-cme.cfg: started from that; ARGS: further options)
	@$(BIN)/ioscli run $(addprefix --config ,$(CONFIG)) $(ARGS)

test: $(READY)   ## all tests; installs foreign tools that they want, where it may
	@$(BIN)/python -m tests.foreign --install || true
	$(BIN)/python -m pytest

check: lint types  ## lint and types

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m ioscli.grammar.lint

types: $(READY)
	$(BIN)/mypy

corpus: $(READY) ## the grammar against real configurations; writes docs/corpus.md and docs/corpus.json
	$(BIN)/python -m tests.measure.corpus --markdown docs/corpus.md --json docs/corpus.json

bench: $(READY) $(VENV)/peers/.ready  ## speed and memory against peers; writes docs/bench.md
	$(BIN)/python -m tests.bench --markdown docs/bench.md

# Peers stand apart: two of them are releases of one package.
$(VENV)/peers/.ready: $(READY) Makefile
	for peer in ciscoconfparse2=ciscoconfparse2==0.9.18 hier_config3=hier-config==3.7.1 hier_config4=hier-config==4.0.0b4 prompt_toolkit=prompt_toolkit==3.0.52; do \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target $(VENV)/peers/$${peer%%=*} $${peer#*=} || exit; \
	done
	@touch $@

fuzz: $(READY)   ## random text for a minute (SECONDS=60)
	$(BIN)/python -m tests.fuzz $(or $(SECONDS),60) $(SEED)

docs: $(READY)   ## docs/commands.md from the grammar
	$(BIN)/python -m tests.measure.commands --markdown docs/commands.md

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
