# Every word sets up what it needs, in a virtual environment of its own (.venv).
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
# make newest has another.
ENV := .venv
PY := $(ENV)/bin/python
CLASS ?= autograder/sample_class
ARGS ?=
SECONDS ?= 600

own = @test ! -e .venv || test -w .venv || { echo "error: .venv belongs to another user of this" \
	"machine; copy the course and work there: git clone '$(CURDIR)' ~/convnets"; exit 1; }

.PHONY: help site serve site-test hub-test looks student-package lab grade test thorough quick search checks contracts build mutants odd-notebooks term kills nbgrader-tests bench lock newest clean

help:
	@echo "make lab     open JupyterLab on your lessons, in my_lessons/ (students, self-learners)"
	@echo "make grade   build the course, grade the sample class: gradebook, feedback, report"
	@echo "             CLASS=folder grades your own; ARGS passes options (ARGS=--help lists them)"
	@echo "make test    run all tests"
	@echo "make thorough  all attacks, mistakes and right answers, of which make test tries some"
	@echo "make quick   the tests that need no sandbox, browser, cluster or database: two minutes"
	@echo "make search  property tests with fresh examples for SECONDS (600): what do they find?"
	@echo "make build   solutions/ -> assignments/"
	@echo "make mutants measure the grader: does every wrong answer lose points?"
	@echo "make odd-notebooks  edit right notebooks at random: is a point lost?"
	@echo "make term    a term with 60 students, from the roster to the LMS's files"
	@echo "make kills   kill runs at 200 random moments: does all end the same? KILLS=1000 for more"
	@echo "make nbgrader-tests  nbgrader's own tests, with our judge and sandbox behind it"
	@echo "make student-package  the file that opens the lessons without a clone, in dist/"
	@echo "make site    the course as a static site that runs in a browser, in build/site"
	@echo "             SOLUTIONS=1 puts the solutions in; make serve shows it on this machine"
	@echo "make site-test  work through all lessons of the site in Chromium, and measure it"
	@echo "make hub-test  install JupyterHub and its proxy, and play a class on it"
	@echo "make looks   report, feedback and essay page, pictures, verdicts: screenshots, axe-core"
	@echo "make bench   measure speed and memory"
	@echo "make newest  all tests with the newest packages that pyproject.toml allows: what broke?"
	@echo "make lock    write setup/lock.txt, the versions that every word installs; ARGS=--upgrade"
	@echo "make clean   remove everything that was made (never a class of your own)"

.venv/bin/python:
	$(own)
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 or newer is needed; install it first"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh setup/need.sh ensurepip python3-venv
	$(PYTHON) -m venv .venv

# Each holds the one before it: installed at once, the whole takes a third less time than in steps.
SETUP = pyproject.toml setup/lock.txt setup/install.py
.venv/course: $(SETUP) | .venv/bin/python
	$(own)
	$(PY) setup/install.py -e .
	@touch $@

.venv/grading: $(SETUP) | .venv/bin/python
	$(own)
	$(PY) setup/install.py -e '.[grading]'
	@touch .venv/course $@

.venv/test: $(SETUP) | .venv/bin/python
	$(own)
	$(PY) setup/install.py -e '.[test]'
	@touch .venv/course .venv/grading $@

# The versions that were tested: what pyproject.toml newly names is added (ARGS=--upgrade: all anew).
lock: .venv/test
	@test -x .venv/bin/uv || $(PY) setup/install.py uv
	$(PY) setup/lock.py $(ARGS)

newest: sandbox chromium postgresql
	rm -rf .venv-newest
	$(PYTHON) -m venv .venv-newest
	.venv-newest/bin/python setup/install.py --newest -e '.[test]'
	@touch .venv-newest/test
	@echo "versions other than setup/lock.txt names:" && .venv-newest/bin/python setup/lock.py --differences
	@$(MAKE) --no-print-directory checks ENV=.venv-newest || { \
	echo "error: the above is what broke, with these versions in place of the lock's:"; \
	.venv-newest/bin/python setup/lock.py --differences; exit 1; }
	@echo "nothing broke; make lock ARGS=--upgrade makes these versions the ones that all use"

.PHONY: sandbox chromium postgresql
sandbox: .venv/grading
	@command -v bwrap >/dev/null || sh setup/need.sh bwrap bubblewrap
	@$(PY) -c 'import pyseccomp' 2>/dev/null || sh setup/need.sh libseccomp libseccomp2

chromium:
	@command -v chromium >/dev/null || sh setup/need.sh chromium chromium

postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || sh setup/need.sh initdb postgresql

# Nobody works in assignments/: a learner's folder is a copy that new releases leave alone.
lab: .venv/course
	@.venv/bin/convnets-lessons my_lessons $(ARGS)

build: .venv/grading
	$(PY) -m autograder build

# The file that opens the lessons without a clone; ARGS=--solutions for those who study alone.
student-package: .venv/grading
	$(PY) -m autograder student-package $(ARGS)

# The course in a browser, for any static server.
SOLUTIONS ?=
.venv/site: .venv/grading
	$(PY) setup/install.py -e '.[grading,site]'
	@touch $@

