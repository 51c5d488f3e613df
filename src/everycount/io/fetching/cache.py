"""Keep answers of services, so that an interrupted fetch goes on and an unchanged one is quick."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from everycount.io.files import digest, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of an answer that is kept."""

    url: str
    accept: str
    etag: str
    last_modified: str
    fetched: str
    """When it was last received or confirmed, ISO 8601 with time zone."""
    sha256: str


class Cache:
    """Answers in a folder: a file with the body and one about it, named by the request.

    Parameters
    ----------
    folder : Path
        Made when something is first kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, url: str, accept: str) -> tuple[Kept, bytes] | None:
        """Return an answer that is kept whole, or None."""
        about, body = self._places(url, accept)
        try:
            kept = Kept(**json.loads(about.read_bytes()))
            content = body.read_bytes()
        except (OSError, ValueError, TypeError):
            return None  # never kept, or by another version: it is fetched again
        return (kept, content) if digest(content) == kept.sha256 else None

    def keep(self, kept: Kept, content: bytes) -> None:
        """Keep an answer. What tells about it is written last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        about, body = self._places(kept.url, kept.accept)
        write(body, content)
        write(about, json.dumps(asdict(kept), indent=2).encode())

    def _places(self, url: str, accept: str) -> tuple[Path, Path]:
        name = digest(f"{accept} {url}".encode())[:32]
        return self.folder / f"{name}.json", self.folder / f"{name}.body"


def is_fresh(kept: Kept, now: datetime, age: timedelta) -> bool:
    """Tell whether an answer was received so lately that it need not be asked for again."""
    return timedelta(0) <= now - datetime.fromisoformat(kept.fetched) <= age
