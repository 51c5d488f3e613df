"""A framework: an indicator set of a country, region or network."""

from pathlib import Path

from everycount.io import declare
from everycount.io.files import read_bytes
from everycount.model.framework import Framework
from everycount_hub.contents import Bundle

FILE = "framework.toml"


def make(place: Path, name: str) -> Bundle:
    """Read a framework file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    content = read_bytes(place)
    framework = declare.read(content, Framework, subject=name)
    facts = {
        "reference": framework.reference,
        "title": framework.title,
        "publisher": framework.publisher,
        "level": framework.level,
        "indicators": len(framework.unique),
    }
    return Bundle(files={FILE: content}, facts=facts)