site: .venv/site build
	$(PY) -m browser.build $(if $(filter-out 0,$(SOLUTIONS)),--solutions) $(ARGS)

serve: .venv/site
	@test -f build/site/index.html || $(MAKE) --no-print-directory site ARGS=
	$(PY) -m browser.serve $(ARGS)

# What runs in the browser, for the tests; where it cannot be had they say why they are skipped.
.PHONY: site-parts
site-parts: .venv/test
	@$(PY) -m browser.parts || echo "the site's tests are skipped: its parts could not be fetched"

site-test: .venv/test sandbox chromium axe
	@$(PY) -m browser.parts
	SITE_TEST=1 $(PY) -m pytest -q -s tests/browser_site $(ARGS)
	$(PY) -m bench.site

# npm says nothing of its own accord where it finds no network.
npm = npm install --silent --no-fund --no-audit --prefix $(1) || { \
	echo "error: npm could not install $(lastword $(1)); is the network there?"; exit 1; }

.venv/hub: .venv/test
	$(PY) setup/install.py -e '.[test,hub]'
	@command -v npm >/dev/null || sh setup/need.sh npm npm
	@$(call npm,build/hub configurable-http-proxy@5)
	@touch $@

.PHONY: axe
axe:
	@command -v npm >/dev/null || sh setup/need.sh npm npm
	@$(call npm,build/axe axe-core@4)

# The pages that people read, as they look: narrow, dark, printed; axe-core looks for barriers.
looks: .venv/test chromium axe
	$(PY) -m pytest -q tests/browser/test_looks.py tests/browser/test_outputs.py $(ARGS)
	@echo "screenshots and prints are in build/screenshots"

hub-test: .venv/hub build sandbox chromium
	$(PY) -m pytest -q tests/browser/test_hub.py $(ARGS)

# In one process: each start of Python with nbgrader takes more than a second.
grade: .venv/grading sandbox
	$(PY) -m autograder grade "$(CLASS)" --build $(ARGS)

PYTEST = $(PY) -m pytest -p tests.progress -n 2 --dist loadscope --no-loadscope-reorder

test: .venv/test sandbox chromium postgresql site-parts
	@$(MAKE) --no-print-directory checks

# Compiled once, for where Python is told to keep nothing: the tests start it some hundred times.
checks: contracts
	@$(PY) -m compileall -q course_lib autograder quality tests
	$(PY) -m quality --every 12
	$(PYTEST) $(ARGS)

# All of what make test tries only some of: every attack, every right answer beside stock nbgrader.
thorough: .venv/test sandbox
	THOROUGH=1 $(PYTEST) tests/attacks tests/course_lib/exercises tests/autograder/test_build.py \
	tests/autograder/test_grade.py tests/autograder/test_sandbox.py \
	tests/autograder/test_probes.py tests/autograder/test_cluster.py $(ARGS)

quick: contracts
	$(PYTEST) -m "not system and not slow" $(ARGS)

# What can be seen without running anything: form, and which room imports which.
contracts: $(ENV)/test
	$(PY) -m ruff check .
	@! grep -qs importlinter pyproject.toml .importlinter || $(ENV)/bin/lint-imports

search: .venv/test
	$(PY) -m tests.search $(SECONDS) $(ARGS)

term: .venv/test sandbox chromium
	TERM_STUDENTS=60 $(PY) -m pytest -q tests/browser/test_term.py $(ARGS)

mutants: .venv/test
	$(PY) -m quality --write
	$(PY) -m quality --interactions --write
	$(PY) -m quality --seeds 100 --write
	$(PY) -m quality --explanations --write

# Ends after ten minutes, and goes on there the next time; ARGS=--again begins anew.
odd-notebooks: .venv/test sandbox
	$(PY) -m tests.odd $(ARGS)

KILLS ?= 200
kills: .venv/test sandbox
	KILLS=$(KILLS) $(PY) -m pytest -q tests/autograder/test_kills.py $(ARGS)

# nbgrader's own tests of autograde, with our judge and sandbox behind it. One is left out: it wants
# files that a notebook writes to appear in the class's folder, and the sandbox keeps them.
nbgrader-tests: .venv/test sandbox
	PATH="$(CURDIR)/.venv/bin:$$PATH" JUPYTER_CONFIG_PATH="$(CURDIR)/autograder/stock/config" \
	$(PY) -m pytest -q -n 2 --pyargs nbgrader.tests.apps.test_nbgrader_autograde -c /dev/null \
	--rootdir=. -p no:cacheprovider -k "not test_side_effects" $(ARGS)

bench: .venv/grading
	$(PY) -m bench.layers $(ARGS)
	$(PY) -m bench.training
	$(PY) -m bench.grading
	$(PY) -m bench.hostile

clean:
	rm -rf .venv .venv-newest build dist .pytest_cache .hypothesis .ruff_cache *.egg-info
	cd autograder/sample_class && rm -rf submitted autograded feedback report .results gradebook.db* .grading.lock*
