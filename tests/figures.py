"""The figures of this repository and of its gallery, as cases for tests. Any of them may be added or removed."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from figgen.build.lockfile import read
from figgen.build.picture import Output, make_pictures
from figgen.config.load import load_document
from figgen.config.validate import validate
from figgen.data.sample import sample
from figgen.regression.baselines import BASELINES
from figgen.site.files import SiteFiles
from figgen.site.paths import Target, discover, output_path

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs" / "gallery"

# The digests of the published pixels, by figure. A picture that is published anew gets a new digest there.
PUBLISHED = json.loads((ROOT / "tests" / "published.json").read_text())


@dataclass(frozen=True)
class Case:
    """A picture of a site: its config, its artefact and its baseline."""

    site: Path
    target: Target
    suffix: str = ""  # of a variant: "-dark"

    @property
    def figure(self) -> str:
        return self.target.name + self.suffix

    @property
    def name(self) -> str:
        return ("gallery." if self.site == GALLERY else "") + self.figure.replace("/", ".")

    @property
    def config(self) -> Path:
        return self.site / self.target.config

    @property
    def artefact(self) -> Path:
        return self.site / output_path(self.target.artefact, f"{self.suffix}.png")

    @property
    def baselines(self) -> Path:
        return self.site / BASELINES

    @property
    def baseline(self) -> Path:
        return self.baselines / f"{self.figure}.png"

    def alt(self) -> str:
        figure = validate(load_document(SiteFiles(self.site), self.target.config).data)
        return sample(figure, lambda path: (self.config.parent / path).read_bytes()).alt

    def render(self) -> bytes:
        return self.picture().content

    @cache  # noqa: B019 - a bounded number, and several tests use each
    def picture(self) -> Output:
        return make_pictures(SiteFiles(self.site), self.target.config, described=True)[f"{self.suffix}.png"]


def cases(*sites: Path) -> list[Case]:
    """List the figures of some sites, or of all, and their variants according to the lockfiles."""
    found = []
    for site in sites or (ROOT, GALLERY):
        targets, misnamed = discover(site)
        assert not misnamed, misnamed
        entries = read(site)
        for target in targets:
            found.append(Case(site, target))
            start = target.artefact.removesuffix(".png")
            outputs = [*entries[target.artefact].outputs][1:] if target.artefact in entries else []
            found += [Case(site, target, path[len(start) : -4]) for path in outputs if path.endswith(".png")]
    return found
