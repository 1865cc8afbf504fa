"""Average two trained readers, weight by weight (Wortsman et al. 2022, "Model soups").

    python -m training.average data/training/stage1 data/training/stage2 --out data/training/mean

What the second stage learned of ranking is kept, and more of the first's reading than it left.
"""

import argparse
import shutil
from pathlib import Path

import torch


def average(one: Path, other: Path, out: Path) -> None:
    """Write the mean of two readers of the same encoder."""
    shutil.copytree(other, out, dirs_exist_ok=True)
    first, second = (torch.load(each / "reader.pt", weights_only=True) for each in (one, other))
    mean = {
        name: (first[name] + weight) / 2 if weight.is_floating_point() else weight
        for name, weight in second.items()
    }
    torch.save(mean, out / "reader.pt")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    average(arguments.one, arguments.other, arguments.out)


if __name__ == "__main__":
    main()
