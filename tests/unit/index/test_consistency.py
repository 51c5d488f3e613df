import pytest

from everycount.errors import InputError

A = '{ code = "a", parent = "g", worst = 0, best = 100 }'
B = '{ code = "b", parent = "index", worst = 0, best = 100 }'
BARE = '{ code = "a", parent = "g" }'
TREE = 'groups = [{ code = "index" }, { code = "g", parent = "index" }]\n'
MEAN = 'do = "aggregate", missing = "renormalise"'
GOALPOSTS = 'do = "normalise", method = "goalposts"'


@pytest.fixture
def faults_of(method_of):
    """The faults of a method of the steps, over indicator a in group g and indicator b."""

    def read(*steps, indicators=(A, B), groups=TREE):
        listed = ", ".join(f"{{ {step} }}" for step in steps)
        text = f"{groups}indicators = [{', '.join(indicators)}]\nsteps = [{listed}]\n"
        try:
            method_of(text)
        except InputError as error:
            return [(problem.where.partition(", ")[2], problem.found) for problem in error.problems]
        return []

    return read


def with_(keys):
    return A.replace(" }", f", {keys} }}")


@pytest.mark.parametrize(
    ("keys", "step"),
    [
        ('derive = { kind = "formula", formula = "x" }', "derive"),
        ("recode = { yes = 1 }", "recode"),
        ("clip = { low = 1 }", "clip"),
        ('denominator = "x"', "denominate"),
    ],
)
def test_a_declaration_needs_its_step_and_a_step_its_declaration(faults_of, keys, step):
    key = "denominator" if step == "denominate" else step
    lacking = faults_of(MEAN, indicators=(with_(keys), B))
    assert lacking == [(f"indicator 1 (code a), {key}", "no step that does it")]
    idle = faults_of(f'do = "{step}"', MEAN)
    assert idle == [(f"step 1 (do {step})", f"no indicator with {key}")]
    assert faults_of(f'do = "{step}"', MEAN, indicators=(with_(keys), B)) == []


def test_indicators_derived_in_a_circle(faults_of):
    own = [
        f'{{ {keys}, derive = {{ kind = "formula", formula = "{formula}" }} }}'
        for keys, formula in (
            ('code = "a", parent = "g"', "b"),
            ('code = "b", parent = "index"', "a + x"),
        )
    ]
    assert faults_of('do = "derive"', MEAN, indicators=own) == [
        ("indicator 1 (code a), derive", "a circle of a, b"),
        ("indicator 2 (code b), derive", "a circle of a, b"),
    ]


def test_figures_are_prepared_before_they_are_scores_and_once(faults_of):
    found = faults_of('do = "select"', GOALPOSTS, 'do = "select"', MEAN)
    assert found == [
        ("step 3 (do select), do", "select after normalise"),
        ("step 3 (do select), do", "select a second time"),
    ]


def test_screen_is_of_editions(faults_of):
    screen = 'do = "screen", units = 0.5'
    assert faults_of(screen, 'do = "select"', MEAN) == [
        ("step 1 (do screen), do", "screen before select")
    ]
    assert faults_of('do = "select"', screen, MEAN) == []


def test_an_aggregate_step_that_another_follows_says_where_it_ends(faults_of):
    assert faults_of(MEAN, f"{MEAN}, to = 3") == [
        ("step 1 (do aggregate), to", "nothing"),
        ("step 2 (do aggregate), to", "level 3, computed before"),
    ]


@pytest.mark.parametrize("method", ["last", "linear"])
def test_filling_along_time_needs_several_periods(faults_of, method):
    fill = f'do = "impute", method = "{method}"'
    assert faults_of('do = "select"', fill, MEAN) == [
        ("step 2 (do impute), method", f"{method} after one edition was selected")
    ]
    assert faults_of('do = "select", periods = [2015, 2019]', fill, MEAN) == []
    assert faults_of(fill, 'do = "select"', MEAN) == []
    assert faults_of(fill, MEAN) == []


