"""Requests that the hub sends: to listed hosts over TLS, and never into the network it stands in.

Whoever may submit figures may name an address. Without a guard the hub would ask for them what
only it can reach: itself, its neighbours, the metadata of its cloud.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx2
from django.conf import settings

from everycount.errors import InputError, Problem

SERVICE_HOSTS = frozenset(
    {"api.worldbank.org", "unstats.un.org", "data.un.org", "ghoapi.azureedge.net"}
)
"""Hosts of the services that are known: the addresses in `everycount.io.fetching`."""
PORT = 443
"""The one port that is asked: that of TLS."""
NAT64 = IPv6Network("64:ff9b::/96")
"""Addresses that hold one of IPv4 in their last 32 bits. RFC 6052, section 2.1."""

Resolve = Callable[[str], Iterable[str]]
"""Returns the addresses of a host."""


def fault_of(address: str) -> Problem | None:
    """Return why an address may not be asked, as far as its text tells; None if it may.

    Examples
    --------
    >>> str(fault_of("http://api.worldbank.org/v2"))
    "address: found 'http://api.worldbank.org/v2', expected an address that begins with https://"
    """
    try:
        parts = urlsplit(address)
        port = parts.port or PORT
    except ValueError:
        return Problem("address", repr(address), "an address such as https://sdmx.example.org/rest")
    host = (parts.hostname or "").lower().rstrip(".")
    if parts.scheme != "https":
        return Problem("address", repr(address), "an address that begins with https://")
    if parts.username or parts.password:
        return Problem("address", "an address with a user or password", "one without")
    if port != PORT:
        return Problem("address", f"port {port}", f"port {PORT}, that of TLS")
    if host not in SERVICE_HOSTS | settings.FETCH_HOSTS:
        listed = ", ".join(sorted(SERVICE_HOSTS | settings.FETCH_HOSTS))
        return Problem(
            "address",
            f"the host {host!r}",
            f"one that an administrator listed in EVERYCOUNT_FETCH_HOSTS, or {listed}",
        )
    return None


def is_public(address: str) -> bool:
    """Tell whether an address of a computer is in the internet, not in a network of somebody's.

    Addresses of IPv6 that carry one of IPv4 count as what they carry.

    Examples
    --------
    >>> [is_public(each) for each in ("1.1.1.1", "10.0.0.1", "127.0.0.1", "::ffff:10.0.0.1")]
    [True, False, False, False]
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    carried = _carried(found) if isinstance(found, IPv6Address) else None
    found = carried or found
    return found.is_global and not found.is_multicast


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def resolve(host: str) -> list[str]:
    """Return the addresses of a host, as the system knows them.

    Raises
    ------
    OSError
        If it has none, or nobody can be asked.
    """
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Guard(httpx2.BaseTransport):
    """Carries requests that may leave the hub; each redirect is one more, and judged like it.

    A name is resolved once and the connection goes to the very address that was judged, so that
    a name that answers differently the second time gains nothing. The certificate is still that
    of the name.

    Parameters
    ----------
    inner : BaseTransport
        What carries them.
    resolve : callable
        Returns the addresses of a host.
    """

    def __init__(self, inner: httpx2.BaseTransport, *, resolve: Resolve = resolve) -> None:
        self.inner, self.resolve = inner, resolve

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Carry a request.

        Raises
        ------
        InputError
            If it may not leave the hub.
        ConnectError
            If its host has no address.
        """
        fault = fault_of(str(request.url))
        host = request.url.host
        if fault is None:
            try:
                addresses = list(self.resolve(host))
            except OSError as error:
                words = f"{host} has no address ({error.strerror or error})"
                raise httpx2.ConnectError(words, request=request) from error
            if not addresses or not all(map(is_public, addresses)):
                found = f"{host!r}, which is {', '.join(addresses) or 'nowhere'}"
                fault = Problem("address", found, "a host in the public internet")
        if fault is not None:
            raise InputError("the service", [fault])
        return self.inner.handle_request(_pinned(request, addresses[0]))

    def close(self) -> None:
        """Close connections."""
        self.inner.close()


def _pinned(request: httpx2.Request, address: str) -> httpx2.Request:
    """Return a request that goes to an address and asks for the host it was meant for."""
    return httpx2.Request(
        method=request.method,
        url=request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


def carrier() -> httpx2.BaseTransport:
    """Return what carries the hub's requests. Proxies of the environment are not asked."""
    return Guard(httpx2.HTTPTransport(trust_env=False))
