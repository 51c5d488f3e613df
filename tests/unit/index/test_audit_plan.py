"""The plan of an audit in a method file: what it may say, and every fault of it at once."""

import re

import pytest

from everycount.errors import InputError
from everycount.index.assumptions import GroupOption, StepOption, VarySteps, VaryWeights
from everycount.index.audit_plan import Answer, AuditPlan
from everycount.index.plan_faults import option_names, varied_nodes
from everycount.index.steps import Aggregate, Impute, Normalise
from everycount.index.thresholds import SOURCES, Thresholds, source_of
from everycount.index.variations import groups_of, varied, varied_group
from everycount.model.strict import Faults

TREE = """
groups = [
  { code = "index" },
  { code = "g", parent = "index", share_limits = [0.1, 0.9] },
  { code = "h", parent = "index" },
  { code = "f", parent = "index", aggregate = "formula", formula = "c / d" },
]
indicators = [
  { code = "a", parent = "g", worst = 0, best = 100 },
  { code = "b", parent = "g", worst = 0, best = 100 },
  { code = "c", parent = "h", worst = 0, best = 100 },
  { code = "d", parent = "f", worst = 0, best = 100 },
]
steps = [
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise", to = 2 },
  { do = "weigh", method = "equal", level = 2 },
  { do = "aggregate", missing = "renormalise" },
]
"""


@pytest.fixture
def faults_of(method_of):
    """Return the faults of a plan, without the lines they are on."""

    def read(text, tree=TREE):
        with pytest.raises(InputError) as caught:
            method_of(tree + text)
        return [re.sub(r"^line \d+, audit, ", "", str(each)) for each in caught.value.problems]

    return read


def vary(kind, more, name="X"):
    return f'[[audit.assumptions]]\nvary = "{kind}"\nname = "{name}"\n{more}\n'


def test_without_a_plan_nothing_is_said(method_of):
    assert method_of(TREE).audit == AuditPlan()


def test_a_plan_is_read(method_of):
    plan = method_of(
        TREE
        + """
[audit]
nodes = ["g", "index"]
draws = 50
pairs = [["U1", "U2"]]
exclude = [{ Scale = "z", Means = "root" }]
thresholds = { places = 3 }
checklist = [{ question = "purpose", answer = "yes", by = "us" }]
"""
        + vary(
            "step",
            'do = "normalise"\noptions = [{ name = "0" }, { name = "z", step = { do = "normalise", '
            'method = "z_score" } }]',
            "Scale",
        )
        + vary(
            "groups",
            'options = [{ name = "0" }, { name = "root", missing = "propagate" }]',
            "Means",
        )
        + vary("weights", 'how = "noise"\nspread = 0.25\nlevels = [1]', "Weights")
        + vary("leave_one_out", "", "Left out")
        + vary("figures", 'relative = { "*" = 0.1 }', "Errors")
    ).audit
    assert [option_names(each) for each in plan.assumptions] == [
        ("0", "z"),
        ("0", "root"),
        (),
        (),
        (),
    ]
    assert plan.thresholds.places == 3
    assert plan.checklist[0].by == "us"


