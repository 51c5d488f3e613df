import polars as pl
import pytest

from everycount.model.observations import COLUMNS, Observations


def test_another_shape_is_our_mistake():
    with pytest.raises(ValueError, match="a table of observations begins with"):
        Observations(table=pl.DataFrame({"unit": ["A"]}), units=("A",))


def test_units_of_the_table_are_named():
    table = pl.DataFrame({"unit": ["A"]}).select(
        pl.col("unit"), *(pl.lit(None, kind).alias(n) for n, kind in list(COLUMNS.items())[1:])
    )
    assert Observations(table=table, units=("B", "A")).units == ("B", "A")
    with pytest.raises(ValueError, match=r"units \['A'\] are in the table, not in units"):
        Observations(table=table, units=("B",))