def test_names_that_are_not_in_the_tree(faults_of):
    found = faults_of(
        'do = "impute", method = "given", nodes = ["q"], values = { z = { X = 1 }, a = { Y = 2 } }',
        'do = "treat", winsorise = 2, nodes = ["g"]',
        'do = "normalise", method = "goalposts", nodes = ["a", "p"]',
        'do = "weigh", method = "equal", parents = ["a", "g"], target = "u"',
        MEAN,
    )
    assert found == [
        ("step 1 (do impute), nodes", "'q'"),
        ("step 1 (do impute), values, z", "'z'"),
        ("step 2 (do treat), nodes", "'g'"),
        ("step 3 (do normalise), nodes", "'p'"),
        ("step 4 (do weigh), parents", "'a'"),
        ("step 4 (do weigh), target", "'u'"),
    ]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        (['do = "impute", method = "mean", level = 4'], ("step 1 (do impute), level", "4")),
        (['do = "weigh", method = "equal", level = 3'], ("step 1 (do weigh), level", "3")),
        (
            ['do = "impute", method = "mean", level = 2'],
            ("step 1 (do impute), level", "level 2, not computed yet"),
        ),
        (
            ['do = "normalise", method = "rank", nodes = ["a", "g"]'],
            ("step 1 (do normalise), nodes", "level 2, not computed yet"),
        ),
        ([f"{MEAN}, to = 4"], ("step 1 (do aggregate), to", "4")),
        ([f"{MEAN}, to = 1"], ("step 1 (do aggregate), to", "1")),
        (
            [f'{MEAN}, method = ["arithmetic"]'],
            ("step 1 (do aggregate), method", "1 methods"),
        ),
    ],
)
def test_levels_that_the_tree_does_not_have_or_that_are_not_computed(faults_of, steps, fault):
    assert fault in faults_of(*steps, *([] if "aggregate" in steps[0] else [MEAN]))


def test_levels_step_by_step(faults_of):
    assert (
        faults_of(
            GOALPOSTS,
            f"{MEAN}, to = 2",
            'do = "impute", method = "mean", level = 2',
            'do = "weigh", method = "equal", level = 2',
            f'{MEAN}, method = ["arithmetic", "geometric"]',
            'do = "normalise", method = "min_max", level = 3',
        )
        == []
    )


@pytest.mark.parametrize(
    "step",
    [
        'do = "normalise", method = "min_max"',
        'do = "impute", method = "mean", nodes = ["g", "a"]',
        'do = "weigh", method = "equal", level = 2',
        'do = "treat", winsorise = 3',
    ],
)
def test_a_step_after_all_that_it_could_change_was_aggregated(faults_of, step):
    ((where, found),) = faults_of(MEAN, step)
    assert where.startswith("step 2")
    assert found.endswith("after the groups above were aggregated")


def test_a_step_on_what_an_index_of_indicators_or_a_formula_still_needs(faults_of):
    again = 'do = "impute", method = "siblings", nodes = ["a"]'
    two = 'groups = [{{ code = "index"{} }}, {{ code = "g", parent = "index" }}]\n'
    direct = two.format(', of = "indicators"')
    formula = two.format(', aggregate = "formula", formula = "a + g"')
    assert faults_of(f"{MEAN}, to = 2", again, MEAN)[0][0] == "step 2 (do impute)"
    assert faults_of(f"{MEAN}, to = 2", again, MEAN, groups=direct) == []
    assert faults_of(f"{MEAN}, to = 2", again, MEAN, groups=formula) == []


def test_indicators_that_say_not_which_way_is_better(faults_of):
    found = faults_of(GOALPOSTS, MEAN, indicators=(BARE, B))
    assert found == [("indicator 1 (code a)", "no goalposts")]
    rank = 'do = "normalise", method = "rank", nodes = ["b"]'
    assert faults_of(rank, MEAN, indicators=(BARE, B)) == []


def test_goalposts_are_asked_for_once(faults_of):
    twice = 'do = "normalise", method = "min_max"', 'do = "normalise", method = "z_score"'
    assert len(faults_of(*twice, MEAN, indicators=(BARE, B))) == 1