@pytest.mark.parametrize(
    ("plan", "faults"),
    [
        (
            "percentiles = [95, 5]\ndraws = 0\nsensitivity_draws = -1\nseed = -1\n"
            'pairs = [["A", "A"]]',
            [
                "percentiles: found [95, 5], expected two percentages, the lower first",
                "draws: found 0, expected 1 or more",
                "sensitivity_draws: found -1, expected 0 or more",
                "seed: found -1, expected 0 or more",
                "pairs, item 1: found 'A' twice, expected two units",
            ],
        ),
        (
            "percentiles = [5, 5.0000001]",
            ["percentiles: found [5, 5], expected two percentages, the lower first"],
        ),
        (
            'nodes = ["x", "g", "g"]',
            [
                "nodes: found 'x', expected the code of a group of this method",
                "nodes: found 'g' a second time, expected each node once",
            ],
        ),
        (
            'checklist = [{ question = "purpose", answer = "no" }, { question = "purpose", '
            'answer = "no" }]',
            ["checklist 2, question: found 'purpose' a second time, expected each question once"],
        ),
        (
            "exclude = [{ X = 'a' }, { Y = 'a', Z = 'b' }]",
            [
                "exclude 1: found 1 options, expected two or more that cannot go together",
                "exclude 1, X: found 'X', expected the name of an assumption with options",
                "exclude 2, Y: found 'Y', expected the name of an assumption with options",
                "exclude 2, Z: found 'Z', expected the name of an assumption with options",
            ],
        ),
        (
            "[audit.thresholds]\navailability = 2\nadverse = 0.5\nchildren = 1\nlead = 0.2",
            [
                "thresholds, availability: found 2, expected a share from 0 to 1",
                "thresholds, adverse: found 0.5, expected a correlation from -1 to 0",
                "thresholds, children: found 1, expected 2 or more",
                "thresholds, lead: found 0.2, expected a share from 0.5 to 1",
            ],
        ),
    ],
)
def test_faults_of_the_plan(faults_of, plan, faults):
    assert sorted(faults_of(f"[audit]\n{plan}\n")) == sorted(faults)


def test_a_question_nobody_asks(faults_of):
    plan = '[audit]\nchecklist = [{ question = "moon", answer = "yes" }]\n'
    assert faults_of(plan)[0].startswith(
        "checklist 1, question: found 'moon', expected one of purpose, concept"
    )
    with pytest.raises(Faults):
        Answer(question="moon", answer="yes")


def two(more):
    """Return two options: as declared, and another."""
    return f'options = [{{ name = "0" }}, {{ name = "1", {more} }}]'


NAME = "name: found {}, expected a name without brackets, commas and spaces around it"
TWO = "options = [{ name = 'x' }, { name = 'y' }]"


