import polars as pl
import pytest

from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION


def test_table_of_the_structure_is_a_dataset():
    data = Dataset(table=pl.DataFrame(schema=dict(OBSERVATION.schema)))
    assert (data.structure, data.codes, data.origins, data.notes) == (OBSERVATION, {}, (), ())


def test_table_of_another_shape_is_our_mistake():
    with pytest.raises(ValueError, match=r"a table of OBSERVATION has .*, not {'a': Int64}"):
        Dataset(table=pl.DataFrame({"a": [1]}))


def test_table_of_another_order_is_another_shape():
    names = sorted(OBSERVATION.schema)
    table = pl.DataFrame(schema={name: OBSERVATION.schema[name] for name in names})
    assert Dataset(table=table.select(OBSERVATION.ids)).table.columns == list(OBSERVATION.ids)
    with pytest.raises(ValueError, match="not"):
        Dataset(table=table)
