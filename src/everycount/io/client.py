"""Ask a hub of Everycount for what it publishes, as tables."""

import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from types import TracebackType
from typing import Any

import httpx2
import polars as pl

from everycount.errors import InputError, NotFound, Problem, Unavailable
from everycount.io.fetching.client import BUSY, LONGEST_WAIT, TRIES
from everycount.model.observation import OBSERVATION

PAGE = 50_000
"""Figures or entries asked for at a time: the largest page of a hub."""
GONE = 410
"""How a hub answers when something was published between two pages."""
Parameters = Mapping[str, str]


class Hub:
    """A hub whose published data are read. It asks only when a method is called.

    Parameters
    ----------
    url : str
        Address of the hub, such as ``https://data.example.org``.
    transport : httpx2.BaseTransport, optional
        What carries requests, for a proxy of one's own.
    sleep : callable
        Waits for seconds.

    Raises
    ------
    InputError
        If the address is none.
    """

    def __init__(
        self,
        url: str,
        *,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.url = _address(url)
        self.edition = ""
        """Digest of the edition that answered last: it names exactly what was published."""
        self._sleep = sleep
        self._http = httpx2.Client(
            base_url=f"{self.url}/api/v1/",
            timeout=httpx2.Timeout(60.0, connect=15.0),
            follow_redirects=True,
            headers={"User-Agent": f"everycount/{version('everycount')}"},
            transport=transport,
        )

    def __enter__(self) -> "Hub":
        """Return the hub."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close connections."""
        self._http.close()

    def __repr__(self) -> str:
        return f"connect({self.url!r})"

    def observations(
        self,
        *indicators: str,
        areas: Sequence[str] = (),
        periods: str = "",
        tolerance: int | None = None,
        datasets: Sequence[str] = (),
        where: Mapping[str, str | Sequence[str]] | None = None,
        fields: Sequence[str] = (),
    ) -> pl.DataFrame:
        """Return published figures, each with its dataset, producer and licence.

        Parameters
        ----------
        *indicators : str
            Ids or codes; all without any.
        areas : sequence of str
            ISO 3166 (VNM), M49 (704) or own codes; all if left out.
        periods : str
            A period (2020), or from a first to a last (2000..2020, 2000.., ..2020).
        tolerance : int, optional
            With one year: of each series the figure nearest to it, so many years off at most.
        datasets : sequence of str
            Keys such as ``viet-nam/seats``.
        where : mapping, optional
            Per dimension or attribute the code or codes, such as ``{"SEX": ["F", "M"]}``.
        fields : sequence of str
            Columns; those that say something if left out.

        Returns
        -------
        DataFrame
            Columns are concepts of SDMX; ``OBS_VALUE`` and bounds are numbers, codes are text,
            what is missing is null. Units are in ``UNIT_MEASURE``.

        Raises
        ------
        NotFound
            If the hub has no such indicator, area or dataset.
        InputError
            If it refuses the question, in its words.
        Unavailable
            If it cannot be reached or stays busy, or if something was published meanwhile.

        Examples
        --------
        >>> import everycount
        >>> hub = everycount.connect("https://data.example.org")
        >>> hub.observations("5d", areas=["VNM"], periods="2000..2020")  # doctest: +SKIP
        """
        asked = {
            "indicator": ",".join(indicators),
            "area": ",".join(areas),
            "period": periods,
            "tolerance": "" if tolerance is None else str(tolerance),
            "dataset": ",".join(datasets),
            "fields": ",".join(fields),
        }
        for name, codes in (where or {}).items():
            asked[name.lower()] = codes if isinstance(codes, str) else ",".join(codes)
        given = {name: text for name, text in asked.items() if text}
        pages = self._pages("observations", {**given, "format": "csv", "limit": str(PAGE)})
        return pl.concat([_figures(each.content) for each in pages])

    def dataset(self, key: str) -> pl.DataFrame:
        """Return all figures of a dataset; else as `observations`.

        Parameters
        ----------
        key : str
            Workspace and short name, such as ``viet-nam/seats``.
        """
        return self.observations(datasets=[key])

    def indicators(
        self, words: str = "", *, framework: str = "", group: str = "", area: str = ""
    ) -> pl.DataFrame:
        """Return the indicators that the hub has, or those that fit.

        Parameters
        ----------
        words : str
            Words of a name or code, in any language.
        framework, group, area : str
            Indicator set (ID or ID@VERSION), goal or domain, and area with figures.

        Returns
        -------
        DataFrame
            A row each: ``id, code, framework, group, name, figures, areas, first, last`` …

        Raises
        ------
        NotFound, InputError, Unavailable
            As `observations`.
        """
        asked = {"q": words, "framework": framework, "group": group, "area": area}
        return self._entries("indicators", asked)

    def areas(self, words: str = "") -> pl.DataFrame:
        """Return the areas with figures, or those whose name has the words.

        Returns
        -------
        DataFrame
            A row each: ``id, code, iso3, name, indicators`` …

        Raises
        ------
        InputError, Unavailable
            As `observations`.
        """
        return self._entries("areas", {"q": words})

    def datasets(self) -> pl.DataFrame:
        """Return everything that is published, with licence and citation.

        Returns
        -------
        DataFrame
            A row each: ``id, title, producer, version, released, licence, citation`` …

        Raises
        ------
        Unavailable
            As `observations`.
        """
        return self._entries("datasets", {})

    def _entries(self, path: str, asked: Parameters) -> pl.DataFrame:
        """Return a list as a table; what is itself a table in an entry stays as JSON objects."""
        given = {name: text for name, text in asked.items() if text}
        entries: list[dict[str, Any]] = []
        for page in self._pages(path, {**given, "limit": str(PAGE)}):
            entries += page.json()["entries"]
        names = entries[0] if entries else {}
        plain = [name for name in names if not isinstance(entries[0][name], dict)]
        return pl.DataFrame([{n: each[n] for n in plain} for each in entries],
                            infer_schema_length=None)  # fmt: skip

    def _pages(self, path: str, asked: Parameters) -> Iterator[httpx2.Response]:
        """Yield an answer page by page."""
        response = self._ask(path, asked)
        yield response
        while after := response.links.get("next", {}).get("url"):
            # The address is from the root of the hub, which may itself stand below a path.
            query = dict(httpx2.URL(after).params)
            response = self._ask(path, query)
            yield response

    def _ask(self, path: str, asked: Parameters) -> httpx2.Response:
        """Send a request until the hub answers it, up to `TRIES` times."""
        reason = ""
        for tried in range(TRIES):
            wait = 2.0**tried
            try:
                response = self._http.get(path, params=dict(asked))
            except httpx2.TransportError as error:
                reason = str(error) or type(error).__name__
            else:
                if response.status_code not in BUSY:
                    self.edition = response.headers.get("everycount-edition", self.edition)
                    return _answered(response)
                reason = _words(response)
                after = response.headers.get("retry-after", "")
                wait = max(wait, float(after) if after.isdecimal() else 0.0)
                if wait > LONGEST_WAIT:
                    break
            if tried < TRIES - 1:
                self._sleep(wait)
        raise Unavailable(f"{self.url} is not available: {reason}. Try later.")


def connect(url: str) -> Hub:
    """Return a hub, to be asked for what it publishes.

    Parameters
    ----------
    url : str
        Address of the hub.

    Returns
    -------
    Hub
        Nothing is asked yet.

    Raises
    ------
    InputError
        If the address is none.

    Examples
    --------
    >>> connect("https://data.example.org/")
    connect('https://data.example.org')
    """
    return Hub(url)


def _address(url: str) -> str:
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        parsed = httpx2.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        problem = Problem("address", repr(url), "an address such as https://data.example.org")
        raise InputError("the hub", [problem])
    return str(parsed).rstrip("/")


def _answered(response: httpx2.Response) -> httpx2.Response:
    """Return an answer, or raise what its status means."""
    if response.is_success:
        return response
    words = _words(response)
    if response.status_code == httpx2.codes.NOT_FOUND:
        raise NotFound(words)
    if response.status_code == GONE:
        raise Unavailable(words)
    raise InputError("the request", _problems(response, words))


def _problems(response: httpx2.Response, words: str) -> list[Problem]:
    """Return what is wrong with a request, as the hub says it thing by thing, else as a whole."""
    try:
        return [Problem(**each) for each in response.json()["problems"]]
    except (ValueError, KeyError, TypeError):
        return [Problem("address", words, "a request that the hub answers")]


def _words(response: httpx2.Response) -> str:
    """Return why a hub does not answer, in its own words if it says any."""
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"{response.status_code} {response.reason_phrase}"


def _figures(content: bytes) -> pl.DataFrame:
    """Return figures in the types that an observation has; nothing is guessed."""
    text = pl.read_csv(io.BytesIO(content), infer_schema=False)
    types = OBSERVATION.schema
    return text.with_columns(
        pl.col(name).cast(types[name]) for name in text.columns if name in types
    )
