"""What an audit says it did not test."""

import pytest

from everycount.audit import caveats as module
from everycount.audit.caveats import caveats_of
from everycount.audit.sensitivity import none_because
from everycount.audit.uncertainty import describe

WEIGHTS = {"vary": "weights", "name": "Weights", "how": "noise", "spread": 0.2}
SCALE = {
    "vary": "step",
    "name": "Scale",
    "do": "normalise",
    "options": [
        {"name": "z", "step": {"do": "normalise", "method": "z_score"}},
        {"name": "rank", "step": {"do": "normalise", "method": "rank"}},
    ],
}
SAME = {
    "vary": "groups",
    "name": "Means",
    "options": [
        {"name": "sum", "aggregate": "arithmetic"},
        {"name": "min", "aggregate": "minimum"},
    ],
}


@pytest.fixture
def of(builds_of, tree, steps, vary, plan, drawn, figures):
    def make(
        *assumptions, steps=steps, data=figures, sensitivity=None, notes=(), given=False, **keys
    ):
        text = tree + steps + plan(**keys) + "".join(vary(**each) for each in assumptions)
        builds = builds_of(text, data)
        found = describe(builds.result, builds.run(drawn(builds, 20)))
        said = caveats_of(
            builds.result, found, sensitivity or none_because("x"), notes, is_given=given
        )
        few = tuple(each for each in said if each.startswith("There are "))
        assert bool(few) is (len(builds.result.state.units) < 10)  # all of these are small
        return tuple(each for each in said if each not in few)

    return make


MISSING = (
    "Of the 35 figures of ranked units 3 are missing. Leaving a missing indicator out of a mean is "
    "the same as giving it the mean of the others of its group."
)


def test_missing_figures(of, steps, figures):
    assert of(WEIGHTS, notes=("First.",)) == ("First.", MISSING)
    filled = steps.replace("steps = [", 'steps = [{ do = "impute", method = "mean" },')
    assert of(WEIGHTS, steps=filled) == ()
    whole = figures.replace("U4,62,,81", "U4,62,1,81").replace("U7,5,,,9", "U7,5,1,1,9")
    assert of(WEIGHTS, data=whole) == ()
    assert of(WEIGHTS, steps=steps.replace("renormalise", "propagate")) == ()
    one = whole.replace("U7,5,1,", "U7,5,,")
    assert of(WEIGHTS, data=one)[0].startswith("Of the 35 figures of ranked units 1 is missing.")


def test_what_no_option_does(of):
    nothing = (
        "None of the options of Scale is what the method declares; the nominal ranks come from a "
        "choice that no build made."
    )
    assert of(SCALE) == (nothing, MISSING)
    assert of(SAME) == (MISSING,)


def test_leaving_out_and_excluding(of):
    left = {"vary": "leave_one_out", "name": "Left out"}
    exclude = [{"Scale": "z", "Means": "min"}]
    found = of(left, SCALE, SAME, exclude=exclude)
    assert found[0].startswith(
        "An indicator that is left out is left out where scores are combined"
    )
    never = "Some options were declared not to go together and were never drawn together."
    assert never in found
    found = of(left, SCALE, SAME, exclude=exclude, given=True)
    assert never not in found
    assert any(each.startswith("The draws were given: ") for each in found)


def test_several_nodes_and_many_units(of):
    found = of(WEIGHTS, nodes=["index", "g"])
    assert "The verdict is about index; g: in the tables only." in found
    data = "unit,a,b,c,d,e\n" + "".join(
        f"U{u},{u},{2 * u},{3 * u},{u * u},{u + 1}\n" for u in range(1, 13)
    )
    assert of(WEIGHTS, data=data) == ()


def test_periods_windows_and_small_samples(of, monkeypatch):
    years = "unit,period,a,b,c,d,e\n" + "".join(
        f"U{u},{y},{u * 9},{u * y % 50},{u * 3},{u * 7 % 40},{y % 10}\n"
        for u in range(1, 6)
        for y in (2018, 2019)
    )
    from dataclasses import replace

    few = replace(none_because(""), base=50, incomplete=("U1", "U2"))
    monkeypatch.setattr(module, "WINDOW", 3)
    assert of(WEIGHTS, data=years, sensitivity=few) == (
        "Every period was tested; the verdict and the coherence of the parts are those of 2019, "
        "the newest.",
        "Every unit was compared with the 3 behind it in the ranking, not with those farther off.",
        "Sensitivities rest on base samples of 50 draws; with so few their intervals are wide.",
        "No sensitivity of U1 and U2: some builds give no rank.",
    )
