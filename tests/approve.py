"""Approve the current pictures: what the configs render becomes the baselines of the image tests (`make baselines`)."""

from figgen.build import render_config
from tests.figures import BASELINES, ROOT, baseline, targets


def approve() -> None:
    wanted = {baseline(target): target for target in targets()}
    for path, target in wanted.items():
        content = render_config(ROOT, target.config)
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"approved {path.relative_to(ROOT)}")
    for path in sorted(set(BASELINES.rglob("*.png")) - wanted.keys()):
        path.unlink()
        print(f"removed {path.relative_to(ROOT)}, which has no config")


if __name__ == "__main__":
    approve()
