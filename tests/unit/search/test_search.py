"""Search: folding, slips, places, ranking, pairs and facets."""

import pytest

from everycount.search.common_words import COMMON
from everycount.search.facets import narrow, values_of
from everycount.search.find import Hit, address_of, find
from everycount.search.folding import stems_of, words_of
from everycount.search.index import Entry, build
from everycount.search.typos import by_pair, near, slips, slips_allowed

MEANINGS = [
    ("women", "femmes", "phụ nữ", "نساء", "المرأة"),
    ("parliament", "parlement", "quốc hội", "برلمان"),
    ("law", "pháp luật"),
    ("education", "giáo dục"),
]


def area(title, code, *names):
    return Entry(
        kind="area", title=title, address=f"areas/{code.lower()}/", parameter=code,
        names=names, codes=(code,), has_figures=True,
    )  # fmt: skip


def indicator(title, slug, *areas, **given):
    return Entry(
        kind="indicator", title=title, address=f"indicators/{slug}/", codes=(slug,),
        areas=areas, has_figures=bool(areas), **given,
    )  # fmt: skip


SEATS = indicator("Seats held by women in parliament", "5d", "VNM", "FRA", goal="5")
SCHOOL = indicator("Education of girls", "4b", "VNM", goal="4")
LAWS = indicator("Equality in law", "8d")
AREAS = (
    area("Viet Nam", "VNM", "Việt Nam", "Vietnam"),
    area("France", "FRA", "Pháp"),
    area("Germany", "DEU", "Đức", "Allemagne"),
    area("Andorra", "AND"),
    area("Côte d’Ivoire", "CIV", "Ivory Coast"),
    area("Mali", "MLI"),
)
POLICY = Entry(
    kind="policy", title="Law on equality", address="policies/vn/law/", area="VNM",
    about=("Viet Nam",),
)  # fmt: skip
INDEX = build((SEATS, SCHOOL, LAWS, *AREAS, POLICY), meanings=MEANINGS, common=COMMON)


def addresses(text, **given):
    return [address_of(INDEX, each) for each in find(INDEX, text, **given)]


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Seats, SEATS; seat", ["seat", "seat", "seat"]),
        ("Countries series class", ["country", "sery", "class"]),
        ("Đức Đuć", ["duc", "duc"]),
        ("النِّساء للمرأة البرلمانات", ["نساء", "مراه", "برلمان"]),
        ("5.5.1 (a) SG_GEN", ["5.5.1", "a", "sg_gen"]),
        ("ties as", ["tie", "as"]),
        ("\u064b --", []),
    ],
)
def test_words_are_compared_without_marks_and_endings(text, stems):
    assert stems_of(text) == stems


def test_marks_are_kept_beside():
    assert words_of("ĐỨC")[0].marked == "đức"


def test_slips_count_a_swap_as_one():
    assert slips("abcd", "abdc", 2) == 1
    assert slips("abcd", "dcba", 1) == 2
    assert slips("", "abcd", 1) == 2
    assert slips_allowed("parliament") == 2


def test_near_returns_only_the_fewest_slips():
    known = ["country", "mount", "counting"]
    assert near("countr", known, by_pair(known)) == [(0, 1)]
    assert near("zzzzz", known, by_pair(known)) == []
    assert near("a1b2c3", known, by_pair(known)) == []


@pytest.mark.parametrize(
    "text",
    [
        "women in parliament vietnam",
        "femmes au parlement viet nam",
        "phụ nữ trong quốc hội Việt Nam",
        "phu nu quoc hoi viet nam",
        "المرأة في البرلمان vietnam",
        "wmen in parliment vietnma",
    ],
)
def test_an_area_and_an_indicator_give_the_pair_first(text):
    assert addresses(text)[0] == "indicators/5d/?area=VNM"
    assert "indicators/5d/" not in addresses(text)


def test_two_areas_stand_in_one_view():
    assert addresses("parliament vietnam france")[0] == "indicators/5d/?area=VNM&area=FRA"


