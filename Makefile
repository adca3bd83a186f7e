# Short verbs, each one line. The first run of any of them makes .venv; nothing else needs installing.
PYTHON ?=
python = .venv/bin/python
# Each module is compiled once, whatever the environment says: pytest compiles 260 of its own.
export PYTHONDONTWRITEBYTECODE =
# Tests that start no kernel, no browser and no build.
units = solutions tests/solutions tests/benchmarks/test_results.py tests/samples/test_answers_format.py \
	$(addprefix engine/tests/test_,imports.py mathml.py points.py item_statistics.py wire.py)

.NOTPARALLEL:
.PHONY: help install run doctor check test test-all test-pythons test-newest mutants release book grade sample report lint format outputs audit bundle bench hooks exchange clean

help:      ; @sed -n 's/^# make //p' Makefile
install:   ; @PYTHON="$(PYTHON)" ./install.sh

# make run      the book, the assignments, the sample class graded, and its report
run: book sample grade report ; @echo "The book: open _build/html/index.html (the instructor's: _build/instructor/html/index.html)."

# make doctor   whether this machine can grade safely, and if not, the remedy
doctor: install ; @$(python) -m nbjudge doctor

# make check    what most changes break, in about a minute: lint, tests of units, one chapter run
check: lint ; @./install.sh test && $(python) -m pytest -n 2 $(units) book/softmax

# make test     everything: lint, pytest, doctests, nbval over the notebooks, the book with warnings as errors
test: lint ; @./install.sh test && $(python) -m pytest -n 2

# make test-all the same, and what is slow by nature in full: every submission against stock nbgrader, ten kills
test-all: lint ; @./install.sh test && $(python) -m pytest -n 2 -m ""

# make test-pythons  the engine's tests under each Python that it supports and that is on this machine
test-pythons: install ; @./install.sh test && engine/matrix.sh 3.11 3.12 3.13

# make test-newest  the engine's tests with the newest release of everything that the ranges admit
test-newest: install ; @./install.sh test && engine/matrix.sh newest

# make mutants  right answers changed in one place each: what do the tests of exercises let pass? some minutes
mutants: install ; @$(python) -m mutants

# make release  every chapter that changed, as students get it, into release/
release: install ; $(python) -m publishing release

# make book     the student's edition into _build/html, the instructor's into _build/instructor/html
book: release ; $(python) -m publishing build --quiet student instructor

# make audit    every page in a browser: weight, time, accessibility, requests; fails where a limit is broken
audit: book ; @./install.sh test && $(python) -m publishing audit

# make bundle   the student's edition and the notebooks in one file, _build/linear-classification.zip
bundle: book ; $(python) -m publishing bundle

# make sample   the sample class into submitted/
sample: release ; $(python) -m samples

# make grade    everything new in submitted/, into gradebook.db, grades.csv, incidents.csv and feedback/
grade: release ; @./install.sh grade && $(python) -m nbjudge grade $$($(python) -m publishing release --list)

# make report   what the class knows, into report/: pages, and tables for other programs
report: install ; @$(python) -m nbjudge report

# make lint     code and notebooks: ruff, the layers of packages, the types of the engine, the canonical form
lint: install ; $(python) -m ruff check && $(python) -m ruff format --check && .venv/bin/lint-imports --no-cache engine/pyproject.toml pyproject.toml && $(python) -m mypy --config-file engine/mypy.ini && $(python) -m publishing canonical

# make format   bring code and notebooks into form; outputs are kept
format: install ; $(python) -m ruff format && $(python) -m publishing canonical --write

# make outputs  run every notebook anew and keep its outputs
outputs: install ; $(python) -m publishing canonical --execute

# make bench    grading beside stock nbgrader, and the library beside scipy, into benchmarks/RESULTS.md; an hour
bench: install ; @./install.sh grade && $(python) -m benchmarks.course && $(python) -m benchmarks.grading && $(python) -m benchmarks.small && $(python) -m benchmarks.waits && $(python) -m benchmarks.otter && $(python) -m benchmarks.chapters && $(python) -m benchmarks.calls && $(python) -m benchmarks.library && $(python) -m benchmarks.similar && $(python) -m benchmarks.class_report && $(python) -m benchmarks.scale && $(python) -m benchmarks.week

# make hooks    check every commit as `make lint` does, and let git compare notebooks cell by cell
hooks: install ; $(python) -m pre_commit install && $(python) -m nbdime config-git --enable

# make exchange the folder through which students fetch and hand in on this machine
exchange:  ; mkdir -p -m 0777 exchange

# make clean    remove what is made from the sources; submissions, grades and the gradebook stay
clean:     ; rm -rf _build release .pytest_cache .ruff_cache .mypy_cache .hypothesis
