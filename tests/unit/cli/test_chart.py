import json
import struct

import pytest
from click.testing import CliRunner

from everycount.cli.chart import KINDS, MAPS, chart
from everycount.errors import InputError, NotFound

FIGURES = """\
REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,GDP
704,2010,F,25.8,1.3
704,2020,F,26.7,3.5
704,2010,M,74.2,1.3
704,2020,M,73.3,3.5
764,2010,F,13.3,5.1
764,2020,F,16.2,7.0
764,2010,M,86.7,5.1
764,2020,M,83.8,7.0
418,2010,F,25.2,
418,2020,F,..,2.6
418,2010,M,74.8,1.1
418,2020,M,72.5,2.6
"""
WORDS = ["--title", "Women hold 26.7 % of the seats, 2020", "--source", "IPU, copy of 2021"]
WOMEN = ["--where", "SEX=F"]
NEWEST = ["--where", "TIME_PERIOD=2020"]
CALLS = {
    "lines": ["--x", "TIME_PERIOD", "--series", "REF_AREA", *WOMEN],
    "small-multiples": ["--x", "TIME_PERIOD", "--series", "REF_AREA", *WOMEN],
    "slope": ["--x", "TIME_PERIOD", "--series", "REF_AREA", *WOMEN],
    "bars": ["--x", "REF_AREA", *WOMEN, *NEWEST],
    "dumbbell": ["--x", "REF_AREA", "--series", "SEX", *NEWEST],
    "strip": ["--x", "REF_AREA", "--series", "SEX", *NEWEST],
    "beeswarm": ["--x", "REF_AREA", *WOMEN, *NEWEST],
    "scatter": ["--x", "GDP", "--series", "REF_AREA", *WOMEN, *NEWEST],
    "heat-map": ["--x", "TIME_PERIOD", "--series", "REF_AREA", *WOMEN],
    "map": ["--x", "REF_AREA", "--region", "035", *WOMEN, *NEWEST],
    "tiles": ["--x", "REF_AREA", "--region", "035", *WOMEN, *NEWEST],
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "figures.csv").write_text(FIGURES, encoding="utf-8")
    return tmp_path


def run(kind, *more, source="figures.csv", words=WORDS, given=None, **options):
    call = [kind, source, "--y", "OBS_VALUE", *(CALLS[kind] if given is None else given)]
    return CliRunner().invoke(chart, [*call, *words, *more], **options)


def spec_of(kind, *more, **options):
    done = run(kind, *more, "-o", "-", **options)
    assert done.exit_code == 0, done.output + repr(done.exception)
    return json.loads(done.stdout)


def texts(spec):
    layers = spec.get("layer", [])
    rows = [row for layer in layers for row in layer["data"]["values"] if isinstance(row, dict)]
    return " ".join(str(row["text"]) for row in rows if "text" in row)


def faults(kind, *more, **options):
    done = run(kind, *more, "-o", "out.svg", **options)
    assert isinstance(done.exception, InputError), done.output
    return [str(problem) for problem in done.exception.problems]


def test_every_kind_has_a_call_here():
    assert set(CALLS) == {*KINDS, *MAPS}


@pytest.mark.parametrize("kind", CALLS)
def test_each_kind_is_drawn(place, kind):
    done = run(kind, "-o", "out.json", "-o", "out.png", "--focus", "704", "--target", "50")
    assert done.exit_code == 0, done.output + repr(done.exception)
    assert done.stdout == ""
    assert done.stderr.splitlines()[-2:] == ["written: out.json", "written: out.png"]
    assert json.loads((place / "out.json").read_text())["description"] == WORDS[1]
    assert (place / "out.png").read_bytes()[1:4] == b"PNG"


@pytest.mark.parametrize("kind", CALLS)
def test_help_of_each_kind_has_an_example(kind):
    done = CliRunner().invoke(chart, [kind, "--help"])
    assert done.exit_code == 0
    assert f"everycount chart {kind} figures.csv" in done.output


def test_areas_are_named_in_the_language(place):
    assert "Việt Nam 26,7" in texts(spec_of("lines", "--language", "vi"))
    assert "فييت نام" in texts(spec_of("bars", "--language", "ar"))


def test_summary_says_what_was_written(place):
    done = run("map", "-o", "a.svg", "-o", "b.pdf", "--json")
    assert json.loads(done.stdout) == {
        "kind": "map",
        "figures": 3,
        "not_on_the_map": [],
        "written": ["a.svg", "b.pdf"],
        "warnings": [],
    }


def test_specification_goes_to_standard_output_alone(place):
    done = run("bars", "-o", "-")
    assert json.loads(done.stdout)["width"] > 0
    assert done.stderr == ""


def test_figures_from_standard_input(place):
    assert "27.5" not in texts(spec_of("bars", source="-", input=FIGURES))


