"""What each choice alone does, against builds in which nothing else changes."""

import numpy as np
import pytest

from everycount.audit.choices import leave_one_out, one_at_a_time
from everycount.audit.draws import declared, sample

ASSUMPTIONS = (
    {
        "vary": "groups",
        "name": "Means",
        "options": [{"name": "0"}, {"name": "1", "aggregate": "minimum"}],
    },
    {
        "vary": "step",
        "name": "Scale",
        "do": "normalise",
        "options": [
            {"name": "z", "step": {"do": "normalise", "method": "z_score"}},
            {"name": "rank", "step": {"do": "normalise", "method": "rank"}},
        ],
    },
    {"vary": "weights", "name": "Weights", "how": "noise", "spread": 1.0},
    {"vary": "leave_one_out", "name": "Left out"},
    {"vary": "figures", "name": "Errors", "relative": {"*": 0.3}},
)


@pytest.fixture
def builds(builds_of, tree, steps, vary):
    return builds_of(tree + steps + "".join(vary(**each) for each in ASSUMPTIONS))


def shifts(builds, scores):
    """Return the shift of every unit in every build."""
    nominal = builds.result.ranks[:, builds.nodes[0]]
    ranks = np.array([[(own > each).sum() + 1 for each in own] for own in scores])
    return np.abs(ranks - nominal)


def test_one_choice_at_a_time(builds, index_of, tree, steps):
    table = one_at_a_time(builds, seed=4)
    assert table.select("assumption", "option", "builds", "failed").rows() == [
        ("Means", "0", 1, 0),
        ("Means", "1", 1, 0),
        ("Scale", "z", 1, 0),
        ("Scale", "rank", 1, 0),
        ("Weights", "drawn", 500, 0),
        ("Left out", "each in turn", 5, 0),
        ("Errors", "drawn", 500, 0),
    ]
    assert table.row(0)[4:8] == (0, 0, 0, 0)
    weights, top = builds.result.state.weights, builds.nodes[0]
    own = builds.run(_with(builds, "Means", [1])).scores[top]
    moved = shifts(builds, own)
    row = table.row(1, named=True)
    assert row["mean_shift"] == pytest.approx(moved.mean())
    assert row["largest"] == moved.max()
    assert row["unit"] == builds.result.state.units[int(moved[0].argmax())]
    drawn = sample(builds.methodology, weights, 500, seed=4, stream=2)
    plain = declared(builds.methodology, weights, 500)
    for name, at in (("Weights", 4), ("Errors", 6)):
        moved = shifts(builds, builds.run(plain.with_choice(name, drawn)).scores[top])
        row = table.row(at, named=True)
        assert row["mean_shift"] == pytest.approx(moved.mean())
        assert row["shift_q95"] == pytest.approx(np.quantile(moved.mean(axis=1), 0.95))
        assert row["moved"] == pytest.approx((moved > 5).mean())
        assert row["largest"] == moved.max()


def _with(builds, name, numbers):
    from dataclasses import replace

    plain = declared(builds.methodology, builds.result.state.weights, len(numbers))
    return replace(plain, numbers={**plain.numbers, name: np.array(numbers)})


def test_without_assumptions_the_table_is_empty(builds_of, tree, steps):
    assert len(one_at_a_time(builds_of(tree + steps), seed=1)) == 0


def test_choices_that_fail_are_counted(builds_of, tree, steps, vary):
    means = {
        "vary": "groups",
        "name": "Means",
        "options": [{"name": "0"}, {"name": "1", "aggregate": "geometric"}],
    }
    steps = steps.replace("scale = [1, 100]", 'clip = "none"')
    data = "unit,a,b,c,d,e\nU1,-5,20,30,40,50\nU2,20,30,30,40,50\n"
    builds = builds_of(tree + steps + vary(**means), data)
    row = one_at_a_time(builds, seed=1).row(1, named=True)
    assert (row["builds"], row["failed"], row["mean_shift"], row["unit"]) == (0, 1, None, None)


def without(tree, *codes):
    return "\n".join(
        line for line in tree.splitlines() if not any(f'"{code}"' in line for code in codes)
    )


def test_every_indicator_and_group_left_out(builds_of, index_of, tree, steps, figures):
    builds = builds_of(tree + steps)
    table = leave_one_out(builds)
    assert table["node"].to_list() == [*"abcdegh"]
    assert table["level"].to_list() == [1] * 5 + [2] * 2
    for row in table.iter_rows(named=True):
        gone = {"g": "gab", "h": "hcde"}.get(row["node"], row["node"])
        score = index_of(without(tree, *gone) + steps, figures).score
        known = ~np.isnan(score)
        held = np.sort(builds.result.ranks[:, builds.nodes[0]][known])
        ranks = held[[(score[known] > each).sum() for each in score[known]]]
        moved = np.abs(ranks - builds.result.ranks[:, builds.nodes[0]][known])
        assert row["scored"] == known.sum()
        assert row["mean_shift"] == pytest.approx(moved.mean())
        assert row["largest"] == moved.max()
        assert row["note"] == ""


def test_why_nothing_is_left(builds_of, tree, steps):
    formula = """
groups = [
  { code = "index", aggregate = "formula", formula = "g - c" },
  { code = "g", parent = "index" },
]
indicators = [{ code = "a", parent = "g" }, { code = "c", parent = "index" }]
steps = [{ do = "aggregate", missing = "renormalise" }]
"""
    table = leave_one_out(builds_of(formula, "unit,a,c\nU1,1,2\nU2,3,1\n"))
    rows = table.select("node", "mean_shift", "scored", "note").rows()
    assert rows == [
        ("a", None, 0, "nothing is left to make a score of"),
        ("c", None, 0, "a formula needs it"),
        ("g", None, 0, "a formula needs it"),
    ]
    alone = """
groups = [{ code = "index" }]
indicators = [{ code = "a", parent = "index" }]
"""
    steps = 'steps = [{ do = "aggregate", missing = "renormalise" }]'
    table = leave_one_out(builds_of(alone + steps, "unit,a\nU1,1\nU2,3\n"))
    assert table.row(0)[-1] == "nothing is left to make a score of"
