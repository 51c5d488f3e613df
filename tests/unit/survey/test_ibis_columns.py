from contextlib import closing

import polars as pl
import pytest

from everycount.io.ibis_source import ibis_source
from everycount.model.conditions import Condition
from everycount.model.design import Characteristic, Cut, Level
from everycount.model.microdata import Column
from everycount.survey.cells import as_numbers
from everycount.survey.cells import is_missing as is_missing_here
from everycount.survey.cells import meets as meets_here
from everycount.survey.coding import Coding
from everycount.survey.findings import Findings
from everycount.survey.ibis_columns import (
    among,
    codes_of,
    is_missing,
    level_of,
    meets,
    no_number,
    number_of,
    plain,
    real,
)

# What DuckDB 2.0 says of the method by which Ibis 12.0 asks for the columns of a table.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

NUMBERS = (
    *("1", "1.5", " 2 ", "\t3\n", "+4", "-5", "5.", ".5", "-.5e1", "1e5", "1E-5", "1.e3", "00012"),
    *("1e", "e5", "nan", "inf", "-Infinity", "1_000", "1,5", "0x10", "5d", "5f", "1e400", "--1"),
    *("1 2", "", " ", "1.2.3", "\N{NO-BREAK SPACE}7", "١", None),
)
VALUES = {
    "whole": pl.Series([1, 2, 3, 99, None]),
    "float": pl.Series([1.0, 1.5, float("nan"), float("inf"), None]),
    "text": pl.Series(["1", "01", " 1", "", None]),
    "number": pl.Series(["7", "8.5", "many", "-1", None]),
    "truth": pl.Series([True, False, True, False, None]),
    "decimal": pl.Series(["1.0", "1.5", "2.0", "-1", None]).cast(pl.Decimal(6, 2)),
    "date": pl.Series(["2023-01-01", "2024-02-29", None, None, None]).str.to_date(),
    "small": pl.Series([1, 200, None, 3, 4], dtype=pl.UInt8),
}
CODES = (1, 1.0, "1", "01", 1.5, "1.50", "nan", 99, 2**70, "x", "2024-02-29", "8.5")


@pytest.fixture
def table(tmp_path):
    """Make an Ibis table of a frame, its cells plain, with the frame as it is handed out."""
    opened = []

    def make(columns):
        path = tmp_path / f"{len(opened)}.parquet"
        pl.DataFrame(columns).with_row_index("at").write_parquet(path)
        source = ibis_source("duckdb", path)
        opened.append(source)
        (here,) = source.batches(source.columns)
        return plain(source.table, source.columns), here

    yield make
    for source in opened:
        source.close()


def values_of(expression, table):
    return table.select(at=table["at"], it=expression).order_by("at").to_pyarrow()["it"].to_pylist()


def test_cells_are_numbers_or_text_or_null(table):
    _, here = table(VALUES)
    assert here["truth"].to_list() == [1, 0, 1, 0, None]
    assert here["float"].to_list() == [1.0, 1.5, None, float("inf"), None]
    assert here["decimal"].to_list() == [1.0, 1.5, 2.0, -1.0, None]
    assert here["text"].to_list() == ["1", "01", " 1", None, None]
    assert here["date"].to_list() == ["2023-01-01", "2024-02-29", None, None, None]
    assert here["small"].to_list() == [1, 200, None, 3, 4]


def test_text_is_a_number_where_the_kernel_takes_it_for_one(table):
    there, here = table({"x": pl.Series(NUMBERS)})
    numbers, strange = as_numbers(here["x"])
    found = pl.Series(values_of(number_of(there["x"]), there), dtype=pl.Float64)
    assert found.equals(pl.Series(numbers).fill_nan(None))
    assert values_of(no_number(there["x"]), there) == strange.tolist()


