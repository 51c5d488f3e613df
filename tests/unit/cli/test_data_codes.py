import json

import pytest
from click.testing import CliRunner

from everycount.cli.data import data
from everycount.errors import InputError, MethodError, NotFound

FIGURES = """\
INDICATOR,REF_AREA,TIME_PERIOD,ETHNICITY,OBS_VALUE
BIRTHS,VN_24,2024,KINH,100
BIRTHS,VN_27,2024,KINH,50
"""


def run(*args):
    return CliRunner().invoke(data, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def figures(tmp_path):
    place = tmp_path / "figures.csv"
    place.write_text(FIGURES)
    return place


def test_lists_are_listed_with_what_else_they_take():
    lines = run("codes").output.splitlines()
    assert lines[0].split() == ["list", "version", "codes", "others", "name"]
    found = {line.split()[0]: line for line in lines[1:]}
    assert "refused" in found["CL_NATURE"]
    assert "by rule" in found["CL_AGE"]
    assert "allowed" in found["CL_AREA"]


@pytest.mark.parametrize("name", ["CL_QUANTILE", "quantile", "INCOME_WEALTH_QUANTILE"])
def test_list_is_found_by_its_name_or_its_dimension(name):
    result = run("codes", name)
    assert "Quintile 1 (poorest)" in result.stdout
    assert result.stderr.startswith("source: IAEG-SDGs")


def test_codes_are_printed_in_a_language_as_json_and_as_a_table(tmp_path):
    assert "Nữ" in run("codes", "SEX", "--language", "vi").stdout
    found = json.loads(run("codes", "URBANISATION", "--json").stdout)
    assert found["codes"][3] == {"code": "CITY", "name": "City", "parent": "U"}
    assert json.loads(run("codes", "--json").stdout)[0]["list"] == "CL_FREQ"
    run("codes", "SEX", "--csv", tmp_path / "sex.csv")
    assert (tmp_path / "sex.csv").read_text().startswith("code,name,parent\n_T,")


def test_unknown_list_names_the_nearest():
    with pytest.raises(NotFound, match="there is no code list 'sxe'; perhaps 'SEX'"):
        run("codes", "sxe")
    with pytest.raises(NotFound, match=r"there is no code list 'qqqq'\. Lists: CL_FREQ"):
        run("codes", "qqqq")


def test_fold_writes_the_global_structure_and_says_what_it_did(figures, tmp_path):
    result = run("fold", figures, "-o", tmp_path / "un.csv", "--numbered", "--json")
    lines = (tmp_path / "un.csv").read_text().splitlines()
    assert lines[0].startswith("SERIES,REF_AREA")
    assert "C01" in lines[1]
    assert json.loads(result.stdout)["moved"] == {"ETHNICITY": 2}
    assert "2 of 2 observations folded" in result.stderr


def test_fold_back_brings_dimensions_back(tmp_path):
    place = tmp_path / "un.csv"
    place.write_text(
        "INDICATOR,REF_AREA,TIME_PERIOD,CUST_BREAKDOWN,OBS_VALUE\n5a,4,2024,ETHNICITY--KINH,1\n"
    )
    run("fold", place, "--back", "-o", tmp_path / "own.csv")
    assert (tmp_path / "own.csv").read_text().splitlines()[1].startswith("5a,004,KINH,2024,1")


def test_fold_prints_one_thing_at_a_time(figures):
    result = run("fold", figures, "-o", "-", "--json")
    assert result.exit_code == 2
    assert "--json needs -o FILE" in result.output


def test_areas_of_a_day_and_what_became_of_one(tmp_path):
    assert len(run("areas", "vn", "--at", "2025-07-01").stdout.splitlines()) == 35
    became = json.loads(run("areas", "VN", "--of", "VN_24", "--at", "2026-01-01", "--json").stdout)
    assert [area["code"] for area in became] == ["VN_24_2025"]
    run("areas", "VN", "--csv", tmp_path / "all.csv")
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 87


def test_areas_of_a_file(tmp_path):
    place = tmp_path / "own.csv"
    place.write_text("code,name_en,valid_to\nA,Old,2009-12-31\n")
    assert "Old" in run("areas", place).stdout
    assert run("areas", place, "--at", "2010-01-01").stderr == "none\n"
    assert run("areas", place, "--of", "A").exit_code == 2


def test_figures_are_carried_over(figures, tmp_path):
    command = ("carry-over", figures, "--areas", "VN", "--at", "2025-07-01", "-o")
    result = run(*command, tmp_path / "new.csv", "--additive", "BIRTHS")
    assert "BIRTHS,VN_24_2025,KINH,2024,150" in (tmp_path / "new.csv").read_text()
    assert "1 new figure made: 2 old ones added up" in result.stderr
    with pytest.raises(MethodError, match="indicator BIRTHS"):
        run(*command, tmp_path / "new.csv")
    weights = tmp_path / "weights.csv"
    weights.write_text("REF_AREA,WEIGHT\nVN_24,3\nVN_27,1\n")
    run(*command, tmp_path / "mean.csv", "--weights", weights)
    assert "87.5" in (tmp_path / "mean.csv").read_text()


def test_weights_that_are_no_numbers_are_refused(figures, tmp_path):
    command = ("carry-over", figures, "--areas", "VN", "--at", "2025-07-01", "-o", "-")
    weights = tmp_path / "weights.csv"
    weights.write_text("REF_AREA,WEIGHT\nVN_24,many\nVN_27,inf\n")
    with pytest.raises(InputError) as caught:
        run(*command, "--weights", weights)
    assert [str(problem) for problem in caught.value.problems] == [
        "row 2, WEIGHT: found 'many', expected a number",
        "row 3, WEIGHT: found 'inf', expected a number",
    ]
    weights.write_text("REF_AREA,weight\nVN_24,1\n")
    with pytest.raises(InputError, match="columns REF_AREA, weight, expected a column WEIGHT"):
        run(*command, "--weights", weights)
