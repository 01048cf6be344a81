# The two commands of the README are `make run` and `make test`. Everything runs inside .venv (or
# the folder that BCRAO_VENV names), made by tools/install.
VENV := $(or $(BCRAO_VENV),.venv)
PYTHON := $(VENV)/bin/python

# Compiled modules are kept, whatever the shell says: the suite starts hundreds of processes, and without them each
# compiles the program anew, and each of pytest's workers rewrites every test.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test checks tests unit mutants docs gallery bench lock sbom clean

run:
	@tools/install
	@exec $(PYTHON) -m bot run

# The checks run beside the tests, because one core is enough for them.
test:
	@tools/install dev
	@$(MAKE) --no-print-directory --jobs=2 checks tests

# What they print is shown at their end, in one piece, because the tests print meanwhile.
checks:
	@mkdir -p build
	@{ $(PYTHON) tools/audit_dependencies.py && \
	$(PYTHON) -m ruff format --check . && \
	$(PYTHON) -m ruff check . && \
	$(PYTHON) -m mypy && \
	$(VENV)/bin/lint-imports --no-cache && \
	$(PYTHON) tools/make_docs.py --check && \
	$(PYTHON) tools/make_tour.py --check; } > build/checks.txt 2>&1; \
	status=$$?; echo; cat build/checks.txt; exit $$status

# The floor of coverage is asked of the report, because pytest would make another one for it.
tests:
	@mkdir -p build/coverage
	$(PYTHON) -m pytest -n auto --hypothesis-profile=thorough --cov --cov-report= --cov-fail-under=0
	@$(PYTHON) -m coverage report --show-missing --skip-covered > build/coverage/missing.txt; \
	status=$$?; grep -E "^(TOTAL|Coverage failure)" build/coverage/missing.txt; exit $$status

# The quick tests while working: no database, no loopback server, no other process, no picture, no text of
# 40,000 characters.
unit:
	@tools/install dev
	$(PYTHON) -m pytest -n auto -m "not (database or postgres or wire or process or pictures or long)"

# Whether the tests notice small mistakes, into docs/mutants.md, by a sample of each room. `only=core/texts` measures that
# room, `only=storage/outbox` prints the score of those files; `sample=300` tries more, `seed=7` tries others,
# `minutes=20` ends a room's trials then.
mutants:
	@tools/install dev
	$(PYTHON) tools/mutants.py $(only) $(if $(sample),--sample $(sample)) $(if $(seed),--seed $(seed)) $(if $(minutes),--minutes $(minutes))

# Write again what is generated: .env.example, the settings and command reference, the tour's transcript.
docs:
	@tools/install dev
	$(PYTHON) tools/make_docs.py
	$(PYTHON) tools/make_tour.py

# Draw docs/gallery.md again. Needs Chromium, and is not part of `make docs` because its pixels differ by machine.
gallery:
	@tools/install dev
	$(PYTHON) tools/make_gallery.py

# All promised figures take some 25 minutes; `make bench only="chat sweep"` measures those.
bench:
	@tools/install dev
	$(PYTHON) -m bench $(only)

# Resolve pyproject.toml's dependencies anew. Needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--group train -c requirements-dev.lock -o requirements-train.lock

# What is in a release, with versions and hashes, in CycloneDX's format.
sbom:
	@tools/install dev
	@mkdir -p dist
	$(VENV)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
		--output-file dist/bcrao.cdx.json requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
