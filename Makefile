# `make demo` starts everything, `make test` checks everything; the other commands are for working on Firstlight.
PORT ?= 8000
SET_UP = exec sh tools/with-python tools/set_up.py

.PHONY: help demo test setup serve check fix prove shots lock dev
.NOTPARALLEL:

help:  ## say what each command does
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile | expand -t 14

demo:  ## make the demo clinic and serve it on http://localhost:PORT (8000)
	@$(SET_UP) --port "$(PORT)"
	@exec .venv/bin/firstlight demo --port "$(PORT)"

test: dev  ## run every check and every test, in a few minutes
	@exec .venv/bin/python -m tools.run_tests

setup:  ## make .venv, with .venv/bin/firstlight in it
	@$(SET_UP)

serve: setup  ## run the production server with this environment's settings
	@exec .venv/bin/firstlight serve

check: dev  ## format, lint, types, architecture, templates; no tests
	@exec .venv/bin/python -m tools.run_checks

fix: dev  ## mend what can be mended by itself
	@.venv/bin/ruff format --quiet
	@.venv/bin/ruff check --fix --quiet

prove: dev  ## run every test at the counts that were promised; writes docs/TRUST.md
	@exec .venv/bin/python -m tools.run_tests --full

shots: dev  ## take the screenshots of the README
	@exec .venv/bin/python -m tools.shots

lock: dev  ## lock the dependencies of pyproject.toml (maintainers; needs uv)
	@exec .venv/bin/python -m tools.lock

dev:
	@$(SET_UP) --dev
