"""The rules of checking: what each says, why it matters, what to do."""

from everycount.model.finding import Rule, Severity


def _rule(name: str, severity: Severity, title: str, why: str, remedy: str) -> Rule:
    return Rule(id=name, severity=severity, title=title, why=why, remedy=remedy)


RULES = (
    _rule(
        "codes-unknown",
        "warning",
        "a code that no list explains",
        "Readers and other systems cannot tell what the figure is about.",
        "Correct the code, or give its label with the data.",
    ),
    _rule(
        "indicator-unknown",
        "error",
        "an indicator that the framework does not have",
        "The figure would appear under no indicator.",
        "Correct the code, or choose the framework the data belong to.",
    ),
    _rule(
        "unit-missing",
        "warning",
        "figures without a unit",
        "A number without its unit is not a figure.",
        "Give UNIT_MEASURE.",
    ),
    _rule(
        "unit-several",
        "warning",
        "one indicator in several units",
        "Figures in different units must not be compared or drawn together.",
        "Convert them, or give each unit an indicator of its own.",
    ),
    _rule(
        "unit-framework",
        "warning",
        "a unit that differs from the indicator's",
        "The figure may measure something else, such as a number where a share is asked for.",
        "Convert the figures, or record that the indicator is measured otherwise.",
    ),
    _rule(
        "range-percent",
        "error",
        "a percentage below 0 or above 100",
        "A share of a whole cannot leave these bounds; a ratio or a change can, with its unit.",
        "Correct the figure, or its unit.",
    ),
    _rule(
        "range-share",
        "warning",
        "percentages that all lie between 0 and 1",
        "They look like shares of one that are called percentages.",
        "Multiply them by 100, if so.",
    ),
    _rule(
        "range-negative",
        "error",
        "a negative count, sample size or standard error",
        "Nothing can be counted below zero.",
        "Correct the figure.",
    ),
    _rule(
        "range-bounds",
        "error",
        "a value outside its own bounds",
        "An interval holds its estimate; a bound may stand in the wrong column.",
        "Correct the value or its bounds.",
    ),
    _rule(
        "missing-unexplained",
        "warning",
        "no value and no reason",
        "Not collected, not applicable and suppressed are different messages.",
        "Give OBS_STATUS (such as M missing, L not collected) or leave the row out.",
    ),
    _rule(
        "missing-contradicted",
        "error",
        "a value that is said to be missing",
        "One of the two is wrong.",
        "Correct the value or OBS_STATUS.",
    ),
    _rule(
        "totals-sum",
        "error",
        "parts that do not add up to their total",
        "Counts of women and men make the count of all; so do other complete breakdowns.",
        "Correct the figures, or say which group is in the total only.",
    ),
    _rule(
        "totals-between",
        "warning",
        "a total that lies outside its parts",
        "A rate for all is a weighted mean of the groups' rates and lies between them.",
        "Correct the figures, or say which group is in the total only.",
    ),
    _rule(
        "jump-period",
        "warning",
        "a jump from one period to the next",
        "It may be real, a break in the series, or a slip of the pen.",
        "Confirm it, mark the break (OBS_STATUS B), or correct it.",
    ),
    _rule(
        "jump-release",
        "warning",
        "a figure that was revised strongly",
        "Readers have cited the former figure; a revision needs a reason.",
        "Give the reason with the new version.",
    ),
    _rule(
        "gone-release",
        "warning",
        "figures that were released before and are not here",
        "Published figures are withdrawn openly, never dropped.",
        "Add them, or withdraw them with a reason.",
    ),
    _rule(
        "sample-small",
        "warning",
        "a figure from a small sample",
        "Few respondents make an unreliable figure and may be recognised.",
        "Publish with a flag, join groups, or suppress.",
    ),
    _rule(
        "precision-marginal",
        "warning",
        "a figure of marginal precision",
        "Its coefficient of variation is high: differences may be chance.",
        "Publish with a flag and its interval.",
    ),
    _rule(
        "precision-poor",
        "error",
        "a figure too imprecise to publish",
        "Its coefficient of variation is beyond what offices release.",
        "Suppress it, join groups or periods, or record why it is released.",
    ),
    _rule(
        "stale",
        "note",
        "an indicator whose newest figure is old",
        "Users take the newest figure for today's state.",
        "Say when the next figure is due.",
    ),
    _rule(
        "period-future",
        "error",
        "a period that has not begun",
        "A projection is not an observation.",
        "Correct the period, or mark the figure as forecast (OBS_STATUS F).",
    ),
    _rule(
        "coverage-single",
        "note",
        "a breakdown that the indicator should have and has not",
        "Groups that are not counted are not seen.",
        "Add the figures, or plan how they will be produced.",
    ),
    _rule(
        "coverage-combined",
        "note",
        "several characteristics at once that should be there and are not",
        "Those furthest behind are found where characteristics meet.",
        "Reprocess the survey or register, if it holds the characteristics.",
    ),
)
"""In the order in which they are reported."""

BY_ID = {rule.id: rule for rule in RULES}
