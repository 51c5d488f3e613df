"""Tables of supply and sources, and scorecards."""

import pytest

from everycount.errors import InputError
from everycount.io.supply import read_scorecard, read_sources, read_supplies
from everycount.model.supply import DataSource, Supply


def put(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_supplies_are_read_with_breakdowns_and_sources(tmp_path):
    path = put(
        tmp_path,
        "framework,key,state,sources,available,frequency\n"
        "world@2023,5.5.1,produced,ipu; lfs,sex; sex x age,every year\n"
        "world@2023,5.5.2,,,sex × province,\n",
    )
    assert read_supplies(path) == (
        Supply(
            framework="world@2023",
            key="5.5.1",
            state="produced",
            sources=("ipu", "lfs"),
            available=(("sex",), ("sex", "age")),
            frequency="every year",
        ),
        Supply(framework="world@2023", key="5.5.2", available=(("sex", "province"),)),
    )


def test_faults_of_supplies_name_row_and_column(tmp_path):
    path = put(tmp_path, "framework,key,state\nworld@2023,1,made up\n")
    with pytest.raises(InputError, match="row 2, state: found 'made up', expected"):
        read_supplies(path)
    path = put(tmp_path, "framework,key,available\nw@1,1,sex x  x age\n")
    with pytest.raises(InputError, match=r"table.csv has 1 problem:\n  row 2, available: found"):
        read_supplies(path)


def test_columns_that_are_not_known_are_refused_with_the_nearest(tmp_path):
    path = put(tmp_path, "framework,key,availble,colour\nw@1,1,sex,red\n")
    with pytest.raises(InputError) as caught:
        read_supplies(path)
    found = [str(each) for each in caught.value.problems]
    assert found[0].startswith("header: found a column 'availble', expected")
    assert "available" in found[0]
    assert len(found) == 2


def test_sources_are_read(tmp_path):
    path = put(tmp_path, "code,title,kind,last,next\nlfs,Labour force survey,survey,2025,2026\n")
    assert read_sources(path) == (
        DataSource(code="lfs", title="Labour force survey", last=2025, next=2026),
    )
    path = put(tmp_path, "code,title,last,next\na,A,2025,2020\nb,B,2025,2021\n")
    with pytest.raises(InputError, match="row 3, next: found 2021, expected a year not before"):
        read_sources(path)


def test_scorecard_holds_marks_of_all_and_the_selection(tmp_path):
    path = put(
        tmp_path,
        "key,by,relevance,ease_of_use,selected,on,why\n"
        "1,An,3,2,yes,2026-11-22,asked for\n"
        "1,Bo,1,,,,\n"
        "2,An,,0,no,,\n",
    )
    card = read_scorecard(path, "draft@2026")
    assert [(each.key, each.criterion, each.mark, each.by) for each in card.marks] == [
        ("1", "relevance", 3, "An"),
        ("1", "ease of use", 2, "An"),
        ("1", "relevance", 1, "Bo"),
        ("2", "ease of use", 0, "An"),
    ]
    first = card.selection("1")
    assert (first.status, first.by, first.on, first.why) == (
        "accepted",
        "An",
        "2026-11-22",
        "asked for",
    )
    assert card.selection("2").status == "rejected"


def test_scorecard_that_selects_in_two_ways_is_refused(tmp_path):
    path = put(tmp_path, "key,by,selected\n1,An,yes\n1,Bo,no\n2,An,yes\n2,Bo,yes\n")
    with pytest.raises(InputError) as caught:
        read_scorecard(path, "draft@2026")
    assert [str(each) for each in caught.value.problems] == [
        "candidate 1, selected: found selected by An otherwise than by Bo, expected one decision"
    ]
    path = put(tmp_path, "key,by,relevance\n1,An,4\n")
    with pytest.raises(InputError, match="row 2, mark: found 4, expected a number from 0 to 3"):
        read_scorecard(path, "draft@2026")


def test_semicolons_between_cells_are_read_with_a_note(tmp_path):
    told = []
    path = put(tmp_path, "\ufeffcode;title;last\nlfs;Labour, employment;2024\n", "sources.csv")
    assert read_sources(path, tell=told.append) == (
        DataSource(code="lfs", title="Labour, employment", last=2024),
    )
    assert told == ["note: sources.csv has semicolons between its cells and was read so"]
    quoted = put(tmp_path, '"framework";"key";"sources"\nw@1;1;"a; b"\n')
    assert read_supplies(quoted)[0].sources == ("a", "b")
    marks = put(tmp_path, "key;by;relevance\n1;An;3\n")
    assert read_scorecard(marks, "w@1").marks[0].mark == 3


def test_semicolons_that_part_no_known_columns_are_refused_with_what_to_do(tmp_path):
    path = put(tmp_path, "colour;size\nred;3\n")
    with pytest.raises(InputError) as error:
        read_sources(path)
    assert "if ';' separates them, save the file with commas between its cells" in str(error.value)
    with pytest.raises(InputError, match="found nothing, expected a header and rows"):
        read_sources(put(tmp_path, ""))


def test_letters_that_nobody_sees_are_left_out(tmp_path):
    path = put(tmp_path, "framework,key\u200b,note\nw@1,5.1\u200b,a\u00adb\n")
    assert read_supplies(path) == (Supply(framework="w@1", key="5.1", note="ab"),)
