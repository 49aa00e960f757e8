# The figures of this site, drawn by figgen. Include it at the end of the Makefile; without one, 'make -f figgen.mk figures'.
# Python >= 3.11 (with venv) and make are all that a machine needs: .figgen/ is set up here, and is not part of the site.
PYTHON ?= python3
FIGGEN := .figgen/venv/bin/figgen

.PHONY: figures figures-check figures-watch

figures: .figgen/venv/stamp ## Write the PNGs that the posts reference
	$(FIGGEN) build

figures-check: .figgen/venv/stamp ## Check that posts, configs and pictures agree
	$(FIGGEN) check

figures-watch: .figgen/venv/stamp ## Draw each figure as its config is saved, and show all on a local page
	$(FIGGEN) watch --serve

# The stamp is written last, so that an installation that was broken off is taken up again.
.figgen/venv/stamp: configs/requirements.txt
	mkdir -p .figgen
	echo '*' > .figgen/.gitignore
	$(PYTHON) -m venv .figgen/venv
	.figgen/venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement configs/requirements.txt
	touch $@
