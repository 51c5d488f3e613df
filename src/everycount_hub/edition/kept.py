"""Files that readers fetch: made once, when first asked for, and kept under a telling name.

A name begins with the digest of what the file was made from. What is no longer published goes
when the next file is made; so does what an older program made.
"""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from everycount.errors import Unavailable

FOLDER = "files"
AT_ONCE = 2
"""Files that are written at a time: one a core of a small server."""
PATIENCE = 20.0
"""Seconds a request waits for its turn to write."""
_WRITING = threading.BoundedSemaphore(AT_ONCE)


def place_of(name: str) -> Path:
    """Return where a file is kept, or would be."""
    return Path(settings.PORTAL_FOLDER) / FOLDER / name


def kept(name: str, make: Callable[[BinaryIO], object], is_known: Callable[[str], bool]) -> Path:
    """Return where a file is, made whole or not at all if it is not there.

    Parameters
    ----------
    name : str
        What it is kept as.
    make : callable
        Writes it.
    is_known : callable
        Tells by the first part of a name, a digest, whether what is kept may stay.

    Raises
    ------
    Unavailable
        If many files are being written, or the disk has no room.
    """
    place = place_of(name)
    if place.is_file():
        return place
    with _turn():
        if place.is_file():  # another request made it meanwhile
            return place
        staged = place.with_name(f".staged-{secrets.token_hex(4)}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with staged.open("wb") as file:
                make(file)
                file.flush()
                os.fsync(file.fileno())
            sweep(is_known)
            staged.replace(place)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Unavailable(f"the file cannot be made ({reason}): try again later") from error
        finally:
            staged.unlink(missing_ok=True)
    return place


def sweep(is_known: Callable[[str], bool]) -> None:
    """Remove what is kept of what is no longer published."""
    for path in place_of("").glob("*-*"):
        if not path.name.startswith(".") and not is_known(path.name.partition("-")[0]):
            path.unlink(missing_ok=True)


@contextmanager
def _turn() -> Iterator[None]:
    if not _WRITING.acquire(timeout=PATIENCE):
        raise Unavailable("many files are being made: try again soon")
    try:
        yield
    finally:
        _WRITING.release()
