"""Make batches ready in a second thread while the kernel works on the one before."""

from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
END: Final = object()


def ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """Yield items in order, the next one made by a second thread meanwhile.

    An error while an item is made is raised where that item would have come. Whoever does not
    take all items closes the generator, which waits until the one at hand is made.

    Examples
    --------
    >>> list(ahead(iter([1, 2, 3])))
    [1, 2, 3]
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="everycount") as thread:
        waiting: Future[T | object] = thread.submit(next, items, END)
        while (item := waiting.result()) is not END:
            waiting = thread.submit(next, items, END)
            yield item  # type: ignore[misc]  # all but END is an item
