import pytest

from everycount.survey.simulate import simulate


def test_the_same_seed_gives_the_same_survey():
    assert simulate(clusters=20).equals(simulate(clusters=20))
    assert not simulate(clusters=20).equals(simulate(clusters=20, seed=1))


def test_clusters_stand_together_in_one_stratum():
    rows = simulate(clusters=40)
    assert rows["cluster"].is_sorted()
    assert rows.group_by("cluster").n_unique()["stratum"].max() == 1
    assert rows["stratum"].n_unique() == 10


def test_the_module_and_its_weight_belong_together():
    rows = simulate(clusters=40)
    outside = rows["module_weight"].is_null()
    assert rows["partner_violence"].filter(outside).is_null().all()
    assert 0.25 < 1 - outside.mean() < 0.42
    assert rows["unmet_need"].filter(rows["age"] < 18).is_null().all()
    assert rows["internet"].is_in([1, 2, 9]).all()


def test_too_few_clusters_are_refused():
    with pytest.raises(ValueError, match="found 19 clusters, expected at least 20"):
        simulate(clusters=19)
