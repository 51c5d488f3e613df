import re
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest

from everycount.charts import render
from everycount.charts.crossing_heat_map import (
    STRENGTHS,
    Cell,
    Words,
    alt,
    crossing_heat_map,
)
from everycount.charts.estimates import Measure
from everycount.charts.theme import FOCUS

TEXT = "{http://www.w3.org/2000/svg}text"
ROWS, COLUMNS = ["Poorest fifth", "Richest fifth"], ["Rural", "Urban"]
CELLS = [
    Cell(row="Poorest fifth", column="Rural", estimate=0.04, flag="few"),
    Cell(row="Richest fifth", column="Rural", estimate=0.61, flag="modelled"),
    Cell(row="Richest fifth", column="Urban", estimate=0.97),
    Cell(row="Poorest fifth", column="Urban", flag="hidden"),
]


def made(cells=CELLS, rows=ROWS, columns=COLUMNS, **options):
    return crossing_heat_map(cells, rows=rows, columns=columns, **{"title": "T"} | options)


def words(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def squares(spec):
    """Strength of each cell under the key, by the left and upper side."""
    return {
        (value["x"], value["y"]): layer["mark"]["opacity"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "rect" and layer["mark"]["color"] == FOCUS
        for value in layer["data"]["values"]
        if value["y"] > 0
    }


def places(spec):
    return {
        value["text"]: (value["x"], value["y"])
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text"
        for value in layer["data"]["values"]
    }


def test_figures_stand_in_their_row_and_column():
    spec = made()
    at = places(spec)
    assert at["(4.0)"][0] == at["61.0 e"][0] == at["Rural"][0]
    assert at["61.0 e"][1] == at["97.0"][1] == at["Richest fifth"][1]
    assert at["97.0"][0] == at["Urban"][0] > at["Rural"][0]


def test_higher_figures_are_stronger():
    cells = [Cell(row="R", column=str(k), estimate=k / 10) for k in range(1, 10)]
    spec = made(cells, rows=["R"], columns=[str(k) for k in range(1, 10)])
    strengths = [strength for _, strength in sorted(squares(spec).items())]
    assert strengths == sorted(strengths)
    assert set(strengths) == set(STRENGTHS)


def test_break_belongs_to_the_class_above_it_and_the_highest_to_the_last():
    cells = [Cell(row="R", column=f"{p}", estimate=p) for p in (0.0, 0.2, 0.19999, 1.0)]
    spec = made(cells, rows=["R"], columns=["0.0", "0.2", "0.19999", "1.0"])
    found = [strength for _, strength in sorted(squares(spec).items())]
    assert found == [STRENGTHS[0], STRENGTHS[1], STRENGTHS[0], STRENGTHS[4]]


def test_breaks_are_round_and_five_at_most():
    cells = [Cell(row="R", column=str(p), estimate=p) for p in (0.09, 0.51)]
    spec = made(cells, rows=["R"], columns=["0.09", "0.51"])
    found = words(spec)
    assert found[: found.index("60 %") + 1] == ["0", "20", "40", "60 %"]


def test_measure_says_where_classes_end():
    one = [Cell(row="R", column="C", estimate=0.3)]
    spec = made(one, rows=["R"], columns=["C"], measure=Measure(ends=(0.0, 1.0)))
    assert "100 %" in words(spec)
    assert list(squares(spec).values()) == [STRENGTHS[1]]


def test_single_class_has_the_middle_strength():
    one = [Cell(row="R", column="C", estimate=0.3)]
    assert list(squares(made(one, rows=["R"], columns=["C"])).values()) == [STRENGTHS[2]]


def test_hidden_cell_is_hatched_without_words_in_it_and_the_key_says_so():
    svg = render.svg(made())
    assert svg.count('fill="url(#hatch)"') == 1 + 1  # and the key
    assert words(made()).count("not shown") == 1


def test_combination_with_nobody_is_blank():
    given = [*CELLS[:3], Cell(row="Poorest fifth", column="Urban")]
    for cells in (CELLS[:3], given):
        spec = made(cells)
        assert "url(#hatch)" not in render.svg(spec)
        assert len(squares(spec)) == 3
        assert "blank: nobody in the sample" in words(spec)


def test_modelled_cell_has_a_dashed_edge():
    plain = [cell for cell in CELLS if cell.flag != "modelled"]
    edges = [
        [layer for layer in made(cells)["layer"] if layer["mark"].get("size") == 4]
        for cells in (plain, CELLS)
    ]
    assert edges[0] == []
    assert len(edges[1][0]["data"]["values"]) == 4


def test_key_has_only_what_there_is():
    full = [Cell(row=row, column=column, estimate=0.5) for row in ROWS for column in COLUMNS]
    found = words(made(full))
    told = Words()
    assert not {told.few, told.modelled, told.hidden, told.nobody} & set(found)
    assert {told.few, told.modelled, told.hidden} <= set(words(made()))


def test_crossing_that_is_hidden_whole_has_no_scale():
    hidden = [Cell(row="R", column="C", flag="hidden")]
    found = words(made(hidden, rows=["R"], columns=["C"]))
    assert found == ["not shown", "C", "R"]


def test_columns_that_do_not_fit_stand_in_bands_of_equal_cells():
    columns = [f"Region {k}" for k in range(12)]
    cells = [Cell(row="R", column=name, estimate=0.5) for name in columns]
    spec = made(cells, rows=["R"], columns=columns, width=328)
    assert words(spec).count("R") > 1
    wide = {
        round(value["x2"] - value["x"], 1)
        for layer in spec["layer"]
        if layer["mark"]["type"] == "rect"
        for value in layer["data"]["values"]
        if value["y"] > 0
    }
    assert max(wide) - min(wide) < 0.2
    assert words(made(cells, rows=["R"], columns=columns)).count("R") < words(spec).count("R")


def test_cells_hold_large_numbers():
    one = [Cell(row="R", column="C", estimate=1234567890123.0)]
    measure = Measure(kind="number", unit="dollars")
    found = words(made(one, rows=["R"], columns=["C"], measure=measure, width=300))
    assert {"1,234,567,890,123.0", "dollars"} <= set(found)
    assert "dollars" not in words(
        made(one, rows=["R"], columns=["C"], measure=Measure(kind="number"))
    )


def test_words_in_another_language():
    spec = made(words=Words(hidden="không hiển thị"), description="Bốn ô.")
    assert spec["description"] == "Bốn ô."
    assert "không hiển thị" in words(spec)


def test_figures_are_legible_on_every_class_in_both_themes():
    style = (files("everycount") / "assets" / "everycount.css").read_text(encoding="utf-8")
    dark = style.split(":root[data-theme=dark]")[1]
    for sheet in (style, dark):
        ink, surface, focus = (_colour(sheet, name) for name in ("--ink", "--surface", "--c-1"))
        for strength in STRENGTHS:
            cell = [strength * f + (1 - strength) * s for f, s in zip(focus, surface, strict=True)]
            bright, deep = sorted((_light(cell), _light(ink)), reverse=True)
            assert (bright + 0.05) / (deep + 0.05) >= 4.5


def _colour(style, name):
    code = re.search(rf"{name}:#([0-9a-f]{{3,6}});", style)[1]
    full = code if len(code) == 6 else "".join(2 * digit for digit in code)
    return [int(full[k : k + 2], 16) / 255 for k in (0, 2, 4)]


def _light(colour):
    """Relative luminance, WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_alt_names_extremes_and_counts_what_is_not_there():
    assert alt(CELLS, rows=ROWS, columns=COLUMNS, title="Electricity") == (
        "Electricity. 2 rows by 2 columns. Highest: Richest fifth, Urban, 97.0 %. Lowest: Poorest "
        "fifth, Rural, 4.0 %, few cases. Cells: 1 few cases, 1 modelled, 1 not shown."
    )
    assert alt(CELLS[1:2], rows=ROWS, columns=["Rural"], title="T") == (
        "T. 2 rows by 1 column. One figure: Richest fifth, Rural, 61.0 %, modelled. Cells: 1 "
        "modelled, 1 blank."
    )
    plain = [Cell(row="R", column=c, estimate=p) for c, p in (("A", 0.1), ("B", 0.2))]
    assert alt(plain, rows=["R"], columns=["A", "B"], title="T").endswith("Lowest: R, A, 10.0 %.")
    hidden = [Cell(row="R", column="A", flag="hidden")]
    assert alt(hidden, rows=["R"], columns=["A"], title="T") == (
        "T. 1 row by 1 column. Cells: 1 not shown."
    )


def test_description_is_that_of_alt_unless_given():
    assert made()["description"] == alt(CELLS, rows=ROWS, columns=COLUMNS, title="T")


@pytest.mark.parametrize(
    ("cells", "rows", "columns", "message"),
    [
        ([], ROWS, COLUMNS, "at least one cell, row and column"),
        (CELLS, [], COLUMNS, "at least one cell, row and column"),
        (CELLS, ROWS, [], "at least one cell, row and column"),
        (CELLS, ROWS[:1], COLUMNS, "Richest fifth, Rural: found no such row and column"),
        (CELLS, ROWS, ["Urban"], "Poorest fifth, Rural: found no such row and column"),
        ([*CELLS, CELLS[0]], ROWS, COLUMNS, "Poorest fifth, Rural: found twice"),
        (
            [Cell(row="Poorest fifth", column="Rural", estimate=4)],
            ROWS,
            COLUMNS,
            "Poorest fifth, Rural: found a share of 4, expected 0 to 1",
        ),
    ],
)
def test_what_makes_no_crossing_is_refused(cells, rows, columns, message):
    with pytest.raises(ValueError, match=message):
        made(cells, rows, columns)


def test_hidden_cell_must_not_carry_its_figure():
    with pytest.raises(ValueError, match="R, C: the figure of a hidden group"):
        Cell(row="R", column="C", estimate=0.5, flag="hidden")
