import threading
from contextlib import closing

import pytest

from everycount.survey.ahead import ahead


def test_items_come_in_order_from_another_thread():
    makers = []

    def items():
        for number in range(4):
            makers.append(threading.current_thread().name)
            yield number

    assert list(ahead(items())) == [0, 1, 2, 3]
    assert {name.split("_")[0] for name in makers} == {"everycount"}


def test_the_next_item_is_made_while_one_is_used():
    made = threading.Event()

    def items():
        yield "first"
        made.set()
        yield "second"

    for item in ahead(items()):
        if item == "first":
            assert made.wait(timeout=10)


def test_an_error_comes_where_the_item_would_have_come():
    def items():
        yield 1
        raise ValueError("no second")

    with closing(ahead(items())) as ready:
        assert next(ready) == 1
        with pytest.raises(ValueError, match="no second"):
            next(ready)


def test_whoever_stops_early_leaves_no_thread():
    with closing(ahead(iter(range(100)))) as ready:
        assert next(ready) == 0
    assert not [each for each in threading.enumerate() if each.name.startswith("everycount")]
    assert list(ahead(iter(()))) == []