@pytest.mark.parametrize(
    ("kind", "more", "faults"),
    [
        ("step", f'do = "normalise"\nname = " X"\n{TWO}', [NAME.format("' X'")]),
        ("groups", f'name = "X[1]"\n{TWO}', [NAME.format("'X[1]'")]),
        ("goalposts", f'name = ""\n{TWO}', [NAME.format("''")]),
        ("weights", 'name = "a,b"\nhow = "noise"\nspread = 0.1', [NAME.format("'a,b'")]),
        ("leave_one_out", 'name = "a]"', [NAME.format("'a]'")]),
        ("figures", 'name = "\\n"', [NAME.format("'\\n'")]),
        (
            "figures",
            'name = "set"',
            ["name: found 'set', expected another name than draw and set"],
        ),
        (
            "step",
            'name = "X"\ndo = "aggregate"\nnth = 0\noptions = [{ name = "x", leave_out = true }, '
            '{ name = "x", step = { do = "weigh", method = "equal" } }]',
            [
                "nth: found 0, expected 1 or more",
                "option 1 (name x), name: found 'x', expected a name that no other option has",
                "option 2 (name x), name: found 'x', expected a name that no other option has",
                "option 1 (name x), leave_out: found true for the step that makes the scores, "
                "expected another way to do it",
                'option 2 (name x), step: found do = "weigh", expected a step with do = '
                '"aggregate"',
            ],
        ),
        (
            "step",
            'name = "X"\ndo = "weigh"\noptions = [{ name = " x" }]',
            [
                "options: found 1 options, expected two or more to choose from",
                "option 1 (name  x), name: found ' x', expected a name without spaces around it",
            ],
        ),
        (
            "step",
            'name = "X"\ndo = "weigh"\noptions = [{ name = "x" }, { name = "y", leave_out = true, '
            'step = { do = "weigh", method = "equal" } }]',
            ["option 2 (name y), leave_out: found true beside a step, expected one of the two"],
        ),
        (
            "groups",
            'name = "X"\nlevel = 2\ngroups = ["g"]\noptions = [{ name = "x" }, { name = "y" }]',
            ["level: found both level = 2 and groups, expected one of them"],
        ),
        (
            "groups",
            'name = "X"\noptions = [{ name = "x", aggregate = "formula" }, { name = "y", '
            'least = 2.0 }, { name = "z", aggregate = "generalised" }]',
            [
                "option 1 (name x), aggregate: found 'formula', expected a method that needs no "
                "formula",
                "option 2 (name y), least: found 2, expected a share from 0 to 1",
                "option 3 (name z), power: found nothing, expected a power with aggregate = "
                '"generalised", and only then',
            ],
        ),
        (
            "weights",
            'name = "X"\nhow = "noise"\nspread = 2.0\nlevels = [1]\ngroups = ["g"]',
            [
                "spread: found 2, expected a share from 0 to 1",
                "levels: found both levels and groups, expected one of them",
            ],
        ),
        (
            "weights",
            'name = "X"\nhow = "dirichlet"\nconcentration = 0.0',
            ["concentration: found 0, expected a number above 0"],
        ),
        (
            "weights",
            'name = "X"\nhow = "ranges"\nranges = { a = [2, 1], b = [-1, 1] }\ngroups = ["g"]',
            [
                "ranges, a: found [2, 1], expected two weights of 0 or more, lower first",
                "ranges, b: found [-1, 1], expected two weights of 0 or more, lower first",
                'groups: found groups, expected no groups with how = "ranges"',
            ],
        ),
        (
            "weights",
            'name = "X"\nhow = "ranges"\nranges = {}\nspread = 0.1',
            [
                'ranges: found nothing, expected ranges with how = "ranges"',
                'spread: found spread with how = "ranges", expected ranges with how = "ranges"',
            ],
        ),
        (
            "weights",
            'name = "X"\nhow = "sets"\nsets = [{ name = "x", weights = { a = -1 } }]',
            [
                "set 1 (name x), weights, a: found -1, expected 0 or more",
                "sets: found 1 options, expected two or more to choose from",
            ],
        ),
        (
            "weights",
            'name = "X"\nhow = "sets"',
            ['sets: found nothing, expected sets with how = "sets"'],
        ),
        (
            "leave_one_out",
            'name = "X"\nindicators = ["a", "b", "a"]',
            ["indicators, item 3: found 'a' a second time, expected each indicator once"],
        ),
        (
            "figures",
            'name = "X"\nrelative = { a = -0.5, b = 0.1 }\nlimits = { b = [1, 1], c = [0, 1] }',
            [
                "relative, a: found -0.5, expected a share from 0 to 1",
                "limits, b: found [1, 1], expected the lower figure first",
            ],
        ),
    ],
)
def test_faults_of_an_assumption_in_itself(faults_of, kind, more, faults):
    found = faults_of(f'[[audit.assumptions]]\nvary = "{kind}"\n{more}\n')
    assert sorted(
        re.sub(r"^assumption 1( \(name [^)]*\))?, ", "", each) for each in found
    ) == sorted(faults)


Z = '{ name = "z", step = { do = "normalise", method = "z_score" } }'
OTHER = '{ name = "y", step = { do = "treat", winsorise = 2 } }'


