"""Approve the current pictures: the artefacts become the baselines of the image tests (`make baselines` builds them)."""

from tests.figures import BASELINES, ROOT, cases


def approve() -> None:
    wanted = {case.baseline: case for case in cases()}
    for path, case in wanted.items():
        content = case.artefact.read_bytes()
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"approved {path.relative_to(ROOT)}")
    for path in sorted(set(BASELINES.rglob("*.png")) - wanted.keys()):
        path.unlink()
        print(f"removed {path.relative_to(ROOT)}, which has no config")


if __name__ == "__main__":
    approve()
