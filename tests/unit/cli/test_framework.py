import json

import pytest
from click.testing import CliRunner

from everycount.cli.framework import framework
from everycount.errors import InputError, NotFound
from everycount.io.frameworks import read_framework

LIST = """\
Mã số,Tên chỉ tiêu,group
01,Tỷ lệ nữ,Kinh tế
01,Tỷ lệ nam,Kinh tế
02,Chỉ tiêu,Xã hội
"""
HEADER = "from_framework,from_key,to_framework,to_key,relation,by,basis,source\n"


def run(*args, **options):
    return CliRunner().invoke(framework, args, catch_exceptions=False, **options)


def imported(path, *args, **options):
    heading = ("--id", "nsigd", "--version", "2019", "--title", "Bộ chỉ tiêu")
    columns = ("--code-column", "Mã số", "--title-column", "Tên chỉ tiêu")
    return run("import", str(path), *heading, *columns, "--title-language", "vi", *args, **options)


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "nsigd.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.mark.parametrize("verb", ["list", "show", "check", "import", "translate"])
def test_help_has_an_example(verb):
    assert f"everycount framework {verb}" in run(verb, "--help").stdout


def test_list():
    lines = run("list").stdout.splitlines()
    assert lines[0].split() == ["framework", "indicators", "level", "title"]
    assert "sdg-gender-index@2019             51  global    SDG Gender Index 2019" in lines
    assert len(lines) == 9


def test_list_as_json():
    shipped = {each["reference"]: each for each in json.loads(run("list", "--json").stdout)}
    assert shipped["sdg-global@2019"]["counts"] == {
        "indicators": 244,
        "unique": 232,
        "groups": 186,
    }


def test_show_the_tree_with_links():
    result = run("show", "sdg-gender-index", "--links")
    assert "51 indicators, 14 groups" in result.stdout
    assert "5  Gender equality\n  5a  Proportion of women aged 20-24" in result.stdout
    assert (
        "8e  Proportion of women who hold a bank account at a financial institution"
        in result.stdout
    )
    assert "(printed 8d)" in result.stdout
    assert "      narrower than sdg-global@2019 5.5.1 (Everycount reading: " in result.stdout
    assert result.stderr == ""


def test_show_tells_which_version_and_how_many_are_unique():
    result = run("show", "sdg-global")
    assert result.stderr == "sdg-global: version 2023, the newest of 2019, 2023\n"
    assert "248 indicators, 232 of them unique, 185 groups" in result.stdout
    assert "(repeats 1.5.1)" in result.stdout


def test_show_one_indicator():
    shown = run("show", "sdg-gender-index@2019", "--indicator", "8e", "--links").stdout
    assert "code: 8d\n" in shown
    assert "narrower than sdg-global@2019 8.10.2 (Everycount reading: account at" in shown
    assert "best: 47 to 53\n" in run("show", "sdg-gender-index", "--indicator", "5d").stdout
    assert "code:" not in run("show", "sdg-gender-index", "--indicator", "5d").stdout
    shown = run("show", "sdg-global@2019", "--indicator", "1.1.1").stdout
    assert "disaggregations: sex, age, employment status, location\n" in shown


def test_show_as_json():
    tree = json.loads(run("show", "un-minimum-set@2013", "--json").stdout)
    assert tree["counts"]["indicators"] == len(tree["indicators"]) == 63
    assert tree["source"]["citation"].startswith("UNSD")
    assert "links" not in tree["indicators"][0]
    one = json.loads(
        run("show", "un-minimum-set@2013", "--indicator", "44", "--links", "--json").stdout
    )
    assert one["framework"] == "un-minimum-set@2013"
    assert {link["to_key"] for link in one["links"]} == {"5.5.1", "IV.2"}


def test_show_what_does_not_exist():
    with pytest.raises(NotFound, match="did you mean sdg-gender-index@2019"):
        run("show", "sdg-gender-indx")
    with pytest.raises(NotFound, match="has no indicator '9z'"):
        run("show", "sdg-gender-index", "--indicator", "9z")


def test_check_a_shipped_framework():
    result = run("check", "sdg-gender-index")
    assert result.exit_code == 0
    assert result.stdout.startswith("warning  duplicate-code  8d: the printed code 8d stands for 2")
    assert result.stderr == "sdg-gender-index@2019: 0 errors, 1 warning, 0 remarks\n"


