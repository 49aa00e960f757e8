# Draws the figures of this site with figgen. Include this file at the end of the Makefile, or run 'make -f figgen.mk figures'.
# Requires make, git and Python >= 3.11 with venv. All is installed in .figgen/, which git ignores.

# figgen itself: git+https://<host>/<owner>/figgen@<commit>, or file:///<folder>. That name on PyPI is another project.
# The libraries that it draws with are in figgen.requirements.txt.
FIGGEN_FROM := <source>

PYTHON ?= python3
FIGGEN := .figgen/venv/bin/figgen
# -I: no module in the site's folder takes the place of Python's own.
FIGGEN_PIP := .figgen/venv/bin/python -I -m pip install --quiet --disable-pip-version-check

.PHONY: figures figures-check figures-watch figgen-is-local

figures: .figgen/venv/stamp ## Write the pictures that the posts refer to
	$(FIGGEN) build

figures-check: .figgen/venv/stamp ## Check that posts, configs and pictures agree
	$(FIGGEN) check

figures-watch: .figgen/venv/stamp ## Draw each figure when its config is saved, and show all figures on a local page
	$(FIGGEN) watch --serve

# A branch can bring files in .figgen/ although git ignores it, and they would be run.
figgen-is-local:
	@test -z "$$(git ls-files -- ':(icase).figgen' 2>/dev/null)" || { echo ".figgen: is committed, and would be run;" \
	  "run 'git rm -r --cached .figgen', then 'rm -r .figgen'" >&2; exit 1; }

# The stamp is written last, so that an interrupted installation is repeated. Two commits of figgen may have one version:
# pip would take the new one for installed.
.figgen/venv/stamp: figgen.mk figgen.requirements.txt | figgen-is-local
	mkdir -p .figgen
	echo '*' > .figgen/.gitignore
	$(PYTHON) -I -m venv .figgen/venv
	$(FIGGEN_PIP) --require-hashes --requirement figgen.requirements.txt
	$(FIGGEN_PIP) --no-deps --force-reinstall --no-build-isolation --no-index '$(FIGGEN_FROM)'
	touch $@
