import numpy as np

from everycount.index.coverage import coverage, known_figures, missing_below, note_of, status_of

METHOD = """
groups = [
  { code = "index", least = 0.6, counted = "indicators" },
  { code = "g", parent = "index", out_of = 4, least = 0.5 },
  { code = "h", parent = "index", out_of = 9 },
  { code = "i", parent = "h", out_of = 2, counted = "indicators" },
]
indicators = [
  { code = "a", parent = "g" }, { code = "b", parent = "g" }, { code = "c", parent = "i" },
]
"""
MEAN = 'steps = [{ do = "aggregate", missing = "renormalise" }]'
DATA = "unit,a,b,c\nX,1,2,3\nY,1,,3\nZ,,,\n"


def test_share_of_the_indicators_that_the_original_has(index_of):
    state = index_of(METHOD + MEAN, DATA).state
    assert state.tree.codes[3:] == ("index", "g", "h", "i")
    # g: of 4 parts, as they are indicators; h counts groups, so its own 9 does not apply
    np.testing.assert_allclose(
        coverage(state), [[1, 1, 1, 1, 0.5, 1, 0.5], [1, 0, 1, 2 / 3, 0.25, 1, 0.5], [0] * 7]
    )
    assert known_figures(state).sum() == 5


def test_what_is_missing_below(index_of):
    state = index_of(METHOD + MEAN, DATA).state
    assert missing_below(state, [3, 0]) == [None, None, "b", None, "a b c", "a"]


def test_a_status_for_every_node(index_of):
    state = index_of(METHOD + MEAN, DATA).state
    statuses = status_of(state)
    assert statuses[0].tolist() == ["observed"] * 3 + ["scored"] * 4
    assert statuses[1].tolist() == [
        "observed", "missing", "observed", "scored", "too_few", "scored", "scored",
    ]  # fmt: skip
    assert statuses[2].tolist() == ["missing"] * 3 + ["no_data"] * 4
    assert note_of(state, [4, 3], statuses[:, [4, 3]]) == [
        None, None, "has 1 indicator, needs 2", None,
        "no figure of any indicator below", "no figure of any indicator below",
    ]  # fmt: skip


def test_what_was_done_to_a_figure(index_of):
    method = """
indicators = [
  { code = "a", parent = "index", clip = { high = 5 } },
  { code = "b", parent = "index", recode = { yes = 1 } },
  { code = "c", parent = "index", derive = { kind = "formula", formula = "a + 1" } },
  { code = "d", parent = "index" },
  { code = "e", parent = "index" },
]
steps = [
  { do = "derive" }, { do = "recode" }, { do = "clip" },
  { do = "treat", transform = "log", always = true, nodes = ["d"] },
  { do = "treat", winsorise = 1, nodes = ["e"] },
  { do = "impute", method = "mean" },
]
"""
    rows = [(9, "yes", 1, 1)] + [(1, 0, 2, k) for k in range(1, 9)] + [("", "", "", 900)]
    data = "unit,a,b,d,e\n" + "".join(
        f"U{k},{a},{b},{d},{e}\n" for k, (a, b, d, e) in enumerate(rows)
    )
    statuses = status_of(index_of(method, data).state)
    assert statuses[0].tolist() == [
        "clipped", "recoded", "derived", "transformed", "observed", "not_computed",
    ]  # fmt: skip
    assert statuses[9].tolist() == ["imputed"] * 4 + ["winsorised", "not_computed"]


def test_why_a_formula_or_a_required_part_leaves_no_score(index_of):
    method = (
        METHOD.replace(
            'least = 0.6, counted = "indicators"', 'aggregate = "formula", formula = "g / i"'
        )
        .replace("out_of = 9", 'out_of = 9, requires = ["c"]')
        .replace("out_of = 4, least = 0.5", "")
    )
    method = method.replace('parent = "index",  }', 'parent = "index" }')
    state = index_of(method + MEAN, "unit,a,b,c\nX,1,2,0\nY,1,2,\n").state
    statuses = status_of(state)
    assert note_of(state, [3], statuses[:, [3]]) == [
        "its formula has no result for these figures, such as a division by 0",
        "has 1 part, needs 2" if statuses[1, 3] == "too_few" else "cannot be computed without i",
    ]


def test_what_is_counted_may_be_indicators_and_groups(index_of):
    method = METHOD.replace('least = 0.6, counted = "indicators"', "least = 1.0")
    state = index_of(method + MEAN, "unit,a,b,c\nX,1,2,\n").state
    assert note_of(state, [3], status_of(state)[:, [3]]) == ["has 1 part, needs 2"]


def test_groups_that_count_groups_say_so(index_of):
    method = METHOD.replace('counted = "indicators" }', 'counted = "children" }', 1)
    state = index_of(
        method.replace("least = 0.6", "least = 1.0") + MEAN, "unit,a,b,c\nX,1,2,\n"
    ).state
    assert note_of(state, [3], status_of(state)[:, [3]]) == ["has 1 group, needs 2"]


def test_a_part_that_cannot_be_done_without(index_of):
    method = METHOD.replace(
        'least = 0.6, counted = "indicators"', 'aggregate = "formula", formula = "g / i"'
    )
    state = index_of(
        method + MEAN.replace("renormalise", "propagate"), "unit,a,b,c\nX,1,2,0\n"
    ).state
    assert status_of(state)[0, 3] == "incomplete"


def test_what_was_screened_out_says_why(index_of):
    steps = MEAN.replace("[{", '[{ do = "screen", units = 0.5, indicators = 0.6 }, {')
    state = index_of(METHOD + steps, "unit,a,b,c\nX,1,,3\nY,1,2,3\nZ,1,,\n").state
    statuses = status_of(state)
    assert statuses[2].tolist() == ["screened_out"] * 7
    assert statuses[0, 1] == "screened_out"
    assert note_of(state, [3, 1], statuses[:, [3, 1]])[::5] == [
        None,
        "screened out: 1 of 3 indicators",
    ]
    assert note_of(state, [1], statuses[:, [1]])[0] == "dropped: 1 of 2 units have a figure"