def test_an_indicator_without_figures_of_the_area_is_no_pair():
    assert "?" not in addresses("parliament germany")[0]
    assert addresses("law vietnam")[0] == "areas/vnm/"


def test_an_area_alone_comes_first():
    assert addresses("Ivory Coast")[0] == "areas/civ/"
    assert addresses("cote d'ivoire")[0] == "areas/civ/"
    assert addresses("mali")[0] == "areas/mli/"
    assert addresses("germny")[0] == "areas/deu/"


def test_a_short_name_with_other_marks_is_another_word():
    assert addresses("pháp luật")[0] != "areas/fra/"
    assert addresses("giao duc")[0] == "indicators/4b/"
    assert addresses("Pháp")[0] == "areas/fra/"
    assert addresses("Đức")[0] == "areas/deu/"


def test_a_code_that_is_a_common_word_means_no_area():
    assert "areas/and/" not in addresses("women and girls")
    assert addresses("VNM")[0] == "areas/vnm/"


def test_while_typing_the_last_word_may_go_on():
    assert addresses("parl", typing=True)[0] == "indicators/5d/"
    assert addresses("law", typing=True)


@pytest.mark.parametrize("text", ["", "  ", "zzzzzzz", "x", "?!"])
def test_nothing_is_found_of_nothing(text):
    assert addresses(text) == []


def test_common_words_alone_are_looked_for():
    assert addresses("in") == ["indicators/8d/", "indicators/5d/"]


def test_facets_narrow_and_count():
    hits = find(INDEX, "law parliament vietnam")
    every = narrow(INDEX, hits, {"kind": "", "area": ""})
    assert every.hits == tuple(hits)
    assert every.counts["area"]["VNM"] == 3
    policies = narrow(INDEX, hits, {"kind": "policy", "area": "VNM"})
    assert [each.kind for each in policies.hits] == ["policy"]
    assert set(policies.counts["kind"]) == {"area", "indicator", "policy"}
    assert policies.counts["figures"] == {}
    assert narrow(INDEX, hits, {"kind": "policy", "area": "FRA"}).hits == ()


def test_a_pair_belongs_to_its_areas():
    pair = Hit(kind="pair", entry=0, areas=(3,))
    assert values_of(INDEX, pair) == {
        "kind": ("indicator",), "area": ("VNM",), "goal": ("5",), "figures": ("yes",),
    }  # fmt: skip


def test_an_area_takes_no_name_of_an_earlier_one():
    index = build([area("Congo", "COG"), area("Kongo", "COD", "Congo")])
    assert address_of(index, find(index, "Congo")[0]) == "areas/cog/"


def test_a_misspelt_word_that_may_be_another_is_no_area():
    index = build([area("Chile", "CHL"), indicator("Child marriage", "5a", "CHL")])
    found = [address_of(index, each) for each in find(index, "chilx marriage")]
    assert found[0] == "indicators/5a/"


def test_a_common_word_beside_a_misspelt_name_is_no_part_of_it():
    index = build([area("Inchile", "CHL"), area("Peru", "PER")], common="in")
    assert find(index, "in chilx") == []


def test_meanings_without_a_word_or_of_other_phrases_are_left_out():
    meanings = [("--", "birth rate", "natalité"), ("birth registration", "état civil")]
    index = build([indicator("Birth rate", "3b")], meanings=meanings)
    assert index.terms == ["3b", "birth", "natalite", "rate"]


def test_while_typing_an_entry_counts_its_best_word():
    index = build([indicator("Parity", "x", about=("parents", "parks"))])
    assert len(find(index, "par", typing=True)) == 1


def test_a_short_name_written_apart_and_without_marks_is_the_area():
    index = build([area("Perú", "PER"), indicator("Girls at school", "4b", "PER")])
    assert address_of(index, find(index, "pe ru")[0]) == "areas/per/"
