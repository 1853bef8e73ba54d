# One command per chore. `make run` and `make test` are all a newcomer needs; see README.md.
PYTHON ?= python3.11
VENV ?= .venv
# The CPU build of torch instead of gigabytes of GPU libraries: make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
PIP = $(VENV)/bin/pip --disable-pip-version-check install --quiet -c constraints.txt \
      $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
BIN = $(VENV)/bin
SAMPLES = 'How many staff have been trained in HOPE(S)?' 'what progress on end of life care' 'who funds M-RIC?'

.PHONY: run ask ingest test check bench soak evaluate invented verifier baselines browser clean

run: ingest ## install, ingest corpus/, and open the sandbox (without a terminal: three sample questions)
	@if [ -t 0 ]; then $(BIN)/trustbot sandbox --open; else $(MAKE) --no-print-directory ask; fi

ask: $(VENV)/installed ## ask at the terminal (without one: three sample questions)
	@if [ -t 0 ]; then $(BIN)/trustbot ask; else printf '%s\n' $(SAMPLES) | $(BIN)/trustbot ask; fi

ingest: $(VENV)/installed ## bring the index up to date with corpus/
	@$(BIN)/trustbot ingest

test: $(VENV)/installed-test browser ## install what the tests need, and run them
	@$(BIN)/python -m pytest

check: $(VENV)/installed-test ## style, types and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/installed-test ## timings as ratios against a floor measured in the same run
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.slack.load

soak: $(VENV)/installed-test ## the long tests
	@$(BIN)/python -m tests.soak
	@$(BIN)/python -m tests.slack.load --soak 5000

evaluate: $(VENV)/installed ingest ## ask the fixed questions; exit 1 below the gate
	@$(BIN)/trustbot evaluate --gate --today 2026-11-21

invented: $(VENV)/installed ## the questions of six invented trusts: a second opinion on every figure
	@$(BIN)/python -m evaluation.invented --today 2026-11-21

verifier: $(VENV)/installed ingest ## what the verification keeps and catches of the labelled pairs; exit 1 below its promises
	@$(BIN)/python -m evaluation.verifier

baselines: $(VENV)/installed-test ## dense, BM25 and plain RRF on public question sets: make baselines BENCH=folder
	@$(BIN)/python -m evaluation.baselines $(BENCH)

browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && as= || as=sudo; \
	  $$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends chromium chromium-driver; }

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing (once; a few minutes) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(PIP) -e '.[test,check]'
	@touch $@ $(VENV)/installed

clean: ## remove the environment and the index
	rm -rf $(VENV) .index