@pytest.mark.parametrize("name", VALUES)
def test_what_is_no_number(table, name):
    there, here = table(VALUES)
    assert values_of(no_number(there[name]), there) == as_numbers(here[name])[1].tolist()


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("codes", [(), CODES, ("nothing",)])
@pytest.mark.parametrize("ranges", [(), ((-2.0, 1.2), (90, 99))])
def test_what_is_missing(table, name, codes, ranges):
    there, here = table(VALUES)
    about = Column(name=name, kind="number", missing=codes[:3], missing_ranges=ranges)
    expected = is_missing_here(here[name], about, codes[3:]).tolist()
    assert values_of(is_missing(there[name], about, codes[3:]), there) == expected


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize(
    "condition",
    [
        {"among": CODES},
        {"among": ("nothing",)},
        {"at_least": 1.5},
        {"at_most": 1.5},
        {"at_least": 1, "at_most": 2, "among": (1, 2)},
    ],
    ids=str,
)
def test_who_meets_a_condition(table, name, condition):
    there, here = table(VALUES)
    asked, about = Condition(column=name, **condition), Column(name=name, kind="number")
    found = meets(there[name], asked, about)
    for here_is, there_is in zip(meets_here(here[name], asked, about), found, strict=True):
        assert values_of(there_is, there) == here_is.tolist()


def test_text_with_blanks_and_letters_in_either_form(table):
    there, here = table({"x": [" A", "A ", "A", "  ", None, "e\u0301", "\u00e9", "B"]})
    about = Column(name="x", kind="text")
    asked = Condition(column="x", among=("A ", "\u00e9"))
    found = meets(there["x"], asked, about)
    for here_is, there_is in zip(meets_here(here["x"], asked, about), found, strict=True):
        assert values_of(there_is, there) == here_is.tolist()


CHARACTERISTICS = {
    "codes": {"levels": (Level(code="a", values=(1, "x")), Level(code="b", values=("01", 1.5)))},
    "no code fits": {"levels": (Level(code="a", values=("nothing",)),)},
    "codes and ranges": {
        "levels": (
            Level(code="low", below=1.5),
            Level(code="one", values=(1,)),
            Level(code="high", at_least=1.5),
        )
    },
    "band": {"levels": (Level(code="1 to 2", at_least=1, below=2),)},
    "missing": {"levels": (Level(code="all", at_least=-10),), "missing": (1.5, "8.5")},
    "cut": {"cut": Cut(groups=3)},
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("kind", CHARACTERISTICS)
def test_levels(table, name, kind):
    there, here = table(VALUES)
    about = Column(name=name, kind="number")
    characteristic = Characteristic(name=name, **CHARACTERISTICS[kind])
    levels = characteristic.levels or tuple(Level(code=str(at), values=(at,)) for at in range(3))
    cuts = (1.0, 1.5) if characteristic.cut else ()
    coding = Coding(characteristic=characteristic, column=about, levels=levels, cuts=cuts)
    found = values_of(level_of(coding, there[name]), there)
    missing = is_missing_here(here[name], about, characteristic.missing)
    assert [level == len(levels) for level in found] == missing.tolist()
    findings = Findings()
    expected = coding.codes(here[name], findings).tolist()
    assert [min(level, len(levels)) for level in found] == expected
    unknown = sum(level > len(levels) for level in found)
    assert unknown == sum(rows for rows in findings.faults.values())


def test_a_cut_point_is_compared_to_its_last_digit(table):
    # As decimal numbers, which DuckDB makes of literals, some of these would not be equal.
    cuts = [97.58087836408666, 0.1 + 0.2, 1 / 3, 1e-9 / 7, -5.551115123125783e-17]
    there, _ = table({"x": pl.Series(cuts)})
    for at, cut in enumerate(cuts):
        found = values_of(there["x"] == real(cut), there)
        assert [at for at, equal in enumerate(found) if equal] == [at]


def test_codes_that_a_column_cannot_hold_are_left_out(table):
    there, _ = table(VALUES)
    assert codes_of(there["whole"], CODES) == [1, 1, 1, 99]
    assert codes_of(there["text"], (1.0, "01")) == ["1", "01"]
    assert codes_of(there["float"], ("01", "nan", "inf")) == []
    assert values_of(among(there["whole"], ("x",)), there) == [False] * 5
    assert values_of(among(there["whole"], (99,)), there) == [False, False, False, True, False]


def test_only_the_columns_asked_for_are_read(tmp_path):
    pl.DataFrame({"a": [1], "list": [[1, 2]], "b": ["x"]}).write_parquet(tmp_path / "x.parquet")
    with closing(ibis_source("duckdb", tmp_path / "x.parquet")) as source:
        assert plain(source.table, ["b", "a"]).columns == ("b", "a")
