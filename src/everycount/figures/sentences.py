"""The sentences of statements, whole, so that every language can put its words in its own order.

Names of areas and titles of indicators stand before a colon: no language has to inflect them.
"""

from collections.abc import Mapping

from everycount.language.catalogue import N_

FIGURE: Mapping[tuple[str, bool], str] = {
    ("plain", True): N_("{area} – {title}: the figure for {period} is {value}."),
    ("plain", False): N_("{area} – {title}: the figure for {period} was {value}."),
    ("few", True): N_(
        "{area} – {title}: the figure for {period} is about {value}; it rests on few cases."
    ),
    ("few", False): N_(
        "{area} – {title}: the figure for {period} was about {value}; it rests on few cases."
    ),
    ("uncertain", True): N_(
        "{area} – {title}: the figure for {period} is about {value}; it is of low reliability."
    ),
    ("uncertain", False): N_(
        "{area} – {title}: the figure for {period} was about {value}; it is of low reliability."
    ),
    ("modelled", True): N_("{area} – {title}: the figure for {period} is estimated at {value}."),
    ("modelled", False): N_("{area} – {title}: the figure for {period} was estimated at {value}."),
}
"""By what limits the figure, and whether it is recent."""
NO_FIGURE: Mapping[str, str] = {
    "forecast": N_("{area} – {title}: there is a forecast, but no figure."),
    "missing": N_("{area} – {title}: there is no figure."),
    "hidden": N_("{area} – {title}: the figure is not shown."),
}
HALF: Mapping[tuple[str, bool], str] = {
    ("plain", True): N_(
        "{title}: half of the areas with a figure have {value} or more ({period})."
    ),
    ("plain", False): N_(
        "{title}: half of the areas with a figure had {value} or more ({period})."
    ),
    ("modelled", True): N_(
        "{title}: by estimates, half of the areas with a figure have {value} or more ({period})."
    ),
    ("modelled", False): N_(
        "{title}: by estimates, half of the areas with a figure had {value} or more ({period})."
    ),
}
NO_NUMBERS = N_("{title}: there are no figures that can be compared.")
DISTANCE: Mapping[tuple[str, bool], str] = {
    ("on target", True): N_("{area} – {title}: the target is reached, with {value} in {period}."),
    ("on target", False): N_("{area} – {title}: the target was reached, with {value} in {period}."),
    ("points", True): N_("{area} – {title}: the target is {gap} points away ({period})."),
    ("points", False): N_("{area} – {title}: the target was {gap} points away ({period})."),
    ("unit", True): N_("{area} – {title}: the target is {gap} away ({period})."),
    ("unit", False): N_("{area} – {title}: the target was {gap} away ({period})."),
}
GAP: Mapping[tuple[str, bool], str] = {
    ("women points", True): N_(
        "{area} – {title}: the figure of women is {gap} points above that of men ({period})."
    ),
    ("women points", False): N_(
        "{area} – {title}: the figure of women was {gap} points above that of men ({period})."
    ),
    ("men points", True): N_(
        "{area} – {title}: the figure of women is {gap} points below that of men ({period})."
    ),
    ("men points", False): N_(
        "{area} – {title}: the figure of women was {gap} points below that of men ({period})."
    ),
    ("ratio", True): N_(
        "{area} – {title}: the figure of women is {ratio} times that of men ({period})."
    ),
    ("ratio", False): N_(
        "{area} – {title}: the figure of women was {ratio} times that of men ({period})."
    ),
    ("unit women", True): N_(
        "{area} – {title}: the figure of women is {gap} above that of men ({period})."
    ),
    ("unit women", False): N_(
        "{area} – {title}: the figure of women was {gap} above that of men ({period})."
    ),
    ("unit men", True): N_(
        "{area} – {title}: the figure of women is {gap} below that of men ({period})."
    ),
    ("unit men", False): N_(
        "{area} – {title}: the figure of women was {gap} below that of men ({period})."
    ),
    ("parity", True): N_("{area} – {title}: women and men are at parity, at {value} ({period})."),
    ("parity", False): N_("{area} – {title}: women and men were at parity, at {value} ({period})."),
    ("overlap", True): N_(
        "{area} – {title}: women and men cannot be told apart; "
        "the intervals around their figures for {period} overlap."
    ),
    ("overlap", False): N_(
        "{area} – {title}: women and men could not be told apart; "
        "the intervals around their figures for {period} overlap."
    ),
}
CHANGE: Mapping[tuple[str, str], str] = {
    ("up", "better"): N_(
        "{area} – {title}: the figure rose by {change} from {first} to {last}, for the better."
    ),
    ("up", "worse"): N_(
        "{area} – {title}: the figure rose by {change} from {first} to {last}, for the worse."
    ),
    ("up", ""): N_("{area} – {title}: the figure rose by {change} from {first} to {last}."),
    ("down", "better"): N_(
        "{area} – {title}: the figure fell by {change} from {first} to {last}, for the better."
    ),
    ("down", "worse"): N_(
        "{area} – {title}: the figure fell by {change} from {first} to {last}, for the worse."
    ),
    ("down", ""): N_("{area} – {title}: the figure fell by {change} from {first} to {last}."),
    ("", "stable"): N_("{area} – {title}: the figure hardly changed from {first} to {last}."),
    ("", "overlap"): N_(
        "{area} – {title}: from {first} to {last} no change can be told; "
        "the intervals around both figures overlap."
    ),
}
POINTS = N_("{points} points")
PER_CENT_OF_FIRST = N_("{percent} of its first value")
CAVEATS: Mapping[str, str] = {
    "few": N_("Part of this rests on few cases."),
    "modelled": N_("Part of this is estimated by models."),
    "broken": N_("Figures before a break in the series are left out."),
}
SCORE: Mapping[bool, str] = {
    True: N_(
        "{area}: the score for {period} is {score} of {most}; the rank is {rank} of {count}, "
        "and from {low} to {high} in {share} of the builds tested."
    ),
    False: N_(
        "{area}: the score for {period} was {score} of {most}; the rank was {rank} of {count}, "
        "and from {low} to {high} in {share} of the builds tested."
    ),
}
SCORE_ALONE: Mapping[bool, str] = {
    True: N_(
        "{area}: the score for {period} is {score} of {most}; how sure the rank is was not tested."
    ),
    False: N_(
        "{area}: the score for {period} was {score} of {most}; how sure the rank is was not tested."
    ),
}
HEADLINE: Mapping[str, str] = {
    "total": N_("This series is shown first: it is not broken down."),
    "only": N_(
        "All figures of this indicator are broken down by {always}; "
        "of the series with the fewest other breakdowns this one covers the most areas."
    ),
    "fewest": N_(
        "No series with enough areas is a total; of those with the fewest breakdowns "
        "this one covers the most areas."
    ),
}
"""Why a series is shown first, by the rule that chose it."""
NO_TARGETS = N_("{area}: no figure can be held against a target.")
WITH_UNIT = N_("{number} {unit}")
"""A number with its unit; {unit} is a label such as "per 100,000 live births"."""
