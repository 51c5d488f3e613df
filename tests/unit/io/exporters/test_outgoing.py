import tempfile
from datetime import UTC, date, datetime
from types import MappingProxyType

import polars as pl
import pytest

from everycount.errors import InputError, Problem, Unavailable
from everycount.io.exporters.outgoing import EPOCH, gathered, outgoing_of, prepared_at
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin


def table(*rows):
    full = [
        {each.id: row.get(each.id, each.default or None) for each in OBSERVATION.components}
        for row in rows
    ]
    return pl.DataFrame(full, schema=dict(OBSERVATION.schema))


def row(**changes):
    usual = {"INDICATOR": "SEATS", "REF_AREA": "704", "TIME_PERIOD": "2019", "OBS_VALUE": 1.0}
    return usual | changes


class Reading:
    structure = OBSERVATION
    codes = MappingProxyType({})
    origins = ()
    notes = ()

    def __init__(self, *tables, fault=None):
        self.tables, self.fault = tables, fault

    def __iter__(self):
        yield from self.tables
        self.notes = ("known at the end",)
        if self.fault:
            raise self.fault


def test_only_attributes_with_a_value_are_written():
    outgoing = outgoing_of(Dataset(table=table(row(NATURE="C"))))
    assert [each.id for each in outgoing.attributes] == ["NATURE"]
    assert [each.id for each in outgoing.components] == [
        *OBSERVATION.key, "OBS_VALUE", "NATURE",
    ]  # fmt: skip


def test_codes_in_use_come_as_their_list_has_them_then_by_the_alphabet():
    own = {"ETHNICITY": CodeList(id="CL_X", codes=tuple(Code(id=c, name={}) for c in "ZYA"))}
    rows = [row(ETHNICITY=code) for code in ("Q", "A", "B", "Z")]
    used = outgoing_of(Dataset(table=table(*rows), codes=own)).used("ETHNICITY")
    assert [code for code in used if not code.startswith("_")] == ["Z", "A", "B", "Q"]


def test_a_code_without_a_list_is_its_own_name():
    outgoing = outgoing_of(Dataset(table=table(row())))
    assert outgoing.label("COMMENT_OBS", "x") == "x"
    assert outgoing.names("COMMENT_OBS", "x") == {"en": "x"}


def test_names_come_in_every_language_that_is_known():
    names = {"en": "Kinh", "vi": "người Kinh"}
    own = {"ETHNICITY": CodeList(id="CL_X", codes=(Code(id="K", name=names),), name={"vi": "x"})}
    outgoing = outgoing_of(Dataset(table=table(row(ETHNICITY="K")), codes=own))
    assert outgoing.names("ETHNICITY", "K") == names
    assert outgoing.names("ETHNICITY", "OTHER") == {"en": "OTHER"}
    ages = outgoing.names("AGE", "Y15T24")
    assert ages["en"] == "15 to 24 years old"
    assert ages["vi"] == "15 đến 24 tuổi"


def test_the_title_is_that_of_the_origins_else_of_the_structure():
    origins = tuple(Origin(producer="NSO", title=title) for title in ("A", "B", "A"))
    assert outgoing_of(Dataset(table=table(), origins=origins)).title == "A; B"
    assert outgoing_of(Dataset(table=table())).title == OBSERVATION.name
    assert outgoing_of(Dataset(table=table()), title="Mine").title == "Mine"


def test_the_time_comes_from_the_data_never_from_a_clock():
    old = Origin(producer="NSO", title="A", published=date(2020, 1, 1))
    new = Origin(producer="NSO", title="A", accessed=date(2024, 5, 2), published=date(2025, 1, 1))
    assert prepared_at([]) == EPOCH
    assert prepared_at([old]) == datetime(2020, 1, 1, tzinfo=UTC)
    assert prepared_at([old, new]) == datetime(2024, 5, 2, tzinfo=UTC)


def test_gathering_tells_how_far_it_is_and_what_reading_found():
    seen = []
    reading = Reading(table(row()), table(row(REF_AREA="004"), row(REF_AREA="008")))
    with gathered(reading, progress=seen.append) as outgoing:
        assert [batch.height for batch in outgoing.batches()] == [1, 2]
        assert [batch.height for batch in outgoing.batches(rows=1)] == [1, 1, 1]
        pieces = outgoing.pieces
    assert seen == [1, 3]
    assert outgoing.notes == ("known at the end",)
    assert not any(piece.exists() for piece in pieces)


def test_a_fault_at_the_end_stops_everything_before():
    fault = InputError("figures.csv", [Problem("row 9", "x", "y")])
    with pytest.raises(InputError, match="row 9"), gathered(Reading(table(row()), fault=fault)):
        pytest.fail("nothing may be written")


def test_a_disk_without_room_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with (
        pytest.raises(Unavailable, match="the folder for temporary files refuses"),
        gathered(Reading(table(row()))),
    ):
        pytest.fail("there is no folder")


def test_a_disk_that_fills_up_is_said(monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_ipc", refuse)
    with (
        pytest.raises(Unavailable, match=r"refuses \(No space left on device\)"),
        gathered(Reading(table(row()))),
    ):
        pytest.fail("there is no room")
