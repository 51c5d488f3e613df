"""`data check`, `data compare` and `data availability` as a user runs them."""

import json

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.data import data
from everycount.errors import InputError, NotFound

HEADER = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n"
TODAY = ("--today", "2021-06-01")


def run(*args, **options):
    return CliRunner().invoke(data, [str(each) for each in args], catch_exceptions=False, **options)


@pytest.fixture
def figures(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text(
        HEADER + "5a,704,2019,F,130,PT\n5a,704,2019,M,10,PT\n5a,704,2019,_T,20,PT\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("verb", ["check", "compare", "availability"])
def test_help_has_an_example(verb):
    assert f"everycount data {verb}" in run(verb, "--help").stdout


def test_findings_are_told_rule_by_rule(figures):
    result = run("check", figures, *TODAY)
    assert result.exit_code == 3
    assert result.stdout.startswith("3 observations: 1 error.\n\nerror: a percentage below 0")
    assert "5a, 704, 2019, SEX=F: OBS_VALUE is 130, expected 0 to 100" in result.stdout


def test_rule_that_is_left_out_lets_the_data_pass(figures):
    result = run("check", figures, *TODAY, "--skip", "range-percent")
    assert result.exit_code == 0
    assert result.stdout == "3 observations, nothing found.\n"


def test_age_is_judged_by_the_present_day_if_none_is_given(figures):
    assert "stale" in run("check", figures).stdout


def test_last_release_and_framework_are_held_against(figures, tmp_path):
    before = tmp_path / "before.csv"
    before.write_text(HEADER + "5a,704,2019,_T,60,PT\n", encoding="utf-8")
    result = run(
        "check", figures, *TODAY, "--previous", before, "--framework", "un-minimum-set@2021",
        "--limit", "jump_points=39", "--limit", "small_sample=25", "--json",
    )  # fmt: skip
    told = json.loads(result.stdout)
    assert told["counts"] == {"indicator-unknown": 1, "range-percent": 1, "jump-release": 1}
    assert told["is_releasable"] is False
    assert told["observations"] == 3
    assert told["findings"][2]["expected"] == "60 as released"


def test_findings_are_written_as_a_table(figures, tmp_path):
    place = tmp_path / "findings.csv"
    run("check", figures, *TODAY, "--csv", place)
    assert pl.read_csv(place)["rule"].to_list() == ["range-percent"]
    assert run("check", figures, *TODAY, "--csv", "-").stdout.startswith("rule,INDICATOR,")


def test_notes_of_reading_are_told(tmp_path):
    place = tmp_path / "figures.csv"
    place.write_text(HEADER.replace("\n", ",extra\n") + "5a,704,2021,F,1,PT,x\n")
    result = run("check", place, *TODAY)
    assert "note on reading: columns left out: extra" in result.stderr


def test_rules_are_listed():
    result = run("check", "--rules")
    assert result.exit_code == 0
    assert "totals-sum (error): parts that do not add up to their total" in result.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--skip", "percent"), "there is no rule percent; --rules lists them"),
        (("--limit", "jumps=3"), "'jumps=3' is not NAME=NUMBER; usual are small_sample=50"),
        (("--limit", "jump=much"), "'jump=much' is not NAME=NUMBER"),
        (("--limit", "jump=inf"), "'jump=inf' is not NAME=NUMBER"),
    ],
)
def test_options_that_mean_nothing_are_refused(figures, options, words):
    result = run("check", figures, *options)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_faults_of_the_file_come_before_findings(tmp_path):
    place = tmp_path / "figures.csv"
    place.write_text(HEADER + "5a,704,2019,W,x,PT\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        run("check", place)
    assert [problem.where for problem in error.value.problems] == ["row 2, SEX", "row 2, OBS_VALUE"]


def test_versions_are_compared(figures, tmp_path):
    new = tmp_path / "new.csv"
    rows = "".join(f"5a,704,{2000 + k},F,{k},PT\n" for k in range(12))
    old = tmp_path / "old.csv"
    old.write_text(HEADER + rows, encoding="utf-8")
    new.write_text(HEADER + rows.replace(",PT", ",PS") + "5b,704,2019,F,1,PT\n", encoding="utf-8")
    table = tmp_path / "changes.csv"
    result = run("compare", old, new, "--csv", table)
    assert result.stdout.splitlines()[0] == (
        "Observations: 1 added, 0 removed, 0 with another value, 12 with other attributes, "
        "0 unchanged."
    )
    assert "5a, 704, F, 2000: UNIT_MEASURE was PT, is PS" in result.stdout
    assert "… and 2 more; --csv FILE has all" in result.stdout
    assert pl.read_csv(table).height == 12
    told = json.loads(run("compare", old, new, "--json").stdout)
    assert told["counts"]["attributes"] == 12
    assert told["added"][0]["INDICATOR"] == "5b"


def test_codes_that_changed_are_told(tmp_path):
    place = tmp_path / "old.csv"
    place.write_text("INDICATOR,REF_AREA,TIME_PERIOD,Region,OBS_VALUE\n5a,704,2019,North,1\n")
    other = tmp_path / "new.csv"
    other.write_text("INDICATOR,REF_AREA,TIME_PERIOD,Region,OBS_VALUE\n5a,704,2019,South,1\n")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('breakdown = ["Region"]\n')
    result = run("compare", place, other, "--mapping", mapping, "--json")
    changes = [each["change"] for each in json.loads(result.stdout)["codes"]]
    assert changes == ["removed", "added"]
    told = run("compare", place, other, "--mapping", mapping).stdout
    assert told == (
        "Observations: 1 added, 1 removed, 0 with another value, 0 with other attributes, "
        "0 unchanged; 2 codes changed.\n"
    )


def test_availability_is_a_sentence(tmp_path):
    place = tmp_path / "figures.csv"
    place.write_text(HEADER + "I.1,704,2020,F,3,HUR\nI.1,704,2020,M,1,HUR\n", encoding="utf-8")
    options = ("--framework", "un-minimum-set@2021", *TODAY)
    result = run("availability", place, *options, "--licence", "CC-BY-4.0", "--area", "704")
    assert " have none; 1 (" in result.stdout
    assert "are up to date (2017 or later)" in result.stdout
    table = tmp_path / "availability.csv"
    result = run("availability", place, *options, "--json", "--csv", table)
    told = json.loads(result.stdout)
    assert told["areas"][0]["by_sex"] == 1
    assert told["areas"][0]["is_open"] == 0
    assert pl.read_csv(table)["collected"].sum() == 1


def test_headlines_of_many_areas_are_cut(tmp_path):
    place = tmp_path / "figures.csv"
    rows = "".join(f"I.1,{area},2020,F,3,HUR\n" for area in ("008", *range(100, 112)))
    place.write_text(HEADER + rows, encoding="utf-8")
    result = run("availability", place, "--framework", "un-minimum-set@2021", *TODAY)
    assert len(result.stdout.splitlines()) == 12
    assert "… and 1 more areas; --csv FILE has all" in result.stderr


def test_area_is_found_by_its_iso_code(tmp_path):
    place = tmp_path / "figures.csv"
    place.write_text(HEADER + "I.1,704,2020,F,3,HUR\nI.1,VN_24,2020,F,3,HUR\n", encoding="utf-8")
    options = ("--framework", "un-minimum-set@2021", *TODAY)
    for area in ("704", "VN", "VNM"):
        assert (
            "62 indicators for Viet Nam"
            in run("availability", place, *options, "--area", area).stdout
        )
    assert "for VN_24, 1 (2%)" in run("availability", place, *options, "--area", "VN_24").stdout
    with pytest.raises(NotFound, match="there is no area 'Vietnam': give a code that the data"):
        run("availability", place, *options, "--area", "Vietnam")


def test_data_of_another_framework_are_told(figures, tmp_path):
    result = run("availability", figures, "--framework", "un-minimum-set@2021", *TODAY)
    assert "No area has figures of this framework" in result.stdout
    assert (
        "1 of 1 indicators in the data are not in un-minimum-set@2021 and are not" in result.stderr
    )
    place = tmp_path / "many.csv"
    rows = "".join(f"X{k},704,2020,F,3,HUR\n" for k in range(7))
    place.write_text(HEADER + rows, encoding="utf-8")
    told = run("availability", place, "--framework", "un-minimum-set@2021", *TODAY).stderr
    assert "X0, X1, X2, X3, X4, …" in told


def test_versions_of_two_shapes_are_compared(tmp_path):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n5a,VNM,2003-01-01/P3Y,1\n")
    new.write_text("what,where,when,figure\n5a,704,2003/2005,1\n")
    ways, names = tmp_path / "ways.toml", tmp_path / "names.toml"
    ways.write_text('areas = "iso3"\n')
    names.write_text(
        '[columns]\nwhat = "INDICATOR"\nwhere = "REF_AREA"\nwhen = "TIME_PERIOD"\n'
        'figure = "OBS_VALUE"\n'
    )
    options = ("--old-mapping", ways, "--new-mapping", names, "--old-from", "plain")
    told = run("compare", old, new, *options, "--new-from", "plain").stdout
    assert told == (
        "Observations: 0 added, 0 removed, 0 with another value, 0 with other attributes, "
        "1 unchanged.\n"
    )


def test_file_without_observations_is_checked_and_compared(tmp_path):
    place, message = tmp_path / "empty.parquet", tmp_path / "empty.json"
    columns = HEADER.strip().split(",")
    pl.DataFrame(schema=dict.fromkeys(columns, pl.String)).write_parquet(place)
    run("convert", place, message, "--to", "sdmx-json")
    for each in (place, message):
        assert run("check", each, *TODAY).stdout == "0 observations, nothing found.\n"
    assert run("compare", place, message).stdout == (
        "Observations: 0 added, 0 removed, 0 with another value, 0 with other attributes, "
        "0 unchanged.\n"
    )


def test_all_findings_are_counted_and_the_first_are_named(tmp_path):
    place = tmp_path / "figures.csv"
    place.write_text(HEADER + "".join(f"5a,704,{2010 + k},F,-{k + 1},PT\n" for k in range(10)))
    told = run("check", place, *TODAY, "--examples", "2").stdout
    assert "(range-percent, 10)" in told
    assert "  - 5a, 704, 2010, SEX=F: OBS_VALUE is -1, expected 0 to 100\n" in told
    assert "  … and 8 more\n" in told
    assert len(json.loads(run("check", place, *TODAY, "--json").stdout)["findings"]) == 10
