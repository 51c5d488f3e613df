import re
import xml.etree.ElementTree as ET
from math import nan

import pytest

from everycount.charts import render
from everycount.charts.choices import Choice, Words, alt, choices

TEXT = "{http://www.w3.org/2000/svg}text"

ROWS = [
    Choice(assumption="Mean", option="geometric", shift=2.0),
    Choice(assumption="Gaps", option="left empty", shift=0.0),
    Choice(assumption="Mean", option="harmonic", shift=4.0),
    Choice(assumption="Gaps", option="of the region", shift=nan),
]


def drawn(rows, **options):
    return render.svg(choices(rows, title="One at a time", **options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def test_bars_are_as_long_as_their_shifts():
    lengths = [
        float(x)
        for x in re.findall(r'd="M0,[\d.]+h([\d.]+)v11[^"]*" fill="var\(--c-1\)"', drawn(ROWS))
    ]
    assert len(lengths) == 3
    assert lengths[1] == pytest.approx(2 * lengths[0], abs=0.2)
    assert lengths[2] == 0


def test_options_stand_under_their_assumptions_with_their_shifts():
    found = words(drawn(ROWS, decimals=2))
    rest = found[found.index("2.00") :]
    assert rest == [
        "2.00", "4.00", "0.00", "could not be built",
        "geometric", "harmonic", "left empty", "of the region", "Mean", "Gaps",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [360, 720])
def test_chart_is_as_wide_as_asked_for(width):
    svg = drawn(ROWS, width=width, words=Words(axis="bậc", none="không"))
    assert f'viewBox="0 0 {width} ' in svg
    assert {"bậc", "không"} <= set(words(svg))


def test_choices_that_all_failed_have_an_axis():
    assert "could not be built" in words(drawn(ROWS[3:]))


def test_alt_names_the_most_the_least_and_the_failed():
    assert alt(ROWS, title="Choices") == (
        "Choices. Ranks move most with Mean: harmonic, 4.0 places on average, and least with "
        "Gaps: left empty, 0.0. Could not be built: Gaps: of the region."
    )
    assert alt(ROWS[:1], title="C", decimals=0) == (
        "C. Ranks move most with Mean: geometric, 2 places on average."
    )
    assert alt(ROWS[3:], title="C") == "C. Could not be built: Gaps: of the region."
    assert choices(ROWS, title="C", description="Ba.")["description"] == "Ba."


def test_no_options_are_refused():
    with pytest.raises(ValueError, match="at least one option"):
        choices([], title="C")


def test_negative_shift_is_refused():
    with pytest.raises(ValueError, match="found a negative shift, expected 0 or more"):
        choices([Choice(assumption="A", option="b", shift=-1.0)], title="C")
