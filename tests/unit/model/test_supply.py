import pytest

from everycount.model.framework import Framework, Source
from everycount.model.strict import Faults
from everycount.model.supply import Catalogue, DataSource, Supply, source_faults

CORE = Framework(
    id="core",
    version="1",
    title={"en": "Core"},
    publisher="NSO",
    level="national",
    valid_from="2024",
    source=Source(citation="Decision 5"),
)


def refused(make):
    with pytest.raises(Faults) as error:
        make()
    return [(path, found) for path, found, _ in error.value.faults]


def test_source_is_refused_with_all_its_faults():
    assert refused(lambda: DataSource(code="", title=" ", kind="app", last=2024, next=2020)) == [
        *((("code",), "''"), (("title",), "' '"), (("kind",), "'app'"), (("next",), "2020")),
    ]
    assert DataSource(code="LFS", title="Labour force survey", last=2024, next=2024).next == 2024


def test_supply_is_refused_with_all_its_faults():
    found = refused(
        lambda: Supply(
            framework="",
            key="",
            state="soon",
            feasible_now="maybe",
            feasible_later="?",
            available=(("sex",), (), ("",)),
        )
    )
    assert [path for path, _ in found] == [
        *(("framework",), ("key",), ("state",), ("feasible_now",), ("feasible_later",)),
        *(("available", 1), ("available", 2)),
    ]


def test_supply_names_its_indicator():
    supply = Supply(framework="core@1", key="5", state="produced")
    assert supply.indicator == ("core@1", "5")
    assert Catalogue() == Catalogue(frameworks=(), supplies=())


def test_sources_and_indicators_stand_once_and_are_described():
    source = DataSource(code="LFS", title="Labour force survey")
    supply = Supply(framework="core@1", key="5", sources=("LFS", "DHS"))
    found = [(path, words) for path, words, _ in source_faults((source, source), (supply, supply))]
    assert found == [
        (("sources", 1, "code"), "'LFS' again"),
        (("supplies", 0, "sources"), "'DHS'"),
        (("supplies", 1, "key"), "core@1 5 again"),
        (("supplies", 1, "sources"), "'DHS'"),
    ]
