from everycount.io import declare
from everycount.io.outcomes_toml import outcomes_toml
from everycount.model.conditions import Condition
from everycount.model.design import Outcome, SurveyDesign

OUTCOMES = (
    Outcome(name="violence", label='"Any" violence\x7f, năm', weight="d005", direction="barrier"),
    Outcome(
        name="reads",
        yes=(1, "2", 2.5),
        no=(0,),
        universe=(
            Condition(column="age", at_least=15.0, at_most=49.5),
            Condition(column="sex", among=("F",)),
        ),
        interval="wilson",
        weight_divisor=1e6,
    ),
    Outcome(name="gross", column="pupil", statistic="ratio", denominator="of_age"),
    Outcome(name="median", statistic="quantile", probability=0.5),
)


def test_outcomes_read_back_as_they_were():
    text = outcomes_toml(OUTCOMES)
    assert declare.read(text, SurveyDesign, subject="design.toml").outcomes == OUTCOMES


def test_only_what_is_said_is_written():
    assert outcomes_toml(OUTCOMES[3:]) == (
        '[[outcomes]]\nname = "median"\nstatistic = "quantile"\nprobability = 0.5\n'
    )
    assert outcomes_toml([]) == ""
