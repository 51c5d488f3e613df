"""Data messages of SDMX-ML as every reader takes them.

sdmx1, the reader of SDMX most used in Python, refuses messages whose data sets have annotations or
whose header has a name (tried with 2.28), though the standard allows both. So the service leaves
them out; source and licence stand in the header, and the rest in the structure of the data flow.
"""

import re
from dataclasses import replace
from typing import BinaryIO, cast

from everycount.io.exporters.formats import Write
from everycount.io.exporters.outgoing import Outgoing

REFUSED = re.compile(rb"<com:Annotations>.*?</com:Annotations>|<com:Name[ >].*?</com:Name>", re.S)


class _Plain:
    """A file into which the beginning of a message goes without what readers refuse."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._is_begun = False

    def write(self, content: bytes) -> int:
        """Write bytes; the header and what stands above the figures come in one piece first."""
        if not self._is_begun:
            self._is_begun = True
            content = REFUSED.sub(b"", content)
        return self._file.write(content)


def plain(write: Write) -> Write:
    """Return a writer of SDMX-ML whose messages every reader takes."""

    def written(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
        origins = tuple(
            replace(each, citation=f"{each.citation} Licence: {each.licence}.")
            if each.licence
            else each
            for each in outgoing.origins
        )
        return write(replace(outgoing, origins=origins), cast("BinaryIO", _Plain(file)))

    return written
