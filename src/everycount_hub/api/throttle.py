"""How often one network address may ask: a bucket of tokens for each, in the server's memory.

One server process answers for the hub (waitress with threads), so no shared count is needed. More
processes would each allow as much.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST = 50_000
"""Addresses that are remembered; beyond them those whose buckets are full again are forgotten."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Throttle:
    """Buckets of tokens by address. Each request takes one; time fills them again.

    Parameters
    ----------
    clock : callable
        Gives seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, address: str, rate: float, burst: int) -> float:
        """Take a token and return 0, or the seconds until there is one.

        Parameters
        ----------
        address : str
            Who asks.
        rate : float
            Tokens that come back in a second.
        burst : int
            Tokens of a full bucket.
        """
        now = self._clock()
        with self._lock:
            bucket = self._buckets.get(address)
            if bucket is None:
                self._forget(now, rate, burst)
                bucket = self._buckets[address] = _Bucket(float(burst), now)
            bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * rate)
            bucket.at = now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0.0
            return (1 - bucket.tokens) / rate

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._buckets.clear()

    def _forget(self, now: float, rate: float, burst: int) -> None:
        if len(self._buckets) < MOST:
            return
        full = [k for k, b in self._buckets.items() if b.tokens + (now - b.at) * rate >= burst]
        for address in full or list(self._buckets)[: MOST // 2]:
            del self._buckets[address]


THROTTLE = Throttle()