@pytest.mark.parametrize(
    ("kind", "more", "faults"),
    [
        (
            "step",
            f'do = "normalise"\nbefore = "aggregate"\noptions = [{{ name = "0" }}, {Z}]',
            [
                "before: found 'aggregate', but the method has a step normalise, expected no "
                "before; nth says which step"
            ],
        ),
        (
            "step",
            f'do = "treat"\noptions = [{{ name = "0" }}, {OTHER}]',
            [
                "do: found 'treat', of which the method has no step, expected a step of the "
                "method, or `before` to say where it would stand"
            ],
        ),
        (
            "step",
            f'do = "normalise"\nnth = 2\noptions = [{{ name = "0" }}, {Z}]',
            [
                "nth: found 2, but the method has 1 of normalise, expected a step of the method, "
                "or `before` to say where it would stand"
            ],
        ),
        (
            "step",
            f'do = "treat"\nbefore = "select"\noptions = [{{ name = "0" }}, {OTHER}]',
            ["before: found 'select', expected the kind of a step of the method"],
        ),
        (
            "groups",
            f'groups = ["g", "x", "f"]\n{TWO}',
            [
                "groups, item 2: found 'x', expected the code of a group of this method",
                "groups, item 3: found 'f', which has a formula, expected a group without one",
            ],
        ),
        ("groups", f"level = 4\n{TWO}", ["level: found 4, expected a level from 2 to 3"]),
        (
            "goalposts",
            'options = [{ name = "x" }, { name = "y", indicators = { x = { best = 1 } } }]',
            [
                "option 2 (name y), indicators, x: found 'x', expected the code of an indicator of "
                "this method"
            ],
        ),
        (
            "weights",
            'how = "noise"\nspread = 0.1\nlevels = [1, 3]',
            ["levels, item 2: found 3, expected a level from 1 to 2"],
        ),
        (
            "weights",
            'how = "noise"\nspread = 0.1\ngroups = ["g", "a"]',
            ["groups, item 2: found 'a', expected the code of a group of this method"],
        ),
        (
            "weights",
            'how = "ranges"\nranges = { a = [1, 2], index = [1, 2] }',
            ["ranges, index: found 'index', expected the code of a node below the top"],
        ),
        (
            "weights",
            'how = "sets"\nsets = [{ name = "x" }, { name = "y", weights = { x = 1 } }]',
            ["set 2 (name y), weights, x: found 'x', expected the code of a node below the top"],
        ),
        (
            "weights",
            'how = "sets"\nsets = [{ name = "x" }, { name = "y", weights = { a = 0, b = 0 } }]',
            [
                "set 2 (name y), weights: found 0 for all parts of 'g', expected a part with a "
                "weight above 0"
            ],
        ),
        (
            "weights",
            'how = "ranges"\nranges = { a = [0, 0], b = [0, 0] }',
            ["ranges: found 0 for all parts of 'g', expected a part with a weight above 0"],
        ),
        (
            "weights",
            'how = "noise"\nspread = 0.1',
            [
                "found weights of f, g, h, which a step weighs after groups were aggregated, "
                "expected weights the method declares, or weighs before it aggregates"
            ],
        ),
        (
            "leave_one_out",
            'indicators = ["x", "c", "a"]',
            [
                "indicators, item 1: found 'x', expected the code of an indicator of this method",
                "indicators, item 2: found 'c', which a formula needs, expected another indicator",
            ],
        ),
    ],
)
def test_faults_of_an_assumption_in_its_method(faults_of, kind, more, faults):
    found = faults_of(vary(kind, more))
    assert [re.sub(r"^assumption 1 \(name X\)(, |: )", "", each) for each in found] == faults


def test_goalposts_of_a_method_that_measures_by_none(faults_of):
    tree = TREE.replace('method = "goalposts"', 'method = "min_max"')
    text = vary("goalposts", TWO)
    assert faults_of(text, tree) == [
        "assumption 1 (name X), vary: found 'goalposts', which no step measures by, expected a "
        "step that does"
    ]


def test_goalposts_of_a_step_that_is_an_option(method_of):
    tree = TREE.replace('method = "goalposts"', 'method = "min_max"')
    goalposts = '{ name = "g", step = { do = "normalise", method = "goalposts" } }'
    step = vary("step", f'do = "normalise"\noptions = [{{ name = "0" }}, {goalposts}]', "Scale")
    assert method_of(tree + vary("goalposts", TWO) + step).audit.assumptions


def test_nothing_but_formulas(faults_of):
    tree = """
groups = [{ code = "index", aggregate = "formula", formula = "a - 1" }]
indicators = [{ code = "a", parent = "index" }]
"""
    text = vary("groups", TWO) + vary("leave_one_out", "", "Y")
    assert faults_of(text, tree) == [
        "assumption 1 (name X), level: found groups with a formula only, expected a level with a "
        "group that has none",
        "assumption 2 (name Y): found indicators that formulas need, expected an indicator that "
        "can be left out",
    ]


