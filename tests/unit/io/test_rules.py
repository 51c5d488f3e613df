import pytest

from everycount.errors import InputError, NotFound
from everycount.io.rules import read_both, read_rules, shipped_rules
from everycount.model.rules import Confidentiality, Reliability

OWN = """
id = "own"
title = "Ours"
source = "Handbook, page 3"
[[rules]]
verdict = "caution"
tests = [{ measure = "n", below = 40 }]
"""


@pytest.mark.parametrize("kind", [Reliability, Confidentiality])
def test_every_shipped_set_is_called_as_its_file_and_says_its_source(kind):
    for name in shipped_rules(kind):
        found = read_rules(kind, name)
        assert (found.id, bool(found.source)) == (name, True)


def test_none_is_no_rules():
    assert read_rules(Reliability, "none") is None


@pytest.mark.parametrize("name", ["own.toml", "own"])
def test_a_file_of_ones_own(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(OWN, encoding="utf-8")
    found = read_rules(Reliability, name)
    assert (found.id, found.rules[0].tests[0].below) == ("own", 40)


def test_a_shipped_name_is_not_a_file_of_the_same_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dhs").write_text(OWN, encoding="utf-8")
    assert read_rules(Reliability, "dhs").id == "dhs"


def test_names_that_are_nothing(tmp_path):
    with pytest.raises(NotFound) as caught:
        read_rules(Reliability, "dsh")
    assert str(caught.value) == (
        "there is no file and no set of reliability rules 'dsh'; "
        "known: dhs, nchs2017, statcan, turkstat, none"
    )
    with pytest.raises(NotFound, match=r"there is no file .*gone\.toml"):
        read_rules(Confidentiality, str(tmp_path / "gone.toml"))
    with pytest.raises(InputError, match="found a folder, expected a file"):
        read_rules(Confidentiality, str(tmp_path))


def test_all_faults_of_a_file_at_once(tmp_path):
    place = tmp_path / "own.toml"
    text = OWN.replace('"caution"', '"bad"').replace("below", "under")
    place.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_rules(Reliability, str(place))
    found = [str(each) for each in caught.value.problems]
    assert found == [
        "line 6, rule 1, verdict: found 'bad', expected one of 'caution', 'unreliable', 'review'",
        "line 7, rule 1, test 1, under: found a key that is not known, expected one of measure, "
        "below, at_most, above, at_least, rows",
        "line 7, rule 1, test 1: found a test without a bound, expected below, at_most, above or "
        "at_least",
    ]


def test_both_sets_with_all_faults_at_once(tmp_path):
    assert read_both("none", "none") == (None, None)
    with pytest.raises(NotFound, match=r"reliability rules 'x'.*; .*confidentiality rules 'y'"):
        read_both("x", "y")
    first, second = tmp_path / "r.toml", tmp_path / "c.toml"
    first.write_text("id = 1", encoding="utf-8")
    second.write_text("id = 'a'\ntitle = 't'\nsource = 's'\nminimum = -3", encoding="utf-8")
    with pytest.raises(NotFound, match=r"reliability rules 'x'.*; c\.toml has 1 problem"):
        read_both("x", str(second))
    with pytest.raises(InputError, match=r"c\.toml has 1 problem:\n  line 4, minimum: found -3"):
        read_both("none", str(second))
    with pytest.raises(InputError, match=r"r\.toml and c\.toml has 5 problems") as caught:
        read_both(str(first), str(second))
    assert str(caught.value.problems[-1]) == "c.toml, line 4, minimum: found -3, expected 0 or more"
