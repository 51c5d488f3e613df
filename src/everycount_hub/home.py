"""The folder in which a hub keeps what it has, and the key it signs with."""

import os
import secrets
from pathlib import Path

from everycount.errors import InputError, Problem

KEY_BYTES = 48
"""48 random bytes are 64 characters; Django warns under 50."""


def prepare_home(folder: Path) -> Path:
    """Make the folder and the one for dataset versions, unless they are there; return it.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """
    try:
        (folder / "store").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = error.strerror or str(error)
        problem = Problem(str(folder), found, "a folder that may be written to")
        raise InputError("EVERYCOUNT_HOME", [problem]) from error
    return folder


def secret_key(folder: Path) -> str:
    """Return the key in `secret.key`, which is made at the first call and readable by its owner.

    Whoever has the key can forge sessions and links that set passwords; a new key signs
    everybody out and harms nothing else.
    """
    place = folder / "secret.key"
    if not place.exists():
        _make_key(place)
    return place.read_text(encoding="ascii").strip()


def _make_key(place: Path) -> None:
    """Write a new key beside `place`, then give it the name unless another process was first."""
    temporary = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, place)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
