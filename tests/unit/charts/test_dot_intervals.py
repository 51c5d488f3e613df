import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.dot_intervals import (
    Everybody,
    GroupEstimate,
    Measure,
    Words,
    alt,
    dot_intervals,
)

TEXT = "{http://www.w3.org/2000/svg}text"
OLD, YOUNG = "Age 35–49", "Age 15–24"
WOMEN = Everybody(words="all women", estimate=0.606)


def row(name, share, panel="", flag="", half=0.03):
    ends = {"estimate": share, "low": share - half, "high": share + half}
    return GroupEstimate(name=name, panel=panel, flag=flag, **({} if flag == "hidden" else ends))


ROWS = [
    row("Poorest fifth", 0.956, OLD),
    row("Richest fifth", 0.439, OLD, "few"),
    row("Poorest fifth", 0.575, YOUNG, "modelled"),
    row("Richest fifth", 0.153, YOUNG, "hidden"),
]


def drawn(rows, **options):
    return render.svg(dot_intervals(rows, title="Cannot read", **options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def placed(spec, text):
    """The y of each time that a text stands in the drawing."""
    return [
        value["y"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text"
        for value in layer["data"]["values"]
        if value["text"] == text
    ]


def test_rows_stand_under_the_heading_of_their_panel_as_it_first_appears():
    mixed = [ROWS[2], ROWS[0], ROWS[1]]
    spec = dot_intervals(mixed, title="T")
    heads = [placed(spec, head)[0] for head in (YOUNG, OLD)]
    assert heads[0] < placed(spec, "Poorest fifth")[0] < heads[1]
    assert heads[1] < placed(spec, "Poorest fifth")[1] < placed(spec, "Richest fifth")[0]


def test_plain_few_and_modelled_groups_differ_in_more_than_colour():
    svg = drawn(ROWS)
    found = words(svg)
    assert {"95.6", "(43.9)", "57.5 e"} <= set(found)
    assert svg.count('stroke-width="9"') == 2  # solid intervals
    hollow = '" fill="var(--surface)" stroke="var(--c-1)" stroke-width="1.6"'
    assert svg.count(hollow) == 2  # the dot and the key
    assert svg.count('opacity="0.5"') == 1  # the dashed interval
    assert {"hollow, in brackets: few cases", "dashed, e: modelled"} <= set(found)


def test_interval_is_named_and_its_ends_are_printed():
    found = words(drawn(ROWS))
    assert "bar: 95 % interval" in found
    assert "92.6 to 98.6" in found


def test_key_has_only_what_there_is():
    assert words(drawn([row("Rural", 0.2)]))[:1] == ["bar: 95 % interval"]
    bare = drawn([GroupEstimate(name="Rural", estimate=0.2)])
    assert not any("interval" in word for word in words(bare))
    modelled = words(drawn([row("Rural", 0.2, flag="modelled")]))
    assert "bar: 95 % interval" not in modelled


def test_hidden_group_is_not_shown_and_its_row_has_no_mark():
    svg = drawn([row("Rural", 0.2, flag="hidden")])
    assert "not shown" in words(svg)
    assert "var(--c-1)" not in svg


def test_group_without_a_figure_says_so():
    assert "no figure" in words(drawn([GroupEstimate(name="Nomads")]))


def test_everybody_has_a_dashed_line_in_each_panel_and_a_place_in_the_key():
    svg = drawn(ROWS, everybody=WOMEN)
    assert (
        svg.count('fill="var(--muted)"')
        - len(
            [node for node in ET.fromstring(svg).iter(TEXT) if node.get("fill") == "var(--muted)"]
        )
        == 2 + 1
    )
    assert "all women: 60.6 %" in words(svg)


@pytest.mark.parametrize(
    ("people", "token"), [("all", "--c-1"), ("women", "--c-women"), ("men", "--c-men")]
)
def test_people_have_a_colour_and_men_a_shape_of_their_own(people, token):
    assert f"var({token})" in drawn(ROWS, people=people)
    spec = dot_intervals(ROWS[:1], title="T", people=people)
    shapes = {layer["mark"].get("shape") for layer in spec["layer"]}
    assert ("diamond" in shapes) is (people == "men")


def test_interval_of_a_share_is_drawn_within_the_axis():
    spec = dot_intervals([row("Rural", 0.98, half=0.05)], title="T")
    spans = [layer for layer in spec["layer"] if "low" in str(layer["data"]["values"][:1])]
    assert spans[0]["data"]["values"][0]["high"] == 100
    assert "93.0 to 103.0" in words(render.svg(spec))


def test_short_interval_is_not_hidden_by_its_dot():
    spec = dot_intervals([row("Rural", 0.5, half=0.001)], title="T")
    dot = next(layer["mark"] for layer in spec["layer"] if layer["mark"].get("size") == 50)
    bar = next(layer["mark"] for layer in spec["layer"] if layer["mark"].get("opacity") == 0.35)
    assert bar["strokeWidth"] > 2 * (dot["size"] / 3.1416) ** 0.5


def test_narrow_chart_keeps_intervals_for_the_table_and_sets_long_names_above():
    long = "Women of the western highlands who migrated, without schooling"
    rows = [row(long, 0.2), row("Urban", 0.9)]
    narrow = dot_intervals(rows, title="T", width=328)
    found = words(render.svg(narrow))
    assert "17.0 to 23.0" not in found
    assert "17.0 to 23.0" in words(drawn(rows))
    assert "20.0" in found
    figure, name = placed(narrow, "20.0")[0], placed(narrow, "Urban")[0]
    assert figure < name < placed(narrow, "90.0")[0]  # a name stands over its own figure


def test_short_names_stand_beside_their_rows_on_a_narrow_chart_too():
    narrow = dot_intervals([row("Urban", 0.9)], title="T", width=328)
    assert placed(narrow, "Urban") == placed(narrow, "90.0")


def test_wide_figures_leave_out_the_intervals_before_they_squeeze_the_drawing():
    measure = Measure(kind="number", decimals=3)
    rows = [GroupEstimate(name="R", estimate=1.1e12, low=1e12, high=1.2e12)]
    found = words(render.svg(dot_intervals(rows, title="T", measure=measure, width=480)))
    assert "1,100,000,000,000.000" in found
    assert not any(" to " in word for word in found)


def test_tall_chart_has_the_numbers_of_its_axis_above_too():
    assert words(drawn([row(f"R{k}", 0.5) for k in range(4)])).count("20") == 1
    assert words(drawn([row(f"R{k}", 0.5) for k in range(40)])).count("20") == 2


def test_axis_ends_where_the_measure_says_and_has_the_unit():
    rows = [GroupEstimate(name="R", estimate=655)]
    school = Measure(kind="number", unit="points", ends=(600, 700), decimals=0)
    found = words(drawn(rows, measure=school))
    assert {"600", "700", "points"} <= set(found)
    assert "100 %" in words(drawn([row("R", 0.9)]))
    assert "" not in words(drawn(rows, measure=Measure(kind="number")))


def test_words_in_another_language():
    told = Words(interval="khoảng tin cậy 95 %", bar="thanh: {interval}", span="{low} đến {high}")
    spec = dot_intervals(
        ROWS,
        title="T",
        words=told,
        measure=Measure(decimal_mark=","),
        description="Bốn nhóm.",
    )
    found = words(render.svg(spec))
    assert spec["description"] == "Bốn nhóm."
    assert {"thanh: khoảng tin cậy 95 %", "92,6 đến 98,6", "(43,9)"} <= set(found)


def test_alt_names_extremes_everybody_and_what_is_marked():
    assert alt(ROWS, title="Women who cannot read", everybody=WOMEN) == (
        "Women who cannot read. 4 groups. Highest: Age 35–49, Poorest fifth, 95.6 % (95 % interval "
        "92.6 to 98.6). Lowest: Age 35–49, Richest fifth, 43.9 %, few cases (95 % interval 40.9 to "
        "46.9). All women 60.6 %. Few cases: Age 35–49, Richest fifth. Modelled: Age 15–24, "
        "Poorest fifth. Not shown: Age 15–24, Richest fifth."
    )


def test_alt_of_one_and_of_no_figure():
    one = GroupEstimate(name="Rural", estimate=2.5)
    years = Measure(kind="number", unit="years")
    assert alt([one], title="T", measure=years) == "T. 1 group. Rural, 2.5 years."
    none = GroupEstimate(name="Nomads")
    assert alt([none], title="T") == "T. 1 group. No figure: Nomads."


def test_alt_counts_what_it_does_not_name():
    rows = [row(f"R{k}", 0.5, flag="hidden") for k in range(5)]
    assert alt(rows, title="T").endswith("Not shown: R0; R1; R2 and 2 more.")


def test_description_is_that_of_alt_unless_given():
    assert dot_intervals(ROWS, title="T")["description"] == alt(ROWS, title="T")


def test_no_groups_are_refused():
    with pytest.raises(ValueError, match="at least one group"):
        dot_intervals([], title="T")


def test_shares_in_per_cent_are_refused():
    with pytest.raises(ValueError, match="Rural: found a share of 44, expected 0 to 1"):
        dot_intervals([GroupEstimate(name="Rural", estimate=44)], title="T")
    with pytest.raises(ValueError, match=r"all: found a share of 60\.6"):
        dot_intervals(ROWS, title="T", everybody=Everybody(words="all", estimate=60.6))
