import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.importance import Importance, Words, alt, importance

TEXT = "{http://www.w3.org/2000/svg}text"

ROWS = [
    Importance(name="Literacy", group="Education", weight=0.25, importance=0.3),
    Importance(name="Pay", group="Work", weight=0.25, importance=0.6, is_flagged=True),
    Importance(name="Schooling", group="Education", weight=0.25, importance=0.12),
    Importance(name="Leave", group="Work", weight=0.25),
]


def drawn(rows, **options):
    return render.svg(importance(rows, title="Weights", **options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def test_nodes_stand_under_their_parents():
    found = words(drawn(ROWS))
    names = {"Education", "Work", *(row.name for row in ROWS)}
    assert [word for word in found if word in names] == [
        "Literacy", "Schooling", "Leave", "Pay", "Education", "Work",
    ]  # fmt: skip
    ys = {
        layer["text"]: layer["y"]
        for spec in importance(ROWS, title="W")["layer"]
        for layer in spec["data"]["values"]
        if layer.get("text") in names
    }
    assert sorted(ys, key=ys.get) == ["Education", "Literacy", "Schooling", "Work", "Pay", "Leave"]


def test_disagreement_is_a_diamond_and_a_bold_name():
    svg = drawn(ROWS)
    assert svg.count('fill="var(--c-1)"') == 2 + 1  # and one in the key
    assert svg.count('fill="var(--c-2)"') == 1 + 1
    bold = [node.text for node in ET.fromstring(svg).iter(TEXT) if "font-weight" in node.attrib]
    assert bold == ["Pay", "Education", "Work"]
    plain = drawn(ROWS[:1])
    assert "var(--c-2)" not in plain
    assert "importance far from the weight" not in words(plain)


def test_importance_not_found_is_not_drawn():
    svg = drawn(ROWS)
    assert "25.0 % → ?" in words(svg)
    assert svg.count('stroke="var(--c-other)"') == 3
    assert svg.count('fill="var(--ink)"') == 4 + 1 + 4 + 2  # weights and key; names and headings


def test_negative_share_is_on_the_axis():
    row = Importance(name="Pay", group="", weight=0.25, importance=-0.05)
    found = words(drawn([row]))
    assert "−5 %" in found or "−10 %" in found
    assert "25.0 % → −5.0 %" in found


def test_narrow_chart_keeps_figures_for_the_table():
    svg = drawn(ROWS, width=360, words=Words(weight="trọng số"))
    assert 'viewBox="0 0 360' in svg
    assert not any("→" in word for word in words(svg))
    assert "trọng số" in words(svg)


def test_alt_names_the_ends_and_the_flagged():
    assert alt(ROWS, title="Weights") == (
        "Weights. Pay has the most importance beside its weight: 25.0 % → 60.0 %; "
        "Schooling the least: 25.0 % → 12.0 %. Flagged: Pay."
    )
    assert alt(ROWS[3:], title="Weights") == "Weights. No importance could be found."
    many = [
        Importance(name=f"N{k}", group="", weight=0.1, importance=0.5, is_flagged=True)
        for k in range(7)
    ]
    assert alt(many, title="W").endswith("Flagged: N0, N1, N2, N3, N4 and 2 more.")
    assert importance(ROWS, title="W", description="Hai.")["description"] == "Hai."


def test_no_nodes_are_refused():
    with pytest.raises(ValueError, match="at least one node"):
        importance([], title="Weights")
