import json
import re

import pytest

from everycount.charts.interactive import browser_bundle, bundle_name, data_block, interactive
from everycount.charts.theme import CONFIG, INK, MISSING

SPEC = {
    "description": "Two bars </script><!--",
    "config": CONFIG,
    "layer": [
        {"data": {"values": [{"x": 1, "tip": "One: 1"}]}, "mark": {"type": "bar"}, "encoding": {}},
        {"data": {"values": [{"x": 1}]}, "mark": {"type": "rule", "color": INK}, "encoding": {}},
        {"data": {"values": {"type": "Topology"}}, "mark": "geoshape", "encoding": {}},
    ],
}


def test_marks_with_tips_are_described_and_others_say_nothing():
    made = interactive(SPEC)["spec"]["layer"]
    assert made[0]["encoding"]["tooltip"] == {"field": "tip", "type": "nominal"}
    assert made[0]["encoding"]["description"] == made[0]["encoding"]["tooltip"]
    assert made[1]["mark"] == {
        "type": "rule",
        "color": "var(--ink)",
        "tooltip": None,
        "aria": False,
    }
    assert made[2]["mark"] == "geoshape"


def test_areas_of_a_map_are_described_by_the_table_beside_them():
    lookup = {"lookup": "id", "from": {"data": {"values": []}, "key": "unit", "fields": ["tip"]}}
    layer = {"data": {"values": {}}, "transform": [lookup, {"filter": "true"}], "mark": "geoshape",
             "encoding": {}}  # fmt: skip
    made = interactive({"description": "d", "layer": [layer]})["spec"]["layer"][0]
    assert made["encoding"]["tooltip"]["field"] == "tip"


def test_chart_without_layers_is_one():
    spec = {"description": "d", "data": {"values": [{"name": "A", "figure": "1"}]}, "mark": "bar",
            "encoding": {}}  # fmt: skip
    assert interactive(spec)["spec"]["encoding"]["tooltip"]["field"] == "tip"


def test_tips_are_made_of_name_period_and_figure():
    rows = [
        {"name": "Viet Nam", "period": "2020", "figure": "26.7"},
        {"name": "Viet Nam", "figure": "26.7"},
        {"name": "Viet Nam", "figure": "26.7", "tip": "own"},
        {"name": "nothing else"},
    ]
    spec = {
        "description": "d",
        "layer": [{"data": {"values": rows}, "mark": "bar", "encoding": {}}],
    }
    made = interactive(spec)["spec"]["layer"][0]["data"]["values"]
    assert [row.get("tip") for row in made] == [
        "Viet Nam, 2020: 26.7",
        "Viet Nam: 26.7",
        "own",
        None,
    ]
    assert "tip" not in rows[0]


def test_colours_are_tokens_everywhere():
    text = json.dumps(interactive(SPEC)["spec"])
    assert not re.search("#[0-9a-f]{6}", text)
    tuples = {"description": "d", "mark": {"type": "bar", "range": (MISSING, INK)}}
    assert interactive(tuples)["spec"]["mark"]["range"] == ["url(#hatch)", "var(--ink)"]


def test_chart_without_a_description_is_refused():
    with pytest.raises(ValueError, match="a chart needs a description"):
        interactive({"mark": "bar"})


def test_data_block_cannot_be_ended_by_words_of_a_chart():
    block = data_block(SPEC)
    assert block.count("</script>") == 1
    assert "<!--" not in block
    inside = block.removeprefix('<script type="application/json" class="chart-spec">')
    assert json.loads(inside.removesuffix("</script>"))["options"]["ast"] is True


def test_bundle_is_one_script_named_by_its_digest():
    bundle = browser_bundle()
    assert b"chart-live" in bundle
    assert b"https://cdn" not in bundle
    assert len(bundle) < 1_000_000
    assert re.fullmatch(r"charts\.[0-9a-f]{16}\.js", bundle_name())