def test_all_faults_at_once(faults_of):
    text = (
        '[audit]\nnodes = ["x"]\n'
        + vary("groups", f'groups = ["x"]\n{TWO}')
        + vary("weights", 'how = "noise"\nspread = 0.1\nlevels = [7]', "Y")
        + '[[audit.exclude]]\nX = "x"\nY = "y"\n'
    )
    assert len(faults_of(text)) == 4


def test_options_that_are_excluded_must_be_there(faults_of):
    text = (
        '[audit]\nexclude = [{ X = "x", Y = "zz" }]\n'
        + vary("groups", f'groups = ["g"]\n{TWO}')
        + vary("groups", 'groups = ["h"]\noptions = [{ name = "m" }, { name = "n" }]', "Y")
    )
    assert faults_of(text) == ["exclude 1, Y: found 'zz', expected one of m, n"]


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        (
            ("step", f'do = "normalise"\noptions = [{{ name = "0" }}, {Z}]'),
            ("step", f'do = "normalise"\noptions = [{{ name = "0" }}, {Z}]'),
            "step normalise 1",
        ),
        (
            ("groups", two("least = 0.5")),
            ("groups", 'groups = ["g"]\noptions = [{ name = "0" }, { name = "1", least = 1 }]'),
            "least of group g",
        ),
        (
            (
                "goalposts",
                two("indicators = { a = { best = 90 } }"),
            ),
            (
                "goalposts",
                two("indicators = { a = { best = 80 } }"),
            ),
            "goalposts of a",
        ),
        (
            ("weights", 'how = "noise"\nspread = 0.1\nlevels = [1]'),
            ("weights", 'how = "ranges"\nranges = { b = [1, 2] }'),
            "weight of b",
        ),
        (
            ("weights", 'how = "dirichlet"\nconcentration = 1\ngroups = ["g"]'),
            (
                "weights",
                'how = "sets"\nsets = [{ name = "0" }, { name = "1", weights = { a = 2 } }]',
            ),
            "weight of a",
        ),
        (("leave_one_out", ""), ("leave_one_out", 'indicators = ["a"]'), "indicators left out"),
        (("figures", ""), ("figures", "relative = { a = 1 }"), "errors of figures"),
    ],
)
def test_two_assumptions_about_the_same(faults_of, first, second, what):
    found = faults_of(vary(*first, "X") + vary(*second, "Y"))
    assert found == [
        f"assumption 2 (name Y): found {what}, as in 'X', expected it in one assumption"
    ]
    assert "X' 2 times" in faults_of(vary(*first) + vary(*first))[0]


def test_weights_that_a_step_of_another_assumption_sets(faults_of):
    weigh = '{ do = "weigh", method = "equal" }'
    tree = TREE.replace("steps = [", f"steps = [{weigh},")
    step = vary("step", 'do = "weigh"\n' + two("leave_out = true"))
    noise = vary("weights", 'how = "noise"\nspread = 0.1\nlevels = [1]', "Y")
    put_in = '{ name = "1", step = { do = "weigh", method = "standard_deviations" } }'
    added = f'do = "weigh"\nbefore = "aggregate"\noptions = [{{ name = "0" }}, {put_in}]'
    plain = TREE.replace('  { do = "weigh", method = "equal", level = 2 },\n', "")
    want = "assumption 2 (name Y): found weight of a, as in 'X', expected it in one assumption"
    assert faults_of(step + noise, tree) == [want]
    assert faults_of(vary("step", added) + noise, plain) == [want]


def test_options_that_do_not_fit_the_method(faults_of):
    text = vary("groups", 'groups = ["h"]\noptions = [{ name = "0" }, { name = "1", needs = 2 }]')
    text += vary(
        "goalposts",
        two("indicators = { a = { best = 0 }, b = { worst = 5 } }"),
        "Y",
    )
    assert faults_of(text) == [
        "assumption 1 (name X), option 2 (name 1): found in groups.2.needs: 2, expected at most 1, "
        "as it has no more parts",
        "assumption 2 (name Y), option 2 (name 1): found in a.best: 0, expected another figure "
        "than worst = 0",
    ]


