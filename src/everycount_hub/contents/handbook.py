"""A metadata handbook: what is to be known of each indicator."""

from pathlib import Path

from everycount.io.files import read_bytes
from everycount.io.handbooks import handbook_bytes, parse_handbook, shipped_fields
from everycount.repository.handbook import published
from everycount_hub.contents import Bundle

FILE = "handbook.json"


def make(place: Path, name: str) -> Bundle:
    """Read a handbook; what names a person or how to reach one is left out.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    handbook = published(parse_handbook(read_bytes(place), subject=name), shipped_fields())
    facts = {"title": handbook.title, "entries": len(handbook.entries)}
    return Bundle(files={FILE: handbook_bytes(handbook)}, facts=facts)
