"""Ask a service over the network: politely, patiently, and never twice for the same answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType

import httpx2

from everycount.errors import InputError, NotFound, Problem, Unavailable
from everycount.io.fetching.cache import Cache, Kept, is_fresh
from everycount.io.files import digest

TRIES = 5
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which to try again: RFC 9110 section 15, RFC 6585, RFC 8470."""
LONGEST_WAIT = 120.0
"""Seconds; a service that asks for more is told to the user instead."""
RESUME = timedelta(hours=1)
"""Answers younger than this are not asked for again: an interrupted fetch goes on from them."""
LARGEST = 2 << 30
"""Bytes of one answer that are accepted."""


class Client:
    """Fetches addresses, each answer kept in a cache.

    Parameters
    ----------
    cache : Cache, optional
        Where answers are kept; nowhere if left out.
    pause : float
        Seconds between two requests.
    sleep : callable
        Waits for seconds.
    now : callable
        Gives the present time with its zone.
    transport : httpx2.BaseTransport, optional
        What carries requests, for a proxy of one's own.
    resume : timedelta
        Age up to which a kept answer is taken without asking.
    """

    def __init__(
        self,
        cache: Cache | None = None,
        *,
        pause: float = 0.0,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        transport: httpx2.BaseTransport | None = None,
        resume: timedelta = RESUME,
    ) -> None:
        self.cache, self.pause, self.sleep, self.now = cache, pause, sleep, now
        self.resume = resume
        self.asked = 0
        """Requests that went over the network."""
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(60.0, connect=15.0),
            follow_redirects=True,
            headers={"User-Agent": f"everycount/{version('everycount')}"},
            transport=transport,
        )

    def __enter__(self) -> "Client":
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close its connections."""
        self._http.close()

    def get(
        self, address: str, parameters: Mapping[str, str] | None = None, *, accept: str = "*/*"
    ) -> bytes:
        """Return what stands at an address.

        Parameters
        ----------
        address : str
            Beginning with http:// or https://.
        parameters : mapping of str to str, optional
            Query of the address.
        accept : str
            Media types wanted.

        Returns
        -------
        bytes

        Raises
        ------
        NotFound
            If the service has nothing there.
        InputError
            If the service refuses the request, in its own words.
        Unavailable
            If it cannot be reached or stays busy.
        """
        url = _address(address, parameters)
        kept = self.cache.find(url, accept) if self.cache else None
        if kept and is_fresh(kept[0], self.now(), self.resume):
            return kept[1]
        headers = {"Accept": accept}
        if kept and kept[0].etag:
            headers["If-None-Match"] = kept[0].etag
        elif kept and kept[0].last_modified:
            headers["If-Modified-Since"] = kept[0].last_modified
        response, content = self._ask(url, headers)
        if response.status_code == httpx2.codes.NOT_MODIFIED and kept:
            self._keep(replace(kept[0], fetched=self.now().isoformat()), kept[1])
            return kept[1]
        _refuse(response, content)
        about = Kept(
            url=url,
            accept=accept,
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
            fetched=self.now().isoformat(),
            sha256=digest(content),
        )
        self._keep(about, content)
        return content

    def _keep(self, about: Kept, content: bytes) -> None:
        if self.cache:
            self.cache.keep(about, content)

    def _ask(self, url: str, headers: Mapping[str, str]) -> tuple[httpx2.Response, bytes]:
        """Send a request until the service answers it, up to `TRIES` times."""
        reason = ""
        for tried in range(TRIES):
            if self.asked:
                self.sleep(self.pause)
            self.asked += 1
            wait = 2.0**tried
            try:
                with self._http.stream("GET", url, headers=dict(headers)) as response:
                    content = _receive(response)
            except httpx2.TransportError as error:
                reason = str(error) or type(error).__name__
            except httpx2.RequestError as error:
                raise Unavailable(f"{url} cannot be fetched: {error}") from error
            else:
                if response.status_code not in BUSY:
                    return response, content
                reason = f"it answered {response.status_code} {response.reason_phrase}"
                wait = max(wait, _asked_wait(response, self.now()))
                if wait > LONGEST_WAIT:
                    break
            if tried < TRIES - 1:
                self.sleep(wait)
        raise Unavailable(f"{url} is not available: {reason}. What was fetched is kept; try later.")


def _address(address: str, parameters: Mapping[str, str] | None) -> str:
    """Return an address with its query."""
    try:
        url = httpx2.URL(address, params=parameters) if parameters else httpx2.URL(address)
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in {"http", "https"} or not url.host:
        problem = Problem("address", repr(address), "an address such as https://…")
        raise InputError("the service", [problem])
    return str(url)


def _receive(response: httpx2.Response) -> bytes:
    """Return the body of an answer, if it is not too long."""
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LARGEST:
            raise InputError(
                "the answer",
                [Problem("size", f"more than {LARGEST >> 30} GiB", "less: ask for fewer series")],
            )
    return bytes(content)


def _asked_wait(response: httpx2.Response, now: datetime) -> float:
    """Return the seconds that a service asks to wait: a number or a date (RFC 9110, 10.2.3)."""
    text = response.headers.get("retry-after", "")
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _refuse(response: httpx2.Response, content: bytes) -> None:
    """Raise an error for an answer that is none."""
    if response.is_success:
        return
    words = " ".join(content[:500].decode("utf-8", "replace").split())
    told = f"{response.status_code} {response.reason_phrase}: {words}".strip(": ")
    if response.status_code in {404, 410}:
        raise NotFound(f"{response.url} has nothing: {told}")
    if response.status_code in {401, 403, 407}:
        raise Unavailable(f"{response.url} does not let us in: {told}")
    raise InputError(str(response.url), [Problem("request", told, "one that the service answers")])
