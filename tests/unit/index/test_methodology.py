import pytest

from everycount.errors import InputError
from everycount.index.methodology import Methodology, Ranking

GOALPOSTS = '{ do = "normalise", method = "goalposts" }'
MEAN = '{ do = "aggregate", missing = "renormalise" }'


def test_the_tree_is_grown_once(method_of):
    method = method_of('indicators = [{ code = "a", parent = "index" }]')
    assert isinstance(method, Methodology)
    assert method.tree is method.tree
    assert method.ranking == Ranking()


def test_a_short_name_has_no_spaces(method_of):
    with pytest.raises(InputError, match="line 5, id: found 'my index', expected a short name"):
        method_of('\nid = "my index"\nindicators = [{ code = "a", parent = "index" }]')


def test_faults_of_the_tree_and_of_the_steps_at_once(method_of):
    text = f"""
id = ""
steps = [{GOALPOSTS}, {{ do = "recode" }}, {MEAN}]
indicators = [{{ code = "a", parent = "index", worst = 0, best = 1 }},
  {{ code = "b", parent = "x" }}]
"""
    with pytest.raises(InputError) as raised:
        method_of(text)
    assert [(p.where.partition(", ")[2], p.found) for p in raised.value.problems] == [
        ("id", "''"),
        ("step 2 (do recode)", "no indicator with recode"),
        ("step 2 (do recode), do", "recode after normalise"),
        ("indicator 2 (code b), parent", "'x', which is no group of this method"),
        ("indicator 2 (code b)", "no goalposts"),
    ]


def test_ranking_lists_every_fault(method_of):
    bands = [("good", 60), ("good", 80), ("fair", 60)]
    listed = ", ".join(f'{{ name = "{name}", least = {least} }}' for name, least in bands)
    text = f"""
indicators = [{{ code = "a", parent = "index" }}]
ranking = {{ decimals = 99, bands = [{listed}] }}
"""
    with pytest.raises(InputError) as raised:
        method_of(text)
    assert [problem.found for problem in raised.value.problems] == [
        "99",
        "'good' from 60",
        "'good' from 80",
        "'fair' from 60",
    ]


def test_averages_are_weighted_by_figures_not_by_scores(method_of):
    text = """
indicators = [{ code = "a", parent = "index" }]
averages = [{ by = "region", weight = "index" }]
"""
    with pytest.raises(
        InputError, match="average 1, weight: found 'index', which is a group, expec"
    ):
        method_of(text)
