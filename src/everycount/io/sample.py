"""The figures that come with Everycount, for its demonstration and examples."""

from importlib.resources import files
from pathlib import Path

from everycount.errors import NotFound

SAMPLE = Path(str(files("everycount"))) / "sample"


def sample_path(name: str) -> Path:
    """Return the path of a shipped file of figures, such as ``observations.csv``.

    Raises
    ------
    NotFound
        If no file of that name is shipped.
    """
    path = SAMPLE / name
    if not path.is_file():
        have = ", ".join(sorted(each.name for each in SAMPLE.iterdir()))
        raise NotFound(f"no figures named {name!r} are shipped; there are {have}")
    return path
