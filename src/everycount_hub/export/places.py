"""Where an address of the hub is in a copy."""

from dataclasses import dataclass
from posixpath import relpath
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

PAGE = "index.html"
AREA = "area"
"""What the query of the view of an indicator for an area is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link of the hub leads."""

    path: str
    """On the hub, percent-decoded."""
    query: str = ""
    fragment: str = ""

    @property
    def area(self) -> str:
        """What the view is for if it is that of one area; else nothing."""
        asked = parse_qs(self.query)
        areas = asked.get(AREA, [])
        return areas[0].lower() if set(asked) == {AREA} and areas else ""


def target_of(link: str, page: str, own: tuple[str, ...]) -> Target | None:
    """Return where a link leads on the hub; None if it leads elsewhere.

    Parameters
    ----------
    link : str
        As it stands in a page.
    page : str
        Path of the page.
    own : tuple of str
        How addresses of this hub begin, such as ``http://localhost``.

    Examples
    --------
    >>> target_of("?area=vnm", "/en/indicators/5d/", ()).area
    'vnm'
    >>> target_of("https://example.org/", "/en/", ()) is None
    True
    """
    for start in own:
        if link == start or link.startswith(f"{start}/"):
            link = link[len(start) :] or "/"
            break
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(urlsplit(urljoin(quote(page), link)).path)
    return Target(path=path, query=parts.query, fragment=unquote(parts.fragment))


def file_of(path: str) -> str:
    """Return the file of a path, below the folder of the copy.

    Examples
    --------
    >>> file_of("/en/areas/vnm/"), file_of("/en/areas/vnm/data.csv")
    ('en/areas/vnm/index.html', 'en/areas/vnm/data.csv')
    """
    return (path + PAGE if path.endswith("/") else path).lstrip("/")


def link_to(file: str, page: str, fragment: str = "") -> str:
    """Return the link from the file of a page to another file.

    Examples
    --------
    >>> link_to("en/areas/vnm/index.html", "en/index.html", "goals")
    'areas/vnm/index.html#goals'
    """
    folder = page.rpartition("/")[0]
    place = quote(relpath(file, folder or "."), safe="/@!$&'()*+,;=~.-_")
    return f"{place}#{quote(fragment)}" if fragment else place
