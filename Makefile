# `make` alone prints what there is. Everything works from a fresh clone: each target does the set-up it
# needs. Plain make and sh only: GNU make 3.81 (macOS) is the oldest that must read this.

PYTHON ?= python3
ARGS ?=
CAN_RUN_US = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.PHONY: help setup setup-dev servers run up down test lint format chaos bench bench-clusterer bench-detection bench-long bench-kafka schemas lock clean

help: ## Print this help
	@echo "Undercurrent: follows sub-narratives in micro-communities, and tells people when one spikes."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "More for one command: make run ARGS=--json, make test ARGS=\"tests/unit -k frame\"."
	@echo "Another interpreter: make setup PYTHON=/path/to/python3.12."

# A version manager's python3.12 may exist and yet refuse to start, so each candidate is asked. `--clear`
# repairs a .venv whose interpreter was removed: make follows the link, and comes here when it leads nowhere.
# pip comes later, so that an interruption here leaves nothing that looks whole and is not.
.venv/bin/python:
	@for candidate in "$(PYTHON)" python3.13 python3.12 python3.11; do \
	    "$$candidate" -c '$(CAN_RUN_US)' 2>/dev/null && python="$$candidate" && break; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Undercurrent needs Python 3.11, 3.12 or 3.13, and found none as $(PYTHON), python3.13," \
	         "python3.12 or python3.11: install one, or name it: make setup PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$python cannot make virtual environments; on Debian and Ubuntu: sudo apt-get install" \
	         "python$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" >&2; exit 1; \
	fi; \
	"$$python" -m venv --clear --without-pip .venv

# $(call install,LOCK): brings .venv to LOCK, unless the stamp says that it is there already. The stamp holds
# contents, not times, so a `git checkout` back and forth costs nothing. uv comes out of the same lock, its hash
# checked by pip; where it cannot work (no wheel, an index that only pip knows), pip does it all.
PIP = .venv/bin/python -m pip install -q --disable-pip-version-check
UV = UV_LINK_MODE=copy .venv/bin/uv pip install -q --python .venv/bin/python
define install
@set -e; stamp=".venv/$(1).stamp"; \
state="$$(pwd; .venv/bin/python -V; cat pyproject.toml $(1) | cksum)"; \
[ "$$state" != "$$(cat "$$stamp" 2>/dev/null)" ] || exit 0; \
.venv/bin/python -c '$(CAN_RUN_US)' || { \
    echo ".venv has $$(.venv/bin/python -V), but 3.11, 3.12 or 3.13 is needed: make clean, then again" >&2; \
    exit 1; \
}; \
echo "Installing $(1) into .venv" >&2; rm -f "$$stamp"; \
.venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null; \
sed -n '/^uv==/,/^    # via/p' $(1) >.venv/uv.lock; \
$(PIP) --only-binary :all: --require-hashes -r .venv/uv.lock && $(UV) --require-hashes -r $(1) \
    || $(PIP) --require-hashes -r $(1); \
printf '%s\n' "$$state" >"$$stamp"
endef

# Brings this checkout into .venv, its compiled module too where that can be had. The stamp also tells whether
# there is a compiler and Python's headers: once they are installed, the next make compiles.
COMPILED = models/_term_matrix.pyx deploy/build_extension.py
SAY_PYTHON = import os, sys, sysconfig; \
    print(sys.version, os.path.exists(sysconfig.get_path("include") + "/Python.h"))
define install_this
@set -e; stamp=.venv/undercurrent.stamp; \
state="$$(pwd; .venv/bin/python -c '$(SAY_PYTHON)'; c++ --version 2>/dev/null | head -1; echo "$$UNDERCURRENT_PURE"; \
    cat pyproject.toml requirements.lock $(COMPILED) | cksum)"; \
[ "$$state" != "$$(cat "$$stamp" 2>/dev/null)" ] || exit 0; \
rm -f "$$stamp"; $(PIP) --no-deps --no-build-isolation -e .; .venv/bin/python -m deploy.build_extension; \
printf '%s\n' "$$state" >"$$stamp"
endef

setup: .venv/bin/python ## Make .venv with .venv/bin/undercurrent in it; at once when nothing changed
	$(call install,requirements.lock)
	$(install_this)

setup-dev: setup ## The same, with the tools for tests and lint
	$(call install,requirements-dev.lock)

run: setup ## Simulator, pipeline and console in one process; alerts in this terminal
	@.venv/bin/undercurrent run $(ARGS)

servers: setup ## See to Java, Redis, Prometheus and Kafka's JARs: look for them, and install what is missing by apt
	@.venv/bin/python -m deploy.local.requirements

up: setup ## The whole stack: containers where docker runs, else processes here; returns when all is ready
	@.venv/bin/python -m deploy.local.stack up $(ARGS)

down: setup ## Stop all that `make up` started; what it keeps stays in .undercurrent
	@.venv/bin/python -m deploy.local.stack down $(ARGS)

# Tests that share a server carry a group, and a group stays in one process.
test: setup-dev servers ## Run all tests, on all cores, those on real servers too
	.venv/bin/python -m pytest -n auto --dist loadgroup $(ARGS)

lint: setup-dev ## Check style, formatting and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

format: setup-dev ## Format the code, and repair what ruff can repair
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

chaos: setup-dev servers ## Faults at length on the whole product, on real servers: 20 minutes
	.venv/bin/python -m tests.chaos.chaos $(ARGS)

bench-kafka: setup-dev servers ## What the workers cost on a real broker, beside a Faust agent that does nothing
	.venv/bin/python -m tests.benchmarks.bench_kafka $(ARGS)

bench: setup-dev ## Run the benchmarks
	@[ -n "$$UNDERCURRENT_DATA" ] || \
	    echo "UNDERCURRENT_DATA is not set: what is measured on real posts is left out." >&2
	@for bench in replay clusterer counts; do \
	    echo "== bench_$$bench"; .venv/bin/python -m tests.benchmarks.bench_$$bench $(ARGS) || exit 1; \
	done

bench-detection: setup-dev ## What is found, how early, and how often it is wrong: 40 minutes
	.venv/bin/python -m tests.benchmarks.bench_detection $(ARGS)

bench-clusterer: setup-dev ## The narrative clusterer beside River's, and over 2 million posts: 15 minutes
	@[ -n "$$UNDERCURRENT_DATA" ] || \
	    echo "UNDERCURRENT_DATA is not set: what is measured on real posts is left out." >&2
	.venv/bin/python -m tests.benchmarks.bench_clusterer --stream 2000000 $(ARGS)

bench-long: setup-dev ## A stream in which nothing happens, 1,000 words over six weeks: three hours
	.venv/bin/python -m tests.benchmarks.bench_detection null --long --seeds 2 $(ARGS)

schemas: setup ## Write the committed JSON Schemas anew from the types
	.venv/bin/undercurrent schemas

# One version of each package for all Pythons and platforms: what an alert says must depend on neither.
# Versions stay as they are where they can; newer ones: make lock ARGS=--upgrade, or ARGS="--upgrade-package
# regex".
LOCK = .venv/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
    --generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(ARGS)
lock: setup-dev ## Write both locks anew from pyproject.toml
	$(LOCK) --group install -o requirements.lock
	$(LOCK) --group install --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove .venv, caches and builds; posts, logs and state in .undercurrent stay
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage models/*.so
	find models streams tests deploy -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
