import polars as pl

from everycount.model.structure import Component, DataStructure

SMALL = DataStructure(
    id="SMALL",
    agency="X",
    version="2.0",
    name="Small",
    components=(
        Component(id="REF_AREA", role="dimension", kind="code", name="Area", codes="CL_AREA"),
        Component(id="TIME_PERIOD", role="time", kind="text", name="Period"),
        Component(id="OBS_VALUE", role="measure", kind="number", name="Value"),
        Component(id="UNIT_MULT", role="attribute", kind="integer", name="Multiplier"),
    ),
)


def test_structure_tells_its_columns_apart():
    assert SMALL.ids == ("REF_AREA", "TIME_PERIOD", "OBS_VALUE", "UNIT_MULT")
    assert SMALL.dimensions == ("REF_AREA",)
    assert SMALL.key == ("REF_AREA", "TIME_PERIOD")
    assert SMALL.attributes == ("UNIT_MULT",)
    assert SMALL.by_id["REF_AREA"].codes == "CL_AREA"


def test_structure_gives_each_column_a_type():
    assert list(SMALL.schema.values()) == [pl.String, pl.String, pl.Float64, pl.Int64]


def test_urn_names_agency_structure_and_version():
    assert SMALL.urn == "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=X:SMALL(2.0)"