def test_observations_of_a_known_format(place):
    sdmx = (
        "DATAFLOW,REF_AREA,INDICATOR,SEX,AGE,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\n"
        "X:Y(1.0),704,SEATS,F,_T,2020,26.7,PT\nX:Y(1.0),764,SEATS,F,_T,2020,16.2,PT\n"
    )
    (place / "sdmx.csv").write_text(sdmx)
    spec = spec_of("bars", "--from", "sdmx-csv", source="sdmx.csv", given=["--x", "REF_AREA"])
    assert "Viet Nam" in texts(spec)


def test_size_of_the_picture(place):
    for size, pixels in (("square", (1080, 1080)), ("800x500", (800, 500))):
        assert run("bars", "-o", "out.png", "--size", size).exit_code == 0
        assert struct.unpack(">LL", (place / "out.png").read_bytes()[16:24]) == pixels


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--size", "big"], "found 'big', expected landscape, square, or two sizes from 200"),
        (["--size", "10x9000"], "found '10x9000'"),
        (["--target", "half"], "found 'half', expected a number, or a band"),
        (["--target", "53:47"], "found '53:47'"),
        (["--title", " "], "a picture needs a title and a source"),
    ],
)
def test_options_that_say_nothing_are_refused(place, options, words):
    done = run("bars", *options, "-o", "out.png")
    assert done.exit_code == 2
    assert words in done.output


def test_breaks_are_those_given(place):
    spec = spec_of("map", "--breaks", "10,20.5")
    assert spec["layer"][0]["encoding"]["fill"]["condition"]["scale"]["domain"] == [0, 1, 2]
    done = run("map", "--breaks", "10;20", "-o", "out.svg")
    assert done.exit_code == 2
    assert "found '10;20', expected numbers such as 10,20,30" in done.output
    assert faults("map", "--breaks", "20,10") == [
        "the figures: found breaks: found [20.0, 10.0], expected one to four, ascending, "
        "expected figures that this chart can show"
    ]


def test_every_fault_of_the_output_is_told_at_once(place):
    done = run("bars", "-o", "a.gif", "-o", "none/b.png")
    assert [problem.where for problem in done.exception.problems] == ["a.gif", "none/b.png"]
    done = run("bars", "-o", "b.png", "-o", "b.png")
    assert [problem.found for problem in done.exception.problems] == ["a name given twice"]
    assert list(place.glob("*.png")) == []


def test_every_fault_of_the_columns_is_told_at_once(place):
    found = faults("bars", "--where", "AGE=Y", "--where", "x", given=["--x", "AREA"])
    shown = "expected one of REF_AREA, TIME_PERIOD, SEX, OBS_VALUE, GDP"
    assert found == [
        "--where: found 'x', expected COLUMN=VALUE",
        f"--x: found no column 'AREA', {shown}",
        f"--where: found no column 'AGE', {shown}",
        f"--where: found no column 'x', {shown}",
    ]


def test_rows_that_fit_nothing_are_told_with_what_there_is(place):
    given = ["--x", "REF_AREA", "--where", "SEX=X", "--where", "TIME_PERIOD=2020"]
    assert faults("bars", given=given) == [
        "--where: found no row that fits all of them (SEX holds F, M; TIME_PERIOD holds 2010, "
        "2020), expected a value that is there"
    ]


def test_cells_that_are_no_numbers_and_figures_that_stand_twice(place):
    (place / "odd.csv").write_text("a,v\nA,1\nB,x\nA,2\nC,1_0\nD,inf\nE,\n")
    done = run("bars", "-o", "o.svg", source="odd.csv", given=["--x", "a", "--y", "v"])
    assert [str(problem) for problem in done.exception.problems] == [
        "row 3, v: found 'x', expected a number such as 26.7, or nothing",
        "row 4: found A again, as in row 2, expected one figure: choose rows by "
        "--where COLUMN=VALUE",
        "row 5, v: found '1_0', expected a number such as 26.7, or nothing",
        "row 6, v: found 'inf', expected a number such as 26.7, or nothing",
    ]
    (place / "dots.csv").write_text("a,v,n\nx,1,A\n2,3,B\n2,3,B\n")
    given = ["--x", "a", "--y", "v", "--series", "n"]
    done = run("scatter", "-o", "o.svg", source="dots.csv", given=given)
    assert [problem.where for problem in done.exception.problems] == ["row 2, a"]


def test_file_without_rows_is_refused(place):
    (place / "empty.csv").write_text("a,v\n")
    done = run("bars", "-o", "o.svg", source="empty.csv", given=["--x", "a", "--y", "v"])
    assert isinstance(done.exception, InputError)
    assert isinstance(run("bars", "-o", "o.svg", source="none.csv").exception, NotFound)


def test_more_than_five_lines_need_some_to_pick_out(place):
    rows = [f"{area},{year},{n}" for n, area in enumerate("ABCDEFG") for year in (2001, 2002)]
    (place / "many.csv").write_text("\n".join(["a,t,v", *rows, ""]))
    given = ["--x", "t", "--y", "v", "--series", "a"]
    done = run("lines", "-o", "o.svg", source="many.csv", given=given)
    assert [str(problem) for problem in done.exception.problems] == [
        "--series: found 7 series, expected one to five, or --focus with as many; more are "
        "small-multiples"
    ]
    spec = spec_of("lines", "--focus", "B", source="many.csv", given=given)
    assert "B 1.0" in texts(spec)
    assert "C 2.0" not in texts(spec)