# ------------------------------------------------------------------------------- variations


def test_a_method_as_other_choices_make_it(method_of):
    impute = '{ name = "mean", step = { do = "impute", method = "mean" } }'
    method = method_of(
        TREE
        + vary(
            "step", f'do = "impute"\nbefore = "normalise"\noptions = [{{ name = "0" }}, {impute}]'
        )
        + vary("step", f'do = "normalise"\noptions = [{{ name = "0" }}, {Z}]', "Y")
        + vary(
            "step",
            'do = "weigh"\n' + two("leave_out = true"),
            "W",
        )
        + vary("groups", two('aggregate = "minimum"'), "G")
        + vary(
            "goalposts",
            two("indicators = { a = { best = 50 } }"),
            "P",
        )
    )
    same = varied(method, {0: 0, 1: 0, 2: 0, 3: 0, 4: 0})
    assert (same.steps, same.groups, same.indicators) == (
        method.steps,
        method.groups,
        method.indicators,
    )
    assert same.audit == AuditPlan()
    other = varied(method, {0: 1, 1: 1, 2: 1, 3: 1, 4: 1})
    assert isinstance(other.steps[0], Impute)
    assert isinstance(other.steps[1], Normalise)
    assert other.steps[1].method == "z_score"
    assert [step.do for step in other.steps[2:]] == ["aggregate", "aggregate"]
    assert [group.aggregate for group in other.groups] == ["minimum"] * 3 + ["formula"]
    assert [each.best for each in other.indicators] == [50, 100, 100, 100]


def test_groups_keep_what_an_option_leaves_out(method_of):
    method = method_of(TREE)
    g = method.groups[1]
    assert varied_group(g, GroupOption(name="x")) == g
    assert varied_group(g, GroupOption(name="x", aggregate="minimum")).share_limits is None
    best = varied_group(g, GroupOption(name="x", aggregate="benefit_of_the_doubt"))
    assert best.share_limits == (0.1, 0.9)
    fewer = varied_group(g, GroupOption(name="x", of="indicators", least=0.5, needs=1))
    assert (fewer.of, fewer.counted, fewer.least, fewer.needs) == ("indicators", "children", 0.5, 1)


def test_groups_of_a_level(method_of):
    method = method_of(TREE + vary("groups", f"level = 2\n{TWO}"))
    assert groups_of(method.audit.assumptions[0], method.groups, method.tree) == (1, 2)


def test_nodes_whose_weights_vary(method_of):
    method = method_of(TREE)
    noise = {"vary": "weights", "name": "X", "how": "noise", "spread": 0.1}
    assert varied_nodes(VaryWeights(**noise), method) == (0, 1, 2, 3, 5, 6, 7)
    assert varied_nodes(VaryWeights(**noise, groups=("g",)), method) == (0, 1)


def test_a_step_that_the_method_has_not_got_is_left_out_in_vain(method_of):
    leave = StepOption(name="1", leave_out=True)
    none = VarySteps(
        vary="step", name="X", do="treat", before="aggregate", options=(StepOption(name="0"), leave)
    )
    method = method_of(TREE)
    assert varied(_with(method, none), {0: 1}).steps == method.steps
    assert isinstance(method.steps[-1], Aggregate)


def _with(method, assumption):
    from dataclasses import replace

    return replace(method, audit=AuditPlan(assumptions=(assumption,)))


# ------------------------------------------------------------------------------- thresholds


def test_every_limit_says_where_it_comes_from():
    names = set(Thresholds.__dataclass_fields__)
    assert names == set(SOURCES)
    assert source_of(Thresholds(), "alpha") == SOURCES["alpha"]
    assert source_of(Thresholds(places=9), "places") == "set by the method; usual 5"
