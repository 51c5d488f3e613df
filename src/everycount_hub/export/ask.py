"""Asking the hub for a page or file, and finding what it leads to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from everycount_hub.export.places import Target, file_of, target_of
from everycount_hub.export.tags import ADDRESSES, CSS_ADDRESS, tags_of
from everycount_hub.inside import ask
from everycount_hub.queries.editions import trying

OK = 200
MOVED = (301, 302, 303, 307, 308)
HTML, CSS = "text/html", ".css"
LOCATION = re.compile(rb"<loc>\s*([^<\s]+)\s*</loc>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the hub answered, and what it leads to."""

    path: str
    fault: str = ""
    is_page: bool = False
    moved_to: str = ""
    leads_to: tuple[str, ...] = ()
    """Paths on the hub."""
    ids: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    """Areas that the page can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for: pages of an edition in some languages, into a folder."""

    edition: str
    languages: tuple[str, ...]
    folder: Path

    def wants(self, path: str) -> bool:
        """Tell whether a path is one of the copy."""
        return path.startswith((static(), *(f"/{code}/" for code in self.languages)))


@cache
def static() -> str:
    """Return how the paths of static files begin."""
    return f"/{settings.STATIC_URL.strip('/')}/"


@cache
def own_starts() -> tuple[str, ...]:
    """Return how addresses of this hub begin."""
    hosts = {"localhost", *settings.ALLOWED_HOSTS}
    starts = {f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")}
    return tuple(sorted({*starts, settings.PUBLIC_URL.rstrip("/")} - {""}))


def fetch(path: str, order: Order) -> Answer:
    """Ask for a path and put the answer, as it is, into the folder."""
    if path.startswith(static()):
        return _static(path, order)
    with trying(order.edition):
        response = ask(path)
        content = _content(response)
    if response.status_code in MOVED:
        target = target_of(response["Location"], path, own_starts())
        moved = target.path if target else ""
        return Answer(path=path, moved_to=moved, leads_to=(moved,) if order.wants(moved) else ())
    if response.status_code != OK:
        return Answer(path=path, fault=f"the answer {response.status_code}")
    _put(order, path, content)
    if response.get("Content-Type", "").partition(";")[0] != HTML:
        return Answer(path=path)
    return _page(path, content.decode(), order)


def mapped() -> list[str]:
    """Return the paths that the sitemap names, none where there is no sitemap."""
    response = ask("/sitemap.xml")
    found = LOCATION.findall(_content(response)) if response.status_code == OK else []
    targets = (target_of(each.decode(), "/", own_starts()) for each in found)
    return [each.path for each in targets if each is not None]


def links_in(attributes: Mapping[str, str | None], path: str) -> dict[str, Target]:
    """Return where the addresses of a tag lead on the hub, by attribute."""
    found = {}
    for name in ADDRESSES:
        link = attributes.get(name)
        target = target_of(link, path, own_starts()) if link else None
        if target is not None:
            found[name] = target
    return found


def _page(path: str, text: str, order: Order) -> Answer:
    leads, ids, areas = {}, set(), set()
    for tag in tags_of(text):
        if tag.attributes.get("id"):
            ids.add(tag.attributes["id"])
        if tag.attributes.get("type") == "module":
            return Answer(path=path, fault="a script that is a module and needs a server")
        for name, target in links_in(tag.attributes, path).items():
            # Where a form leads is a choice and no page, unless it is that of search.
            if name == "action" and "data-search" not in tag.attributes:
                continue
            if order.wants(target.path):
                leads[target.path] = None
            if target.path == path and target.area:
                areas.add(target.area)
    return Answer(
        path=path, is_page=True, leads_to=tuple(leads), ids=frozenset(ids), areas=frozenset(areas)
    )


def _static(path: str, order: Order) -> Answer:
    place = finders.find(path.removeprefix(static()))
    if not place:
        return Answer(path=path, fault="no such file")
    content = Path(place).read_bytes()
    _put(order, path, content)
    found: list[str] = []
    if path.endswith(CSS):
        found = CSS_ADDRESS.findall(content.decode())
    return Answer(path=path, leads_to=tuple(urljoin(path, each) for each in found))


def _put(order: Order, path: str, content: bytes) -> None:
    place = order.folder / file_of(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def _content(response: HttpResponseBase) -> bytes:
    try:
        if isinstance(response, StreamingHttpResponse):
            return b"".join(response.streaming_content)
        return response.content if isinstance(response, HttpResponse) else b""
    finally:
        response.close()
