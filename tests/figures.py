"""What the image tests and the approval of baselines share: the figures of this repository and of its gallery."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from figgen.build.lockfile import read
from figgen.build.picture import Picture, make_pictures
from figgen.config.load import load_document
from figgen.config.validate import validate
from figgen.data.sample import sample
from figgen.regression.baselines import BASELINES
from figgen.site.files import SiteFiles
from figgen.site.paths import Target, discover, output_path

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs" / "gallery"


@dataclass(frozen=True)
class Case:
    """One config of one site, its artefact, and the approved picture."""

    site: Path
    target: Target
    edition: str = ""  # "-dark", of a dark variant

    @property
    def figure(self) -> str:
        return self.target.name + self.edition

    @property
    def name(self) -> str:
        return ("gallery." if self.site == GALLERY else "") + self.figure.replace("/", ".")

    @property
    def config(self) -> Path:
        return self.site / self.target.config

    @property
    def artefact(self) -> Path:
        return self.site / output_path(self.target.artefact, f"{self.edition}.png")

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

    @cache  # noqa: B019 - as many as there are figures, and each asked for by several tests
    def picture(self) -> Picture:
        return make_pictures(SiteFiles(self.site), self.target.config, described=True)[f"{self.edition}.png"]


def cases(*sites: Path) -> list[Case]:
    """List the figures of some sites, or of all, and their variants, which the lockfiles tell."""
    found = []
    for site in sites or (ROOT, GALLERY):
        targets, misnamed = discover(site)
        assert not misnamed, misnamed
        entries = read(site)
        for target in targets:
            found.append(Case(site, target))
            further = entries[target.artefact].extra_outputs if target.artefact in entries else {}
            found += [Case(site, target, ending[:-4]) for ending in further if ending.endswith(".png")]
    return found
