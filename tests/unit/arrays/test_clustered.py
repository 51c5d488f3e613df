import numpy as np
import pytest

from everycount.arrays.circumstances import collapse
from everycount.arrays.clustered import by_psu, by_row, cluster, reweighted
from everycount.errors import InputError

NAN = np.nan
FIELDS = ("n", "weight", "mean", "deviance")


def sample(rows=120):
    rng = np.random.default_rng(5)
    psu = np.arange(rows) // 10
    return {
        "y": rng.random(rows),
        "weight": rng.uniform(0.5, 2, rows),
        "codes": rng.integers(0, 3, (rows, 2)),
        "kinds": ["ordered", "nominal"],
        "psu": psu + 100,
        "stratum": 9 - psu // 4,
    }


def assert_same(found, expected):
    np.testing.assert_array_equal(found.codes, expected.codes)
    for name in FIELDS:
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-12)


def plain(data, weight=None):
    given = data["weight"] if weight is None else weight
    return collapse(data["y"], given, data["codes"], kinds=data["kinds"])


def test_cells_of_psus_add_to_the_cells_of_the_sample():
    data = sample()
    table = cluster(**data)
    assert_same(table.cells, plain(data))
    assert_same(reweighted(table, np.ones(12)), plain(data))


def test_psus_are_numbered_by_stratum_then_psu():
    table = cluster(**sample())
    np.testing.assert_array_equal(table.stratum, np.repeat([0, 1, 2], 4))
    # The last stratum code is that of the first rows.
    np.testing.assert_array_equal(table.psu_of_row[::40], [8, 4, 0])


def test_psu_code_in_two_strata_is_two_psus():
    table = cluster([1, 0], [1, 1], [[0], [0]], kinds=["ordered"], psu=[1, 1], stratum=[1, 2])
    assert table.stratum.tolist() == [0, 1]


def test_psus_left_out_or_repeated_are_those_of_their_rows():
    data = sample()
    table = cluster(**data)
    factor = np.arange(12) % 3
    times = factor[table.psu_of_row]
    rows = np.repeat(np.arange(120), times)
    again = {name: data[name][rows] for name in ("y", "weight", "codes")} | {"kinds": data["kinds"]}
    found = reweighted(table, factor)
    # Cells that lost all rows stay, with nothing in them.
    left = found.weight > 0
    expected = plain(again)
    np.testing.assert_array_equal(found.codes[left], expected.codes)
    for name in FIELDS:
        np.testing.assert_allclose(getattr(found, name)[left], getattr(expected, name), atol=1e-12)
        assert not getattr(found, name)[~left].any()


def test_row_weights_that_follow_psus_do_the_same_as_factors():
    data = sample()
    table = cluster(**data)
    factors = np.random.default_rng(1).integers(0, 3, (12, 4)).astype(float)
    weights = data["weight"][:, None] * factors[table.psu_of_row]
    pairs = zip(
        by_psu(table, factors),
        by_row(data["y"], data["weight"], table, replicate_weights=weights),
        strict=True,
    )
    for one, other in pairs:
        assert_same(one, other)


def test_rows_left_out_have_no_cell_but_their_psu_stays():
    data = sample()
    data["y"][:10] = NAN
    data["codes"][10, 0] = -1
    table = cluster(**data)
    assert (table.cell_of_row[:11] == -1).all()
    assert (table.cell_of_row[11:] >= 0).all()
    assert len(table.stratum) == 12
    assert 8 not in table.psu
    np.testing.assert_array_equal(table.cells.codes[table.cell_of_row[11:]], data["codes"][11:])
    found = next(
        by_row(data["y"], data["weight"], table, replicate_weights=data["weight"][:, None])
    )
    assert_same(found, table.cells)


def test_missing_design_is_refused_with_counts():
    data = sample() | {"psu": np.full(120, -1), "stratum": np.r_[-1, np.ones(119, int)]}
    with pytest.raises(InputError) as caught:
        cluster(**data)
    assert [str(problem) for problem in caught.value.problems] == [
        "stratum: found 1 rows missing (a negative code), expected a stratum",
        "psu: found 120 rows missing (a negative code), expected a PSU",
    ]


def test_design_of_other_length_is_refused():
    with pytest.raises(ValueError, match=r"psu: found shape \(3,\), expected \(120,\)"):
        cluster(**sample() | {"psu": [1, 2, 3]})


@pytest.mark.parametrize("factor", [[1, 1], [-1] + [1] * 11, [np.inf] + [1] * 11])
def test_factors_that_do_not_fit_are_refused(factor):
    with pytest.raises(ValueError, match=r"expected \(12,\), all finite and 0 or more"):
        reweighted(cluster(**sample()), factor)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(120), r"found shape \(120,\), expected \(120, replicates\)"),
        (np.ones((3, 2)), r"found shape \(3, 2\)"),
        (np.full((120, 1), -1), "all finite and 0 or more"),
    ],
)
def test_replicate_weights_that_do_not_fit_are_refused(weights, message):
    data = sample()
    with pytest.raises(ValueError, match=message):
        next(by_row(data["y"], data["weight"], cluster(**data), replicate_weights=weights))
