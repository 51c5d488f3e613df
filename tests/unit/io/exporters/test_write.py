import io
import sys

import polars as pl
import pytest

from everycount.errors import InputError, NotFound
from everycount.io.exporters.formats import EXPORTERS, exporters_for, find_exporter
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.exporters.write import export, exporter_of, write_dataset
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION


def dataset(**changes):
    row = {"INDICATOR": "SEATS", "REF_AREA": "004", "TIME_PERIOD": "2019", "OBS_VALUE": 1.5}
    row |= changes
    full = [{each.id: row.get(each.id, each.default or None) for each in OBSERVATION.components}]
    return Dataset(table=pl.DataFrame(full, schema=dict(OBSERVATION.schema)))


def test_names_of_formats_stand_once_and_lead_to_writers():
    names = [each.name for each in EXPORTERS]
    assert len(set(names)) == len(names)
    assert all(callable(each.write) for each in EXPORTERS)


def test_an_unknown_format_is_refused_with_the_nearest():
    with pytest.raises(NotFound, match="no format 'sdmxcsv' can be written; perhaps 'sdmx-csv'"):
        find_exporter("sdmxcsv")
    with pytest.raises(NotFound, match=r"no format '\?' can be written\. Formats: csv, sdmx-csv"):
        find_exporter("?")


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("A.XLSX", ["excel"]),
        ("a.csv", ["csv"]),
        ("a.ttl", ["dcat-turtle"]),
        ("a.json", ["sdmx-json", "sdmx-json-1.0", "json-stat", "structure-json"]),
        ("a", []),
    ],
)
def test_an_ending_means_one_format_several_or_none(file, names):
    assert [each.name for each in exporters_for(file)] == names


def test_an_ending_that_does_not_tell_is_refused():
    with pytest.raises(
        NotFound, match=r"a\.json: several formats end so; say which: sdmx-json, sdmx-json-1.0, js"
    ):
        exporter_of("a.json")
    with pytest.raises(NotFound, match=r"a\.doc: no format ends so; say which is meant"):
        exporter_of("a.doc")


def test_a_dataset_is_written_by_its_ending_or_format(tmp_path):
    assert write_dataset(dataset(), tmp_path / "a.csv") == ()
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert text == "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nSEATS,004,2019,1.5\n"
    notes = write_dataset(
        outgoing_of(dataset(TIME_PERIOD="2019/2020")), tmp_path / "b.csv", format="sdmx-csv"
    )
    assert notes == ("periods are written as SDMX has ranges: 2019/2020 as 2019-01-01/P2Y",)


def test_standard_output_takes_the_bytes(monkeypatch):
    class Output:
        buffer = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", Output)
    write_dataset(dataset(), "-", format="csv")
    assert Output.buffer.getvalue().startswith(b"INDICATOR,")


def test_a_refusal_leaves_the_old_file(tmp_path):
    place = tmp_path / "a.xlsx"
    place.write_bytes(b"old")
    with pytest.raises(InputError, match="40,000 characters"):
        write_dataset(dataset(COMMENT_OBS="x" * 40_000), place)
    assert place.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [place]


def test_what_was_read_is_never_written_over(tmp_path):
    place = tmp_path / "a.csv"
    place.write_bytes(b"old")
    with pytest.raises(InputError, match="a file or folder that is read"):
        export(outgoing_of(dataset()), place, find_exporter("csv"), never=[place])
    assert place.read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_a_slip(tmp_path):
    with pytest.raises(InputError, match="no such folder, expected a file in a folder that exists"):
        write_dataset(dataset(), tmp_path / "none" / "a.csv")
    assert list(tmp_path.iterdir()) == []
