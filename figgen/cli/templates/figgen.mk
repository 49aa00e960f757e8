# Draws the figures of this site with figgen. Include this file at the end of the Makefile, or run 'make -f figgen.mk figures'.
# Requires make and Python >= 3.11 with venv. figgen is installed in .figgen/, which git ignores.
PYTHON ?= python3
FIGGEN := .figgen/venv/bin/figgen

.PHONY: figures figures-check figures-watch

figures: .figgen/venv/stamp ## Write the pictures that the posts refer to
	$(FIGGEN) build

figures-check: .figgen/venv/stamp ## Check that posts, configs and pictures agree
	$(FIGGEN) check

figures-watch: .figgen/venv/stamp ## Draw each figure when its config is saved, and show all figures on a local page
	$(FIGGEN) watch --serve

# The stamp is written last, so that an interrupted installation is repeated.
.figgen/venv/stamp: configs/requirements.txt
	mkdir -p .figgen
	echo '*' > .figgen/.gitignore
	$(PYTHON) -m venv .figgen/venv
	.figgen/venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement configs/requirements.txt
	touch $@
