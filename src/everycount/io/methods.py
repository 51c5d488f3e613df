"""Find and read method files: the user's own, or the ones that are shipped."""

from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from everycount.errors import NotFound
from everycount.index.methodology import Methodology
from everycount.io import declare
from everycount.io.files import digest, read_bytes

_SHIPPED = files("everycount") / "methods"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MethodFile:
    """A method, and the file it was read from."""

    methodology: Methodology
    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return digest(self.content)


def shipped_methods() -> tuple[str, ...]:
    """Return the names of the methods that come with Everycount, in order."""
    names = (each.name for each in _SHIPPED.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_method(place: Path | str) -> MethodFile:
    """Read a method from a file, or a shipped one by its name.

    Parameters
    ----------
    place : Path or str
        A TOML file, ``-`` for standard input, or the name of a shipped method such as
        ``undp-gii``.

    Returns
    -------
    MethodFile

    Raises
    ------
    NotFound
        If there is neither a file nor a shipped method of that name.
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_method("undp-gii").methodology.ranking.best
    'low'
    """
    text = str(place)
    if text in shipped_methods():
        name, content = f"{text}.toml", (_SHIPPED / f"{text}.toml").read_bytes()
    elif text == "-" or Path(place).exists() or text.endswith(".toml"):
        name, content = ("standard input" if text == "-" else Path(place).name), read_bytes(place)
    else:
        near = get_close_matches(text, shipped_methods(), n=3, cutoff=0.4) or shipped_methods()
        raise NotFound(f"there is no file and no method {text!r}; shipped: {', '.join(near)}")
    return MethodFile(
        methodology=declare.read(content, Methodology, subject=name), name=name, content=content
    )
