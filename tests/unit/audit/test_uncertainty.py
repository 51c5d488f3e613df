"""What many builds say of ranks, against the same by counting builds one by one."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from everycount.audit.builds import Outcome
from everycount.audit.uncertainty import Failed, describe, rankings_of

BANDS = 'ranking = { bands = [{ name = "low", least = 20 }, { name = "high", least = 60 }] }\n'
MEANS = {
    "vary": "groups",
    "name": "Means",
    "options": [{"name": "0"}, {"name": "1", "aggregate": "geometric"}, {"name": "2", "least": 1}],
}
WEIGHTS = {"vary": "weights", "name": "Weights", "how": "noise", "spread": 1.0}
LEFT = {"vary": "leave_one_out", "name": "Left out"}


@pytest.fixture
def of(builds_of, tree, steps, vary, plan, drawn):
    def make(*assumptions, more="", data=None, draws=300, steps=steps, **keys):
        text = more + tree + steps + plan(**keys)
        text += "".join(vary(**each) for each in assumptions or (MEANS, WEIGHTS, LEFT))
        builds = builds_of(text) if data is None else builds_of(text, data)
        outcome = builds.run(drawn(builds, draws))
        return builds.result, outcome, describe(builds.result, outcome)

    return make


def top_ranks(result):
    return result.ranks[:, result.state.tree.top]


def places_of(scores, nominal, best="high"):
    """Rank the units of each build that have a nominal rank, vacant places kept."""
    found = np.full(scores.shape, np.nan)
    for row, own in zip(found, scores, strict=True):
        known = np.flatnonzero(~np.isnan(own))
        held = np.sort(nominal[known])
        for j in known:
            ahead = own[known] > own[j] + 1e-10 if best == "high" else own[known] < own[j] - 1e-10
            row[j] = held[ahead.sum()]
    return found


def test_ranks_and_scores_of_each_unit(of):
    result, outcome, found = of(percentiles=[10, 90])
    scores = outcome.scores[result.state.tree.top]
    places = places_of(scores, top_ranks(result))
    assert found.builds == 300
    assert found.failed == ()
    for row in found.ranks.iter_rows(named=True):
        u = result.state.units.index(row["unit"])
        own, score = places[:, u], scores[:, u]
        own, score = own[~np.isnan(own)], score[~np.isnan(score)]
        assert row["nominal"] == top_ranks(result)[u]
        assert row["score"] == pytest.approx(result.score[u])
        wanted = {
            "mean": own.mean(),
            "median": np.median(own),
            "q10": np.quantile(own, 0.1),
            "q90": np.quantile(own, 0.9),
            "best": own.min(),
            "worst": own.max(),
            "mean_shift": np.abs(own - top_ranks(result)[u]).mean(),
            "moved": (np.abs(own - top_ranks(result)[u]) > 5).mean(),
            "builds": len(own) / 300,
            "score_mean": score.mean(),
            "score_median": np.median(score),
            "score_q10": np.quantile(score, 0.1),
            "score_q90": np.quantile(score, 0.9),
        }
        assert {name: row[name] for name in wanted} == pytest.approx(wanted)
        outside = not np.quantile(own, 0.1) <= top_ranks(result)[u] <= np.quantile(own, 0.9)
        assert row["outside"] is outside
    standing = found.standings[0]
    assert (standing.node, standing.period, standing.units) == ("index", None, 7)
    assert standing.mean_shift == pytest.approx(found.ranks["mean_shift"].mean())
    assert standing.partly == tuple(found.ranks.filter(found.ranks["builds"] < 1)["unit"])
    assert "U7" in standing.partly


def test_acceptability_adds_to_1(of):
    result, outcome, found = of(more=BANDS)
    sums = found.acceptability.group_by("unit", "kind").agg(total=_sum("share"))
    assert len(sums) == 14
    assert_allclose(sums["total"], 1)
    scores = outcome.scores[result.state.tree.top]
    for unit, at, share in (
        found.acceptability.filter(kind="band").select("unit", "at", "share").rows()
    ):
        own = scores[:, result.state.units.index(unit)]
        own = own[~np.isnan(own)]
        low, high = {"below all bands": (-1, 20), "low": (20, 60), "high": (60, 999)}[at]
        assert share == pytest.approx(((own >= low) & (own < high)).mean())


def _sum(name):
    import polars as pl

    return pl.col(name).sum()


def test_pairs_lead_tie_or_follow_in_their_common_builds(of):
    result, outcome, found = of()
    places = places_of(outcome.scores[result.state.tree.top], top_ranks(result))
    assert len(found.pairs) == 21
    for row in found.pairs.iter_rows(named=True):
        one, other = (places[:, result.state.units.index(row[name])] for name in ("unit", "other"))
        both = ~np.isnan(one) & ~np.isnan(other)
        assert row["builds"] == both.sum()
        leads, ties = (one < other)[both].mean(), (one == other)[both].mean()
        assert (row["leads"], row["ties"]) == pytest.approx((leads, ties))
        assert row["told_apart"] is bool(max(leads, 1 - leads - ties) >= 0.95)
    assert found.standings[0].pairs == 21
    assert found.standings[0].told_apart == found.pairs["told_apart"].sum()


def test_an_index_where_less_is_better(of):
    result, outcome, found = of(more='ranking = { best = "low" }\n')
    places = places_of(outcome.scores[result.state.tree.top], top_ranks(result), best="low")
    units = [result.state.units.index(unit) for unit in found.ranks["unit"]]
    assert_allclose(found.ranks["mean"], np.nanmean(places, axis=0)[units])


def test_units_without_a_rank_are_left_out(of):
    _, _, found = of(more='ranking = { unranked = ["U1", "U3*"] }\n')
    assert sorted(found.ranks["unit"]) == ["U2", "U4", "U5", "U6", "U7"]
    assert found.ranks["worst"].max() <= 5


@pytest.mark.parametrize("ties", ["min", "max", "average", "dense"])
def test_ties_and_decimals(of, ties):
    result, outcome, found = of(more=f'ranking = {{ ties = "{ties}", decimals = 0 }}\n', draws=50)
    rankings = rankings_of(result, outcome)
    assert_allclose(rankings[0].nominal, top_ranks(result))
    plain = Outcome(rows=outcome.rows, scores={result.state.tree.top: result.score[None]})
    assert_allclose(rankings_of(result, plain)[0].places[0], top_ranks(result))
    assert_allclose(found.acceptability.group_by("unit").agg(total=_sum("share"))["total"], 1)


def test_every_node_and_every_period_the_newest_first(of):
    years = "unit,period,a,b,c,d,e\n" + "".join(
        f"U{u},{y},{u * 9},{u * y % 50},{u * 3},{u * 7 % 40},{y % 10}\n"
        for u in range(1, 6)
        for y in (2018, 2019)
    )
    _, _, found = of(WEIGHTS, data=years, nodes=["index", "g"])
    assert [(each.node, each.period) for each in found.standings] == [
        ("index", 2019),
        ("index", 2018),
        ("g", 2019),
        ("g", 2018),
    ]
    assert len(found.ranks) == 20
    assert found.ranks["period"].to_list()[:6] == [2019] * 5 + [2018]


def test_failed_builds_are_counted_and_enter_nothing_else(of):
    result, outcome, found = of(draws=20)
    half = Outcome(rows=outcome.rows, scores=outcome.scores, failures={0: "x", 1: "y", 2: "y"})
    some = describe(result, half)
    assert some.builds == 17
    assert some.failed == (Failed(builds=2, why="y"), Failed(builds=1, why="x"))
    kept = {node: scores[3:] for node, scores in outcome.scores.items()}
    wanted = describe(result, Outcome(rows=outcome.rows, scores=kept))
    assert some.ranks.equals(wanted.ranks)
    assert not some.ranks.equals(found.ranks)


def test_where_every_build_failed_nothing_is_said(of):
    result, outcome, _ = of(draws=3)
    none = Outcome(
        rows=outcome.rows,
        scores={n: np.full_like(s, np.nan) for n, s in outcome.scores.items()},
        failures=dict.fromkeys(range(3), "x"),
    )
    found = describe(result, none)
    assert found.builds == 0
    assert found.ranks["mean"].null_count() == 7
    assert found.standings[0].meaningful is None
    assert found.standings[0].told_apart == 0


def test_a_period_in_which_nobody_is_ranked(of):
    years = "unit,period,a,b,c,d,e\nU1,2018,1,2,3,4,5\nU2,2018,2,3,4,5,6\nU1,2019,,,,,\n"
    _, _, found = of(WEIGHTS, data=years)
    newest, older = found.standings
    assert (newest.period, newest.units, older.units) == (2019, 0, 2)
    assert np.isnan(newest.mean_shift)
