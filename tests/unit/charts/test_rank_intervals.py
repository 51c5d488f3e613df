import re
import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.rank_intervals import RankInterval, Words, alt, rank_intervals

TEXT = "{http://www.w3.org/2000/svg}text"


def row(name, nominal, low, high, median=None):
    middle = (low + high) / 2 if median is None else median
    return RankInterval(name=name, nominal=nominal, median=middle, low=low, high=high)


ROWS = [row("Denmark", 3, 3, 32), row("Norway", 1, 1, 1), row("Finland", 2, 2, 2)]
AWAY = row("Chad", 30, 31, 40)


def drawn(rows, **options):
    return render.svg(rank_intervals(rows, **{"title": "Ranks", "places": 129} | options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def test_rows_are_sorted_by_nominal_rank_and_name():
    tied = [*ROWS, row("Austria", 3, 2, 5)]
    assert [word for word in words(drawn(tied)) if word and word[0] in "NFDA"] == [
        "Norway", "Finland", "Austria", "Denmark",
    ]  # fmt: skip


def test_each_unit_has_an_interval_a_median_and_a_nominal_rank():
    svg = drawn(ROWS)
    assert svg.count('stroke="var(--c-1)"') == 3
    assert svg.count('stroke-width="5"') == 3
    assert svg.count('fill="var(--c-1)"') == 3 + 2  # and two in the key
    assert {"1–1", "2–2", "3–32"} <= set(words(svg))
    assert words(svg).count("129") == 2  # the axis above and below


def test_rank_outside_its_interval_has_another_mark_a_line_and_a_bold_name():
    inside, away = drawn(ROWS), drawn([*ROWS, AWAY])
    assert "var(--c-2)" not in inside
    assert "outside" not in " ".join(words(inside))
    assert away.count('fill="var(--c-2)"') == 2  # one in the key
    assert away.count('stroke="var(--c-2)"') == 1
    bold = [node.text for node in ET.fromstring(away).iter(TEXT) if "font-weight" in node.attrib]
    assert bold == ["Chad"]


def test_narrow_chart_cuts_names_and_keeps_figures_for_the_table():
    name = "United Kingdom of Great Britain and Northern Ireland"
    narrow = words(drawn([row(name, 14, 6, 18)], width=360))
    assert any(re.fullmatch("United Kingdom of Gr.*…", word) for word in narrow)
    assert "6–18" not in narrow
    assert name in words(drawn([row(name, 14, 6, 18)]))


def test_chart_is_as_wide_as_asked_for():
    for width in (360, 720):
        root = ET.fromstring(drawn([*ROWS, AWAY], width=width))
        assert root.attrib["viewBox"].split()[2] == str(width)


def test_part_of_the_rows_keeps_the_axis_of_all():
    whole, part = (rank_intervals(rows, title="R", places=129) for rows in (ROWS, ROWS[:1]))
    grid = [spec["layer"][5]["data"]["values"] for spec in (whole, part)]
    assert [line["x"] for line in grid[0]] == [line["x"] for line in grid[1]]


def test_ranking_of_one_has_an_axis():
    assert words(drawn([row("Norway", 1, 1, 1)], places=1)).count("1") == 3


def test_129_units_stay_under_120_kilobytes():
    rows = [row(f"Area {k}", k, max(1, k - 9), min(129, k + 9)) for k in range(1, 130)]
    svg = drawn(rows)
    assert len(svg.encode()) < 120_000
    assert set(map(str, range(1, 130))) <= set(words(svg))


def test_words_and_description_in_another_language():
    spec = rank_intervals(
        ROWS, title="R", places=9 * 9, words=Words(median="trung vị"), description="Thứ hạng."
    )
    assert spec["description"] == "Thứ hạng."
    assert "trung vị" in words(render.svg(spec))


def test_alt_names_the_widest_and_who_is_outside():
    assert alt([*ROWS, AWAY], title="Ranks of 4") == (
        "Ranks of 4. Interval: 5 to 95 % of the builds. Half of the units span 4.5 places or "
        "fewer, the widest is Denmark, 3 to 32. Outside its interval: Chad (30)."
    )
    assert alt(ROWS, title="Ranks").endswith("No nominal rank is outside.")
    many = [row(f"U{k}", k, k + 1, k + 2) for k in range(1, 9)]
    assert alt(many, title="R").endswith("U1 (1), U2 (2), U3 (3), U4 (4), U5 (5) and 3 more.")


def test_no_units_are_refused():
    with pytest.raises(ValueError, match="at least one unit"):
        rank_intervals([], title="R", places=3)


@pytest.mark.parametrize("high", [130, float("nan")])
def test_rank_off_the_axis_is_refused(high):
    with pytest.raises(ValueError, match=r"Chad: found ranks .*, expected 1 to 129"):
        rank_intervals([row("Chad", 1, 1, high, median=1)], title="R", places=129)
