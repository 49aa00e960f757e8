"""What the image tests and the approval of baselines share: the figures of this repository."""

from pathlib import Path

from figgen.build import Target, discover

ROOT = Path(__file__).parents[1]
BASELINES = ROOT / "tests" / "baseline"


def targets() -> list[Target]:
    found, misnamed = discover(ROOT)
    assert not misnamed, misnamed
    return found


def baseline(target: Target) -> Path:
    return BASELINES / f"{target.name}.png"
