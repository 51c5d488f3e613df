import io
import sys
from collections import Counter

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.framework_toml import framework_toml
from everycount.io.frameworks import (
    find_framework,
    load_framework,
    read_crosswalk,
    read_framework,
    shipped_crosswalk,
    shipped_frameworks,
)
from everycount.repository.framework_check import check_framework

HEADER = "from_framework,from_key,to_framework,to_key,relation,by,basis,source\n"


def test_shipped_frameworks_hold_what_their_publishers_count():
    counts = {
        each.reference: (len(each.indicators), len(each.unique)) for each in shipped_frameworks()
    }
    assert counts == {
        "iaeg-gs-sdg-gender@2021": (85, 85),
        "rwanda-sdg@2025": (82, 78),
        "sdg-gender-index@2019": (51, 51),
        "sdg-global@2019": (244, 232),
        "sdg-global@2023": (248, 232),  # the UN speaks of 231; see the description
        "un-minimum-set@2013": (63, 63),
        "un-minimum-set@2021": (62, 62),
        "un-women-sdg-gender@2022": (52, 51),  # 13.3.1 is 4.7.1 again
    }


def test_sdg_gender_index_prints_8d_twice():
    index = find_framework("sdg-gender-index")
    assert len(index.groups) == 14
    twice = [each for each in index.indicators if each.code == "8d"]
    assert [each.key for each in twice] == ["8d", "8e"]
    assert "bank account" in twice[1].title["en"]
    codes = Counter(each.code for each in index.indicators)
    assert [code for code, count in codes.items() if count > 1] == ["8d"]
    assert index.indicator("5d").best == (47.0, 53.0)


def test_minimum_set_is_52_and_11():
    kinds = Counter(each.kind for each in find_framework("un-minimum-set@2013").indicators)
    assert kinds == {"quantitative": 52, "qualitative": 11}
    assert len(find_framework("un-minimum-set@2013").groups) == 5


def test_repeated_sdg_indicator_names_its_first_number():
    sdg = find_framework("sdg-global@2019")
    assert [sdg.indicator(key).repeats for key in ("1.5.1", "11.5.1", "13.1.1")] == [
        "",
        "1.5.1",
        "1.5.1",
    ]
    assert sdg.indicator("5.5.1").group == "5.5"


def test_shipped_frameworks_and_links_have_no_error():
    links = shipped_crosswalk().links
    known = {each.reference: each for each in shipped_frameworks()}
    for framework in known.values():
        findings = check_framework(framework, links=links, known=known)
        grave = {each.rule for each in findings if each.severity != "remark"}
        assert grave <= {"duplicate-code"}
    ends = {reference for link in links for reference in (link.from_framework, link.to_framework)}
    assert ends == set(known)


def test_links_say_who_said_so():
    (link,) = shipped_crosswalk().seen_from("sdg-gender-index@2019", "5d")
    assert (link.to_framework, link.to_key, link.relation) == (
        "sdg-global@2019",
        "5.5.1",
        "narrower",
    )
    assert link.by == "Everycount reading"


def test_find_by_id_gives_the_newest():
    assert find_framework("sdg-global").reference == "sdg-global@2023"
    assert find_framework("sdg-global@2019").version == "2019"


def test_not_found_names_versions_or_the_nearest():
    with pytest.raises(
        NotFound, match=r"un-minimum-set has no version '2000'; there is 2013, 2021"
    ):
        find_framework("un-minimum-set@2000")
    with pytest.raises(
        NotFound, match=r"no framework 'SDG-global-2019'; did you mean sdg-global@2019 or"
    ):
        find_framework("SDG-global-2019")
    with pytest.raises(NotFound) as error:
        find_framework("???")
    shipped = len(shipped_frameworks())
    assert f"there is no framework '???'; the nearest of {shipped} are " in str(error.value)
    assert str(error.value).count("@") == 3
    assert "`everycount framework list` shows all" in str(error.value)


def test_load_takes_a_file_or_a_name(tmp_path, monkeypatch):
    index = find_framework("sdg-gender-index")
    source = framework_toml(index)
    for name in ("index.toml", "index"):
        (tmp_path / name).write_bytes(source)
        assert load_framework(str(tmp_path / name)) == index
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(source)))
    assert load_framework("-") == index
    assert load_framework("sdg-gender-index") == index
    with pytest.raises(NotFound, match="there is no file"):
        load_framework(str(tmp_path / "gone.toml"))


def test_read_framework_names_every_fault_with_its_line(tmp_path):
    path = tmp_path / "core.toml"
    text = framework_toml(find_framework("un-minimum-set")).decode()
    text = text.replace('key = "I.2"', 'key = "I.1"').replace('group = "V"', 'group = "VI"', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_framework(path)
    first, second = error.value.problems
    assert first.found == "'I.1' again, first in entry 1"
    assert second.found == "'VI'"
    assert all("line " in problem.where for problem in (first, second))


def test_read_crosswalk(tmp_path):
    path = tmp_path / "links.csv"
    path.write_text(HEADER + "a@1,x,b@1,y,close,NSO,,\n", encoding="utf-8")
    (link,) = read_crosswalk(path).links
    assert (link.ends, link.basis) == (("a@1", "x", "b@1", "y"), "")


def test_read_crosswalk_names_every_fault(tmp_path):
    path = tmp_path / "links.csv"
    path.write_text(HEADER + "a@1,x,b@1,y,same,,,\na@1,x,b@1,y,exact,NSO,,\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_crosswalk(path)
    assert [each.where for each in error.value.problems][:2] == ["row 2, relation", "row 2, by"]
    assert "row 3" in str(error.value)
    path.write_text(HEADER + "a@1,x,b@1,y,exact,NSO,,\n\na,x,a,x,exact,NSO,,\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_crosswalk(path)
    assert [each.where for each in error.value.problems] == [
        "row 4, from_framework",
        "row 4, to_framework",
        "row 4, to_key",
    ]