def test_check_prints_a_few_of_many_and_json_has_all():
    assert (
        "remark  missing-unit  and 3 more (--json lists all)"
        in run("check", "un-minimum-set@2021").stdout
    )
    report = json.loads(run("check", "un-minimum-set@2021", "--json").stdout)
    assert report["counts"] == {"error": 0, "warning": 0, "remark": 8}
    assert len(report["findings"]) == 8


def test_check_follows_a_crosswalk_and_ends_with_3(listed, tmp_path):
    made, links = tmp_path / "nsigd.toml", tmp_path / "links.csv"
    imported(listed, "-o", str(made))
    links.write_text(
        HEADER + "nsigd@2019,01,sdg-global@2023,99.9.9,exact,NSO,,\n", encoding="utf-8"
    )
    result = run("check", str(made), "--crosswalk", str(links), "--language", "en")
    assert result.exit_code == 3
    assert "error  broken-link  nsigd@2019 01 to sdg-global@2023 99.9.9" in result.stdout
    assert "warning  missing-title  the framework: no title in en" in result.stdout


def test_check_a_file_that_is_no_framework(listed, tmp_path):
    made = tmp_path / "nsigd.toml"
    imported(listed, "-o", str(made))
    made.write_text(made.read_text(encoding="utf-8").replace("01-2", "01"), encoding="utf-8")
    result = run("check", str(made), "--json")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert report["counts"]["error"] == 1
    assert report["findings"][0]["rule"] == "structure"
    assert "'01' again" in report["findings"][0]["words"]


def test_import_writes_a_framework(listed, tmp_path):
    made = tmp_path / "nsigd.toml"
    result = imported(listed, "-o", str(made), "--publisher", "GSO")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "the code 01 stands again; its key is 01-2" in result.stderr
    framework = read_framework(made)
    assert (framework.reference, framework.publisher) == ("nsigd@2019", "GSO")
    assert [each.key for each in framework.indicators] == ["01", "01-2", "02"]
    assert framework.source.citation == "nsigd.csv"
    shown = run("show", str(made), "--language", "vi").stdout
    assert "nsigd@2019  Bộ chỉ tiêu" in shown
    assert "note:" not in shown


def test_import_as_json_and_to_stdout(listed, tmp_path):
    made = tmp_path / "nsigd.toml"
    report = json.loads(imported(listed, "-o", str(made), "--json").stdout)
    assert report["renamed"] == [{"code": "01", "key": "01-2"}]
    assert report["counts"] == {"indicators": 3, "unique": 3, "groups": 2}
    assert imported(listed, "-o", "-").stdout == made.read_text(encoding="utf-8")
    assert imported("-", "-o", "-", input=LIST).exit_code == 0


def test_import_refuses_options_that_contradict(listed, tmp_path):
    result = imported(listed, "-o", "-", "--json")
    assert result.exit_code == 2
    assert "choose one" in result.stderr
    result = run("import", str(listed), "-o", "x", "--id", "N 1", "--version", "a", "--title", "T")
    assert result.exit_code == 2
    assert "--id: found 'N 1', expected lower case letters" in result.stderr
    assert "--valid-from: found '', expected a date" in result.stderr


def test_import_of_a_faulty_list_writes_nothing(listed, tmp_path):
    made = tmp_path / "nsigd.toml"
    listed.write_text("Mã số,Tên chỉ tiêu\n,A\n2,\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        imported(listed, "-o", str(made))
    assert len(error.value.problems) == 2
    assert not made.exists()


def test_translate_gives_titles_in_another_language(tmp_path):
    titles = tmp_path / "titles.csv"
    titles.write_text("key,language,title\n5.5.1,vi,Tỷ lệ nữ đại biểu\n5.4.1,en,Time\n", "utf-8")
    place = tmp_path / "sdg.toml"
    result = run("translate", "sdg-global", str(titles), "-o", str(place))
    assert "5.4.1: another title in en was replaced" in result.stderr
    assert "vi: 247 indicators without a title: 1.1.1, 1.2.1, 1.2.2, " in result.stderr
    assert " and 237 more\n" in result.stderr
    assert find_title(place, "5.5.1", "vi") == "Tỷ lệ nữ đại biểu"
    told = run("translate", "sdg-global", str(titles), "-o", str(place), "--json")
    assert json.loads(told.stdout)["replaced"] == [["5.4.1", "en"]]
    both = run("translate", "sdg-global", str(titles), "-o", "-", "--json")
    assert "choose one" in both.stderr


def find_title(place, key, language):
    return read_framework(place).indicator(key).title[language]