def test_truncate_needs_a_number_to_cut_at(faults_of):
    band = '{ code = "a", parent = "g", worst = 0, best = [47, 53] }'
    found = faults_of('do = "normalise", method = "truncate"', MEAN, indicators=(band, B))
    assert found == [("indicator 1 (code a), best", "[47, 53]")]


def test_scores_do_not_lie_between_goalposts(faults_of):
    assert faults_of(GOALPOSTS, GOALPOSTS, MEAN) == [
        ("step 2 (do normalise), method", "goalposts of a, b, which are scores already")
    ]
    assert faults_of(GOALPOSTS, 'do = "normalise", method = "min_max"', MEAN) == []


def test_a_correction_is_made_by_goalposts(faults_of):
    own = with_('correction = { level = "x" }')
    assert faults_of('do = "normalise", method = "rank"', MEAN, indicators=(own, B)) == [
        ("indicator 1 (code a), correction", "no step that makes it")
    ]
    assert faults_of(GOALPOSTS, MEAN, indicators=(own, B)) == []


def test_a_group_is_no_column_of_figures(faults_of):
    keys = 'denominator = "g", correction = { level = "index / 2" }'
    derived = '{ code = "b", parent = "g", derive = { kind = "formula", formula = "g" } }'
    fill = 'do = "impute", method = "mean", weight = "g"'
    steps = 'do = "derive"', 'do = "denominate"', fill, f'{GOALPOSTS}, nodes = ["a"]', MEAN
    assert faults_of(*steps, indicators=(with_(keys), derived)) == [
        ("indicator 1 (code a), denominator", "'g', which is a group"),
        ("indicator 1 (code a), correction, level", "'index', which is a group"),
        ("indicator 2 (code b), derive", "'g', which is a group"),
        ("step 3 (do impute), weight", "'g', which is a group"),
    ]


@pytest.mark.parametrize(
    ("keys", "most"),
    [
        ("", 2),
        ('of = "indicators"', 2),
        ('counted = "indicators"', 2),
        ('aggregate = "formula", formula = "a"', 1),
    ],
)
def test_a_group_cannot_need_more_parts_than_it_has(faults_of, keys, most):
    tree = f'groups = [{{ code = "index", needs = {{}}{", " if keys else ""}{keys} }}, '
    tree += '{ code = "g", parent = "index" }]\n'
    assert faults_of(MEAN, groups=tree.replace("{}", str(most))) == []
    found = faults_of(MEAN, groups=tree.replace("{}", str(most + 1)))
    assert found == [("group 1 (code index), needs", str(most + 1))]


@pytest.mark.parametrize(("keys", "parts"), [("", 1), (', of = "indicators"', 2)])
def test_the_original_has_no_fewer_parts_than_the_method(faults_of, keys, parts):
    tree = f"""
groups = [{{ code = "index", out_of = {parts - 1}{keys} }}, {{ code = "g", parent = "index" }}]
"""
    own = A, B.replace('parent = "index"', 'parent = "g"')
    if parts > 1:
        found = faults_of(MEAN, groups=tree, indicators=own)
        assert found == [("group 1 (code index), out_of", str(parts - 1))]
    enough = tree.replace(f"out_of = {parts - 1}", f"out_of = {parts}")
    assert faults_of(MEAN, groups=enough, indicators=own) == []


def test_while_the_groups_are_no_tree_the_rest_is_judged(faults_of):
    broken = TREE.replace('parent = "index"', 'parent = "x"')
    found = faults_of(
        'do = "recode"', 'do = "normalise", method = "rank", level = 2', GOALPOSTS, MEAN,
        indicators=(BARE, B), groups=broken,
    )  # fmt: skip
    assert sorted(found) == [
        ("group 2 (code g), parent", "'x', which is no group of this method"),
        ("indicator 1 (code a)", "no goalposts"),
        ("step 1 (do recode)", "no indicator with recode"),
    ]
    assert len(faults_of('do = "recode"', MEAN, groups=broken)) == 2
