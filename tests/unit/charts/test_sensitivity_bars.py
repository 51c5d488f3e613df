import xml.etree.ElementTree as ET
from math import nan

import pytest

from everycount.charts import render
from everycount.charts.sensitivity_bars import Sensitivity, Words, alt, sensitivity_bars

TEXT = "{http://www.w3.org/2000/svg}text"


def row(name, first, total):
    return Sensitivity(
        name=name,
        **dict(zip(("first_low", "first", "first_high"), first, strict=True)),
        **dict(zip(("total_low", "total", "total_high"), total, strict=True)),
    )


WEIGHTS = row("Weights", (-0.31, -0.05, 0.17), (0.17, 0.23, 0.31))
MEAN = row("Aggregation", (0.05, 0.42, 0.79), (0.4, 0.55, 0.66))
STILL = row("Coverage", (nan,) * 3, (nan,) * 3)


def drawn(rows, **options):
    return render.svg(sensitivity_bars(rows, title="Shift", **options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def test_each_assumption_has_two_marks_with_intervals_and_figures():
    svg = drawn([WEIGHTS, MEAN])
    assert svg.count('fill="var(--c-1)"') == 2 + 1  # and one in the key
    assert svg.count('fill="var(--surface)"') == 2 + 1
    assert svg.count('stroke-width="2.5"') == 4
    assert {"−0.05 (−0.31 to 0.17)", "0.55 (0.40 to 0.66)"} <= set(words(svg))


def test_axis_holds_zero_one_and_negative_ends():
    numbers = [word for word in words(drawn([WEIGHTS])) if word.replace("−", "").isdecimal()]
    assert {"0", "1"} <= set(numbers)
    assert "−0.4" in words(drawn([WEIGHTS]))
    assert "−0.4" not in words(drawn([MEAN]))
    assert drawn([MEAN]).count('stroke="var(--ink)"') == 1  # zero


def test_result_that_does_not_vary_has_words_for_a_mark():
    svg = drawn([MEAN, STILL], words=Words(none="nothing varies"))
    assert "nothing varies" in words(svg)
    assert svg.count('stroke-width="2.5"') == 2
    assert not any("nan" in word for word in words(svg))


def test_narrow_chart_has_names_above_and_no_figures():
    svg = drawn([WEIGHTS, MEAN], width=360)
    assert 'viewBox="0 0 360' in svg
    assert {"Weights", "Aggregation"} <= set(words(svg))
    assert not any("(−0.31" in word for word in words(svg))
    assert svg.count('stroke="var(--surface)"') == 2  # the ground of the names


def test_alt_says_what_matters_most_and_what_is_not_told_from_zero():
    assert alt([WEIGHTS, MEAN], title="Shift") == (
        "Shift. Most comes from Aggregation: 0.55 of the variance with the others (0.40 to 0.66), "
        "0.42 alone (0.05 to 0.79). Alone not told from zero: Weights."
    )
    assert alt([MEAN], title="Shift").endswith("0.42 alone (0.05 to 0.79).")
    assert alt([STILL], title="Shift") == "Shift. The result does not vary."
    assert sensitivity_bars([MEAN], title="S", description="Một.")["description"] == "Một."


def test_no_assumptions_are_refused():
    with pytest.raises(ValueError, match="at least one assumption"):
        sensitivity_bars([], title="Shift")
