import hashlib
import io

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.methods import read_method, shipped_methods

METHOD = """id = "mine"
title = "Mine"
groups = [{ code = "index" }]
indicators = [{ code = "a", parent = "index" }]
steps = []
"""


def test_shipped_methods_in_order_and_in_order():
    names = shipped_methods()
    assert "undp-gii" in names
    assert list(names) == sorted(names)
    for name in names:
        assert read_method(name).methodology.id == name


def test_a_file_of_ones_own(tmp_path):
    place = tmp_path / "mine.toml"
    place.write_text(METHOD, encoding="utf-8", newline="\n")
    found = read_method(place)
    assert (found.name, found.methodology.title) == ("mine.toml", "Mine")
    assert found.digest == hashlib.sha256(METHOD.encode()).hexdigest()
    bare = tmp_path / "mine"
    bare.write_text(METHOD, encoding="utf-8")
    assert read_method(str(bare)).name == "mine"


def test_standard_input(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(METHOD.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert read_method("-").name == "standard input"


def test_a_name_nearly_right():
    with pytest.raises(NotFound, match="no method 'undp-gi'; shipped: undp-gii"):
        read_method("undp-gi")
    with pytest.raises(NotFound, match="shipped: asem-sustainable-connectivity, eige-gei-2017, "):
        read_method("zzz")
    with pytest.raises(NotFound, match=r"there is no file mine.toml"):
        read_method("mine.toml")


def test_a_faulty_file_is_named(tmp_path):
    place = tmp_path / "mine.toml"
    place.write_text(METHOD + "colour = 1\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"mine.toml has 1 problem:\n  line 6, colour: found a key"
    ):
        read_method(place)
