import numpy as np
import pytest

from everycount.errors import MethodError

NAN = np.nan
AB = 'indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]\n'
PANEL = """unit,period,a,b,SOURCE
X,2010,1,10,old
X,2015,3,,mid
X,2018,,20,new
Y,2018,7,8,new
"""


@pytest.fixture
def selected(index_of):
    def build(step, data=PANEL, indicators=AB):
        method = f'{indicators}steps = [{{ do = "select"{step and ", " + step} }}]'
        return index_of(method, data).state

    return build


def figures(state, *columns):
    rows = zip(state.row_units, state.row_periods.tolist(), strict=True)
    return {
        (state.units[u], year): [state.values[row, j] for j in columns]
        for row, (u, year) in enumerate(rows)
    }


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("", {("X", 2018): [3, 20], ("Y", 2018): [7, 8]}),
        ("window = 3", {("X", 2018): [NAN, 20], ("Y", 2018): [7, 8]}),
        ("window = 4", {("X", 2018): [3, 20], ("Y", 2018): [7, 8]}),
        ("last = 2016", {("X", 2016): [3, 10], ("Y", 2016): [NAN, NAN]}),
        ("first = 2016", {("X", 2018): [NAN, 20], ("Y", 2018): [7, 8]}),
        ('take = "exact", last = 2015', {("X", 2015): [3, NAN], ("Y", 2015): [NAN, NAN]}),
        ('take = "mean"', {("X", 2018): [2, 15], ("Y", 2018): [7, 8]}),
        ('take = "mean", window = 4', {("X", 2018): [3, 20], ("Y", 2018): [7, 8]}),
        (
            "periods = [2018, 2010]",
            {
                ("X", 2018): [3, 20],
                ("X", 2010): [1, 10],
                ("Y", 2018): [7, 8],
                ("Y", 2010): [NAN, NAN],
            },
        ),
        ("periods = [2030], window = 1", {("X", 2030): [NAN, NAN], ("Y", 2030): [NAN, NAN]}),
    ],
)
def test_which_figure_counts(selected, step, expected):
    found = figures(selected(step), 0, 1)
    assert list(found) == list(expected)
    np.testing.assert_array_equal(list(found.values()), list(expected.values()))


def test_a_figure_keeps_its_year_and_its_source(selected):
    state = selected("window = 4")
    assert state.years[0].tolist() == [2015, 2018, 0]
    assert [state.source_names[k] for k in state.sources[0, :2]] == ["mid", "new"]
    missing = selected("window = 1")
    assert missing.years[0].tolist() == [0, 2018, 0]
    assert missing.sources[0, 0] == -1


def test_an_indicator_has_years_of_its_own(selected):
    own = AB.replace('code = "a"', 'code = "a", last = 2014').replace(
        'code = "b"', 'code = "b", first = 2016'
    )
    found = figures(selected("periods = [2015, 2018]", indicators=own), 0, 1)
    assert found["X", 2015] == [1, pytest.approx(NAN, nan_ok=True)]
    assert found["X", 2018] == [1, 20]


def test_in_one_edition_an_indicator_may_be_newer_than_the_rest(selected):
    own = AB.replace('code = "b"', 'code = "b", last = 2018')
    state = selected("last = 2015, window = 5", indicators=own)
    assert figures(state, 0, 1)["X", 2015] == [3, 20]
    exact = selected('take = "exact", last = 2015', indicators=own)
    assert figures(exact, 0, 1)["X", 2015] == [3, 20]


def test_data_without_periods(selected):
    with pytest.raises(
        MethodError, match="step select: found data without periods, expected a per"
    ):
        selected("", "unit,a,b\nX,1,2\n")


RECODED = 'indicators = [{ code = "a", parent = "index", recode = { yes = 1, no = 0 } }]\n'


def recoded(index_of, step, data):
    steps = f'steps = [{{ do = "select"{step} }}, {{ do = "recode" }}]'
    method = f'{RECODED}averages = [{{ by = "region" }}]\n{steps}'
    return index_of(method, data)


def test_a_category_is_selected_like_a_figure(index_of):
    data = "unit,period,a,region\nX,2015,yes,north\nX,2016,,\nY,2015,5,\nY,2016,no,\nZ,2014,,\n"
    state = recoded(index_of, "", data).state
    np.testing.assert_array_equal(state.values[:, 0], [1, 0, NAN])
    assert state.years[:, 0].tolist() == [2015, 2016, 0]
    assert state.texts["region"].tolist() == ["north", None, None]


def test_a_category_has_no_part_in_a_mean(index_of):
    data = "unit,period,a,region\nX,2015,yes,n\nX,2016,4,n\nX,2017,6,n\n"
    assert recoded(index_of, ', take = "mean"', data).state.values[0, 0] == 5


def filled(select):
    steps = '{ do = "impute", method = "linear" }', f'{{ do = "select", {select} }}'
    return f"{AB}steps = [{', '.join(steps)}]"


GAP = "unit,period,a,b\nX,2015,1,5\nX,2016,,\nX,2017,5,5\n"


def test_figures_filled_along_time_are_selected_and_stay_marked(index_of):
    result = index_of(filled("periods = [2016, 2017]"), GAP)
    table = result.figures().filter(indicator="a")
    assert table["value"].to_list() == [None, 5]
    assert table["score"].to_list() == [3, 5]
    assert table["status"].to_list() == ["imputed", "observed"]
    assert result.trace().counts.imputed == 2


def test_a_mean_over_a_filled_figure_is_marked(index_of):
    result = index_of(filled('take = "mean"'), GAP)
    table = result.figures().filter(indicator="a")
    assert table["score"].to_list() == [3]
    assert table["value"].to_list() == [3]
    assert table["status"].to_list() == ["imputed"]
