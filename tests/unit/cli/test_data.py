import json
import os
import signal
import subprocess
import sys
import threading

import click
import pytest
from click.testing import CliRunner

from everycount.cli.data import data
from everycount.cli.data_view import Progress, tidy_when_ended
from everycount.errors import InputError, NotFound

ROWS = "INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\nSEATS,704,F,2019,1.5\nSEATS,704,M,2019,2\n"
WIDE = "place;2019;2020\nHanoi;1,5;\nHue;2;3\n"
MAPPING = """\
delimiter = ";"
decimal = ","
[columns]
place = "REF_AREA"
[constants]
INDICATOR = "SEATS"
[values.REF_AREA]
Hanoi = "VN_HN"
Hue = "VN_HUE"
[across]
component = "TIME_PERIOD"
"""


def run(*args, **options):
    return CliRunner().invoke(data, list(map(str, args)), catch_exceptions=False, **options)


@pytest.fixture
def figures(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_the_group_lists_what_it_does():
    shown = run("--help").stdout
    for verb in ("convert", "formats", "check", "fetch"):
        assert f"  {verb} " in shown
    assert run("nonsense").exit_code == 2
    assert data.list_commands(click.Context(data))[0] == "convert"


@pytest.mark.parametrize("verb", ["convert", "formats"])
def test_help_has_an_example(verb):
    assert f"everycount data {verb}" in run(verb, "--help").stdout


def test_formats_are_listed_for_people_and_programs():
    shown = run("formats").stdout
    assert "Read (--from)" in shown
    assert "sdmx-ml-3.0" in shown
    listed = json.loads(run("formats", "--json").stdout)
    assert "plain" in {each["name"] for each in listed["read"]}
    assert {"csv", "excel"} <= {each["name"] for each in listed["written"]}


def test_the_ending_tells_the_format(figures, tmp_path):
    result = run("convert", figures, tmp_path / "out.xlsx")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 observations: 1 indicator, 1 area, 1 period" in result.stderr
    assert f"written: {tmp_path / 'out.xlsx'}" in result.stderr
    again = tmp_path / "again.csv"
    assert run("convert", tmp_path / "out.xlsx", again).exit_code == 0
    assert again.read_text(encoding="utf-8") == ROWS


@pytest.mark.parametrize("out", ["out.xml", "out", "-"])
def test_a_format_that_nothing_tells_must_be_said(figures, tmp_path, out):
    result = run("convert", figures, out if out == "-" else tmp_path / out)
    assert result.exit_code == 2
    assert "does not tell its format; say --to with " in result.stderr
    assert ("one of sdmx-ml-3.0, sdmx-ml-2.1" in result.stderr) == (out == "out.xml")


def test_a_format_that_is_not_there_is_refused(figures):
    with pytest.raises(NotFound, match="perhaps 'sdmx-csv'"):
        run("convert", figures, "-", "--to", "sdmxcsv")


def test_standard_input_and_output_carry_data_only():
    command = [sys.executable, "-m", "everycount", "data", "convert", "-", "-", "--to", "csv"]
    command = [*command, "--json"]
    done = subprocess.run(command, input=ROWS.encode(), capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.decode() == ROWS
    assert json.loads(done.stderr)["observations"] == 2


def test_a_summary_leaves_standard_output_to_the_data(figures):
    result = run("convert", figures, "-", "--to", "csv", "--json")
    assert result.stdout == ROWS
    assert json.loads(result.stderr)["out"] == "-"


def test_a_summary_is_json_on_standard_output(figures, tmp_path):
    out = tmp_path / "out.parquet"
    summary = json.loads(run("convert", figures, out, "--json").stdout)
    assert summary == {
        "in": str(figures),
        "out": str(out),
        "format": "parquet",
        "observations": 2,
        "indicators": 1,
        "areas": 1,
        "periods": 1,
        "notes": [],
    }


def test_a_mapping_is_used_and_saved_to_be_used_again(tmp_path):
    source, mapping = tmp_path / "wide.csv", tmp_path / "wide.toml"
    source.write_text(WIDE, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    out, saved = tmp_path / "out.csv", tmp_path / "saved.toml"
    result = run("convert", source, out, "--mapping", mapping, "--save-mapping", saved)
    assert f"written: {saved}" in result.stderr
    expected = (
        "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n"
        "SEATS,VN_HN,2019,1.5\nSEATS,VN_HUE,2019,2\nSEATS,VN_HUE,2020,3\n"
    )
    assert out.read_text(encoding="utf-8") == expected
    again = run("convert", source, "-", "--mapping", saved, "--to", "csv")
    assert again.stdout == expected


def test_faults_leave_no_file(tmp_path):
    source = tmp_path / "figures.csv"
    source.write_text(ROWS + "SEATS,704,X,2019,3\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 4, SEX: found 'X'"):
        run("convert", source, tmp_path / "out.csv", "--save-mapping", tmp_path / "m.toml")
    assert list(tmp_path.iterdir()) == [source]


def test_places_are_refused_before_anything_is_read(figures, tmp_path):
    with pytest.raises(InputError, match="a file or folder that is read, expected another place"):
        run("convert", figures, figures)
    out = tmp_path / "out.csv"
    with pytest.raises(InputError, match="the place of the data too, expected another place"):
        run("convert", figures, out, "--save-mapping", out)


def test_structures_of_the_producer_name_the_codes(figures, tmp_path):
    codes = [{"id": "SEATS", "name": "Seats held", "names": {"en": "Seats held"}}]
    listed = {"id": "CL_INDICATOR", "agencyID": "NSO", "version": "1.0", "codes": codes}
    structure = tmp_path / "structure.json"
    structure.write_text(json.dumps({"data": {"codelists": [listed]}}), encoding="utf-8")
    out = tmp_path / "out.json"
    run("convert", figures, out, "--to", "json-stat", "--codes", structure)
    cube = json.loads(out.read_text(encoding="utf-8"))
    assert cube["dimension"]["INDICATOR"]["category"]["label"] == {"SEATS": "Seats held"}


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z"),
        ("2026-11-22T12:00:00+07:00", "2026-11-22T05:00:00Z"),
        ("2026-11-22", "2026-11-22T00:00:00Z"),
    ],
)
def test_the_time_and_title_are_written(figures, given, written):
    result = run(
        "convert", figures, "-", "--to", "sdmx-json", "--prepared", given, "--title", "Seats"
    )
    meta = json.loads(result.stdout)["meta"]
    assert (meta["prepared"], meta["name"]) == (written, "Seats")


def test_a_time_that_is_none_is_refused(figures):
    result = run("convert", figures, "-", "--to", "csv", "--prepared", "yesterday")
    assert result.exit_code == 2
    assert "found 'yesterday', expected a time such as 2026-11-22T12:00:00Z" in result.stderr


def test_notes_are_said(figures, tmp_path):
    figures.write_text(ROWS.replace("M,2019", "M,2019/2020"), encoding="utf-8")
    result = run("convert", figures, tmp_path / "a.xml", "--to", "sdmx-ml-3.0")
    assert "note: periods are written as SDMX has ranges: 2019/2020 as" in result.stderr


def test_progress_is_shown_on_a_terminal_only(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress() as progress:
        progress.say(1200)
        progress.writing(1200)
    shown = capsys.readouterr().err
    assert "1,200 observations read" in shown
    assert "writing 1,200 observations" in shown
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with Progress() as progress:
        progress.say(1200)
    assert capsys.readouterr().err == ""


def test_a_slip_in_the_name_of_a_folder_is_refused(figures, tmp_path):
    places = (tmp_path / "none" / "a.csv", "--save-mapping", tmp_path / "nil" / "m.toml")
    with pytest.raises(InputError) as caught:
        run("convert", figures, *places)
    assert [each.found for each in caught.value.problems] == ["no such folder"] * 2
    assert list(tmp_path.iterdir()) == [figures]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_and_a_link_stay_what_they_are(figures, tmp_path):
    pipe, link, real = tmp_path / "pipe", tmp_path / "link.csv", tmp_path / "real"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run("convert", figures, pipe, "--to", "csv").exit_code == 0
    assert os.read(reader, 10_000).decode() == ROWS
    os.close(reader)
    assert pipe.is_fifo()
    link.symlink_to(real)
    assert run("convert", figures, link).exit_code == 0
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == ROWS


def test_a_request_to_end_undoes_what_was_begun():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as caught, tidy_when_ended():
        signal.raise_signal(signal.SIGTERM)
    assert caught.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before


def test_outside_the_main_thread_signals_are_left_alone():
    handlers = []

    def work():
        with tidy_when_ended():
            handlers.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [signal.getsignal(signal.SIGTERM)]
