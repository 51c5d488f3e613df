"""Processes that answer for the hub; nothing here may import what needs Django to be ready."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

Run = Callable[..., Future[Any]]


@contextmanager
def workers(processes: int) -> Iterator[Run]:
    """Give what runs a function elsewhere, or here where there is one process."""
    if processes == 1:
        yield _here
        return
    # A process that is forked would share the threads of what reads tables, and wait for ever.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(dict(os.environ),)
    ) as pool:
        yield pool.submit


def _here(function: Callable[..., Any], *given: object) -> Future[Any]:
    done: Future[Any] = Future()
    done.set_result(function(*given))
    return done


def _begin(environment: Mapping[str, str]) -> None:
    """Make a process ready to answer."""
    os.environ.update(environment)
    os.environ["POLARS_MAX_THREADS"] = "1"
    from everycount_hub.commands.ready import set_up  # noqa: PLC0415

    set_up()
