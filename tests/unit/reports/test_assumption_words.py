"""What an audit varies, in words."""

import pytest

from everycount.reports.assumption_words import excluded_words, varied_words

TREE = """
groups = [
  { code = "index", name = "The index" },
  { code = "g", name = "Work", parent = "index" },
  { code = "h", parent = "index" },
]
indicators = [
  { code = "a", parent = "g", worst = 0, best = 10 },
  { code = "b", parent = "g", worst = 0, best = 10 },
  { code = "c", parent = "h", worst = 0, best = 10 },
]
steps = [
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise" },
]
[[audit.assumptions]]
name = "Choice"
"""


@pytest.fixture(scope="module")
def said(method_of):
    """Return the words of one assumption, given in TOML without its name."""

    def words(text):
        method = method_of(TREE + text)
        return varied_words(method.audit.assumptions[0], method)

    return words


def test_steps_say_what_is_done_and_which_way_is_declared(said):
    found = said(
        'vary = "step"\ndo = "normalise"\noptions = [{ name = "targets" }, { name = "ranks", '
        'step = { do = "normalise", method = "rank" } }]'
    )
    assert found.name == "Choice"
    assert found.options == (
        "targets: score each indicator from 0 at its worst to 100 at its best; figures beyond "
        "either are cut (as declared)",
        "ranks: score each indicator by rank, 1 for the worst area",
    )


def test_step_that_the_method_has_not_got_may_be_left_out(said):
    found = said(
        'vary = "step"\ndo = "impute"\nbefore = "normalise"\noptions = [{ name = "no filling", '
        'leave_out = true }, { name = "median", step = { do = "impute", method = "median" } }]'
    )
    assert found.options == (
        "no filling: without this step (as declared)",
        "median: fill gaps with the median of all areas; every figure filled in is marked",
    )


def test_aggregate_step_says_how_all_groups_are_made(said):
    found = said(
        'vary = "step"\ndo = "aggregate"\noptions = [{ name = "own" }, { name = "lowest", '
        'step = { do = "aggregate", missing = "propagate", method = "minimum", to = 3 } }]'
    )
    assert found.options[1] == (
        "lowest: score each group as the lowest of its indicators; score The index as the lowest "
        "of its groups; what lacks a part has no score"
    )


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ('aggregate = "geometric"', "o: geometric mean"),
        ('aggregate = "generalised", power = 0.5', "o: generalised mean (power 0.5)"),
        ('missing = "renormalise"', "o: the others share the weight of a missing part"),
        ('missing = "propagate"', "o: no score where a part is missing"),
        ("least = 0.5", "o: a score where at least 50 % of the parts are there"),
        ("needs = 1", "o: a score where at least 1 part is there"),
    ],
)
def test_groups_say_how_scores_are_made(said, option, words):
    found = said(f'vary = "groups"\noptions = [{{ name = "plain" }}, {{ name = "o", {option} }}]')
    assert found.options[0] == "plain: as declared"
    assert found.options[1].removesuffix(" (as declared)") == words.removesuffix(" (as declared)")
    assert found.note == "For all groups."


def test_groups_say_which_they_are(said):
    options = (
        'options = [{ name = "as declared" }, { name = "geometric", aggregate = "geometric" }]'
    )
    named = said(f'vary = "groups"\ngroups = ["g", "h"]\n{options}')
    assert named.note == "For Work and h."
    assert named.options == ("as declared", "geometric mean")
    assert said(f'vary = "groups"\nlevel = 2\n{options}').note == "For the groups of level 2."


def test_groups_say_what_is_combined(said):
    found = said(
        'vary = "groups"\ngroups = ["index"]\noptions = [{ name = "parts", of = "children" }, '
        '{ name = "all", of = "indicators" }]'
    )
    assert found.options == ("parts: of its direct parts", "all: of all its indicators")
    assert found.note == "For The index."


def test_goalposts_say_their_ends(said):
    found = said(
        'vary = "goalposts"\noptions = [{ name = "own" }, { name = "wide", indicators = { '
        'a = { worst = "min", best = [4, 6] }, b = { worst = 2 }, c = { best = "p97.5" } } }]'
    )
    assert found.options == (
        "own: as declared",
        "wide: a from the lowest figure to 4–6, b from 2 to its declared end and c from its "
        "declared end to p97.5",
    )


def test_weights_say_how_they_are_drawn_and_whose(said):
    noise = said('vary = "weights"\nhow = "noise"\nspread = 0.25')
    assert noise.options == ("each weight times a number of its own, anywhere from 0.75 to 1.25",)
    assert noise.note == "For all indicators and groups."
    shares = said('vary = "weights"\nhow = "dirichlet"\nconcentration = 20\ngroups = ["g"]')
    assert "Dirichlet distribution, concentration 20" in shares.options[0]
    assert shares.note == "For the parts of Work."
    levels = said('vary = "weights"\nhow = "noise"\nspread = 0.1\nlevels = [1, 2]')
    assert levels.note == "For the nodes of level 1 and level 2 (1 is the indicators)."
    ranges = said('vary = "weights"\nhow = "ranges"\nranges = { a = [0.1, 0.3], b = [1, 2] }')
    assert ranges.options == (
        "each weight anywhere between two limits: a from 0.1 to 0.3 and b from 1 to 2",
    )
    sets = said(
        'vary = "weights"\nhow = "sets"\nsets = [{ name = "equal" }, { name = "Ms Lan", '
        "weights = { a = 2 } }]"
    )
    assert sets.options == ("equal: as declared", "Ms Lan: a 2")


def test_leaving_one_out_says_of_how_many(said):
    found = said('vary = "leave_one_out"')
    assert found.options == (
        "none left out (as declared)",
        "one left out, any of 3 indicators, each as often as none",
    )


def test_figures_say_where_their_errors_come_from(said):
    plain = said('vary = "figures"')
    assert len(plain.options) == 1
    assert plain.note == ""
    found = said(
        'vary = "figures"\ncolumns = { a = "a_se" }\nrelative = { b = 0.1, "*" = 0.02 }\n'
        'limits = { "*" = [0, 100] }'
    )
    assert found.options[1:] == (
        "where the standard error stands: a has it in a_se",
        "where none is given, a share of the figure: b 10 % and all others 2 %",
    )
    assert found.note == "Figures are kept between limits: all others 0 to 100."


def test_excluded_options_are_joined():
    assert excluded_words({"A": "x", "B": "y", "C": "z"}) == "A: x with B: y with C: z"