def test_women_and_men_have_their_names_and_colours(place):
    given = ["--x", "TIME_PERIOD", "--series", "SEX", "--where", "REF_AREA=704"]
    spec = spec_of("lines", given=given)
    assert "Women 26.7" in texts(spec)
    assert "#5b2a86" in json.dumps(spec)


def test_dumbbell_of_two_dates_and_of_another_number_of_ends(place):
    dates = ["--x", "REF_AREA", "--series", "TIME_PERIOD", *WOMEN]
    assert "2010" in texts(spec_of("dumbbell", given=dates))
    one = ["--x", "REF_AREA", "--series", "SEX", *WOMEN, *NEWEST]
    assert faults("dumbbell", given=one) == [
        "--series: found 1 values (F), expected two, for the ends of each line"
    ]


def test_map_tells_areas_that_it_does_not_show(place):
    rows = "".join(f"X{number},{number}\n" for number in range(11))
    (place / "areas.csv").write_text(f"a,v\nVNM,26.7\nMLT,\n{rows}")
    given = ["--x", "a", "--y", "v", "--areas", "iso3"]
    for kind in MAPS:
        done = run(kind, "-o", "o.svg", source="areas.csv", given=given)
        assert done.exit_code == 0, repr(done.exception)
        assert done.stderr.startswith("not on the map: 11 of 13 areas (X0, X1, X10, X2")
        assert "X8 …)" in done.stderr
    (place / "few.csv").write_text("a,v\nVNM,26.7\nX0,1\n")
    done = run("map", "-o", "o.svg", source="few.csv", given=given)
    assert done.stderr.startswith("not on the map: 1 of 2 areas (X0)\n")


def test_map_of_own_shapes_and_its_tiles(place):
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    features = [
        {"type": "Feature", "properties": {"c": code}, "geometry": {
            "type": "Polygon", "coordinates": [[[x + east, y] for x, y in square]]}}
        for code, east in (("N1", 0), ("N2", 1))
    ]  # fmt: skip
    (place / "own.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (place / "own.csv").write_text("a,v\nN1,1\nN2,60\n")
    (place / "layout.csv").write_text("unit,column,row\nN1,0,0\nN2,0,1\n")
    given = ["--x", "a", "--y", "v"]
    shapes = ["--geometry", "own.json", "--code", "c"]
    assert len(spec_of("map", *shapes, source="own.csv", given=given)["layer"][0]["data"]) == 2
    tiles = spec_of("tiles", *shapes, source="own.csv", given=given)
    assert tiles["width"] > tiles["height"]
    tiles = spec_of("tiles", "--layout", "layout.csv", source="own.csv", given=given)
    assert tiles["width"] < tiles["height"]
    done = run("map", *shapes, "-o", "own.json", source="own.csv", given=given)
    assert [problem.found for problem in done.exception.problems] == [
        "a file or folder that is read"
    ]


def test_map_of_a_region_by_iso3_and_of_no_region(place):
    (place / "iso.csv").write_text("a,v\nVNM,26.7\nTHA,16\n")
    given = ["--x", "a", "--y", "v", "--areas", "iso3"]
    spec = spec_of("map", "--region", "035", source="iso.csv", given=given)
    assert len(spec["layer"][0]["data"]["values"]["objects"]["areas"]["geometries"]) == 10
    assert faults("map", "--region", "XX", source="iso.csv", given=given) == [
        "--region: found 'XX', a region with none of the areas of the map, expected the code of "
        "a region (M49), such as 035 for South-eastern Asia"
    ]


def test_map_without_figures_is_refused(place):
    (place / "none.csv").write_text("a,v\nVNM,\n")
    given = ["--x", "a", "--y", "v", "--areas", "iso3"]
    assert faults("map", source="none.csv", given=given) == [
        "--y: found no figures, expected one figure at least"
    ]


def test_letters_that_no_font_has_are_told_once(place):
    done = run("bars", "-o", "a.svg", "-o", "b.png", words=["--title", "中国", "--source", "S"])
    assert done.exit_code == 0
    assert done.stderr.splitlines()[0] == ("中国: no font has 中 国, so they print as empty boxes")
    assert done.stderr.count("no font has") == 1


def test_words_that_leave_no_room_for_the_chart(place):
    words = ["--title", "Women hold a quarter of the seats " * 80, "--source", "S"]
    assert faults("bars", "--size", "landscape", words=words) == [
        "--size: found a picture of 1200 by 630: its words leave no room for the chart, "
        "expected a larger picture, or fewer words"
    ]


def test_what_a_chart_refuses_is_told_as_a_fault(place):
    (place / "years.csv").write_text("t,v,n\nyesterday,1,A\n2001,2,A\n")
    given = ["--x", "t", "--y", "v"]
    assert faults("lines", source="years.csv", given=given)[0].startswith("the figures: found ")
