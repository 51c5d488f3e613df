import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.estimates import Everybody, Measure
from everycount.charts.interval_rows import Words as RowWords
from everycount.charts.leaves import Leaf, Words, alt, leaves

TEXT = "{http://www.w3.org/2000/svg}text"
POOR = Leaf(path=("rural", "no schooling"), share=0.09, estimate=0.04, low=0.02, high=0.07)
MIDDLE = Leaf(path=("rural", "schooling"), share=0.51, estimate=0.31, flag="modelled")
RICH = Leaf(path=("urban",), share=0.4, estimate=0.88, low=0.85, high=0.91, flag="few")
HIDDEN = Leaf(path=("nomads",), flag="hidden")
TREE = [RICH, POOR, HIDDEN, MIDDLE]


def drawn(tree, **options):
    return render.svg(leaves(tree, **{"title": "Electricity", "behind": "low"} | options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def paths(svg):
    known = {"Rural, no schooling", "Rural, schooling", "Urban", "Nomads", "Everybody", "A", "B"}
    return [word for word in words(svg) if word in known]


@pytest.mark.parametrize(
    ("behind", "order"),
    [
        ("low", ["Rural, no schooling", "Rural, schooling", "Urban", "Nomads"]),
        ("high", ["Urban", "Rural, schooling", "Rural, no schooling", "Nomads"]),
    ],
)
def test_leaves_stand_from_furthest_behind(behind, order):
    assert paths(drawn(TREE, behind=behind)) == order


def test_place_of_a_hidden_leaf_tells_nothing():
    hidden = [Leaf(path=(name,), flag="hidden") for name in ("b", "a")]
    for behind in ("low", "high"):
        assert paths(drawn([*hidden, RICH], behind=behind)) == ["Urban", "A", "B"]


def test_part_of_the_population_stands_under_the_path():
    found = words(drawn(TREE, words=Words(share="{share} of women")))
    assert {"9.0 % of women", "51.0 % of women"} <= set(found)
    assert len([word for word in found if "of women" in word]) == 3


def test_order_and_key_are_said():
    found = words(drawn(TREE, everybody=Everybody(words="all women", estimate=0.41)))
    assert found[0] == "from furthest behind to furthest ahead"
    assert {"bar: 95 % interval", "all women: 41.0 %", "not shown", "31.0 e", "(88.0)"} <= set(
        found
    )


def test_tree_without_a_split_is_everybody():
    assert paths(drawn([Leaf(path=(), estimate=0.41)])) == ["Everybody"]


def test_words_in_another_language():
    told = Words(
        share="{share} phụ nữ", order="xa nhất trước", between="; ", rows=RowWords(hidden="ẩn")
    )
    spec = leaves(
        TREE,
        title="T",
        behind="low",
        words=told,
        measure=Measure(decimal_mark=","),
        description="Bốn lá.",
    )
    found = words(render.svg(spec))
    assert spec["description"] == "Bốn lá."
    assert {"9,0 % phụ nữ", "Rural; no schooling", "ẩn", "4,0"} <= set(found)


def test_parts_stay_shares_where_figures_are_numbers():
    years = Measure(kind="number", unit="years")
    leaf = Leaf(path=("rural",), share=0.09, estimate=2.4)
    assert {"9.0 % of people", "2.4"} <= set(words(drawn([leaf], measure=years)))


def test_alt_names_who_is_furthest_behind_and_ahead():
    assert alt(
        TREE, title="Electricity", behind="low", everybody=Everybody(words="all", estimate=0.41)
    ) == (
        "Electricity. 4 groups. Furthest behind: Rural, no schooling, 4.0 % (95 % interval 2.0 to "
        "7.0); 9.0 % of people. Furthest ahead: Urban, 88.0 %, few cases (95 % interval 85.0 to "
        "91.0); 40.0 % of people. All 41.0 %. Without a figure: Nomads."
    )
    barrier = alt(TREE, title="T", behind="high")
    assert "Furthest behind: Urban" in barrier
    assert "Furthest ahead: Rural, no schooling" in barrier


def test_alt_of_one_leaf_and_of_none_with_a_figure():
    lone = Leaf(path=("urban",), estimate=0.5)
    assert alt([lone], title="T", behind="low") == "T. 1 group. Furthest behind: Urban, 50.0 %."
    hidden = [Leaf(path=(f"g{k}",), flag="hidden") for k in range(5)]
    assert alt(hidden, title="T", behind="low") == (
        "T. 5 groups. Without a figure: G0; G1; G2 and 2 more."
    )


def test_description_is_that_of_alt_unless_given():
    spec = leaves(TREE, title="T", behind="low")
    assert spec["description"] == alt(TREE, title="T", behind="low")


def test_no_leaves_are_refused():
    with pytest.raises(ValueError, match="at least one leaf"):
        leaves([], title="T", behind="low")


@pytest.mark.parametrize("field", ["share", "estimate"])
def test_hidden_leaf_must_carry_nothing(field):
    with pytest.raises(ValueError, match="nomads: the figure of a hidden group"):
        Leaf(path=("nomads",), flag="hidden", **{field: 0.1})


def test_leaf_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"urban: found a part of 40, not 0 to 1"):
        Leaf(path=("urban",), share=40)
    with pytest.raises(ValueError, match=r"Urban: found an interval from 0\.9 to 0\.8"):
        leaves([Leaf(path=("urban",), low=0.9, high=0.8)], title="T", behind="low")
