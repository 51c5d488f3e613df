"""Time the choice of cells to hide, and its audit, on all crossings of eight characteristics.

usage: python benchmarks/suppression.py [RESPONDENTS ...]

All one- to three-way crossings of region 8, urban 2, wealth 5, education 4, age 7, ethnicity 6,
disability 2 and migration 2: 5,151 cells over 53,760 joint cells. Respondents are simulated, some
levels are rare. Times are of one process on a quiet machine.
"""

import sys
import time

import numpy as np

from everycount.arrays.attack import Verdict, attack
from everycount.arrays.disclose import MinimumAnswers, MinimumRespondents, Rules, judge_counts
from everycount.arrays.lattice import cross, margins
from everycount.arrays.merge import propose_merges
from everycount.arrays.suppress import State, protect

LEVELS = (8, 2, 5, 4, 7, 6, 2, 2)
ORDERED = (False, False, True, True, True, False, False, False)
TEN = MinimumRespondents(least=10)  # output checkers of the United Kingdom
HEAD = (
    f"{'respondents, rules':<44}{'seconds':>9}{'primary':>9}{'more':>7}"
    f"{'whole':>7}{'mixed':>7}{'fract.':>7}{'unpr.':>7}{'leaks':>7}"
)


def survey(respondents: int):
    """Return respondents who say yes and no in joint cells; region and wealth shift the rest."""
    rng = np.random.default_rng(2026)
    region = rng.choice(8, respondents, p=np.array([22, 18, 15, 13, 11, 9, 7, 5]) / 100)
    urban = rng.random(respondents) < 0.25 + 0.05 * region
    latent = rng.normal(size=respondents) + 0.8 * urban - 0.1 * region
    wealth = np.digitize(latent, np.quantile(latent, [0.2, 0.4, 0.6, 0.8]))
    latent = rng.normal(size=respondents) + 0.5 * wealth + 0.3 * urban
    education = np.digitize(latent, np.quantile(latent, [0.25, 0.6, 0.9]))
    age = rng.choice(7, respondents, p=np.array([22, 19, 16, 14, 12, 9, 8]) / 100)
    drawn = np.searchsorted([0.45, 0.70, 0.84, 0.93, 0.98], rng.random(respondents))
    ethnicity = (drawn + region % 3) % 6
    disability = rng.random(respondents) < 0.02 + 0.02 * age
    migration = rng.random(respondents) < 0.05 + 0.08 * urban
    codes = (region, urban, wealth, education, age, ethnicity, disability, migration)
    joint = np.ravel_multi_index([np.asarray(code, int) for code in codes], LEVELS)
    yes = rng.random(respondents) < 1 / (1 + np.exp(1 - 0.4 * wealth - 0.3 * education))
    size = int(np.prod(LEVELS))
    return np.stack([np.bincount(joint[own], minlength=size) for own in (yes, ~yes)])


def line(what: str, seconds: float, state, verdict) -> None:
    counts = np.bincount(verdict, minlength=len(Verdict))
    kinds = np.bincount(state, minlength=len(State))
    print(
        f"{what:<44}{seconds:>9.1f}{kinds[State.PRIMARY]:>9,}{kinds[State.COMPLEMENTARY]:>7,}"
        f"{counts[Verdict.RESPONDENTS]:>7,}{counts[Verdict.MIXED]:>7,}"
        f"{counts[Verdict.FRACTIONS]:>7,}{counts[Verdict.UNPROVEN]:>7,}"
        f"{counts[Verdict.LEAK_SUMS :].sum():>7,}"
    )


def run(respondents: int) -> None:
    """Print what is hidden of a survey, how it is proven, and how it leaks without the rest."""
    lattice, answers = cross(LEVELS), survey(respondents)
    both = answers.sum(axis=0, keepdims=True)
    cases = [
        ("10 respondents", both, Rules(respondents=TEN), {}),
        (
            "10 respondents, all of them whole",
            both,
            Rules(respondents=TEN),
            {"proof": "respondents"},
        ),
        (
            "10 respondents, 0 % and 100 %",
            answers,
            Rules(respondents=TEN, answers=MinimumAnswers()),
            {},
        ),
    ]
    for what, tables, rules, more in cases:
        demand = judge_counts(margins(lattice, tables), rules)
        start = time.perf_counter()
        found = protect(lattice, tables, demand, **more)
        seconds = time.perf_counter() - start
        line(f"{respondents:>9,}, {what}", seconds, found.state, found.audit.verdict)
        start = time.perf_counter()
        bare = attack(lattice, tables, demand.reason > 0, demand=demand)
        seconds = time.perf_counter() - start
        state = np.where(demand.reason > 0, int(State.PRIMARY), int(State.PUBLISHED))
        line("           attacked, nothing else hidden", seconds, state, bare.verdict)
    start = time.perf_counter()
    merges = propose_merges(lattice, both, Rules(respondents=TEN), ordered=ORDERED)
    seconds = time.perf_counter() - start
    words = [f"{m.characteristic}: {m.levels}, {m.before} to {m.after}" for m in merges]
    print(f"{'           merges':<44}{seconds:>9.1f}  {'; '.join(words) or 'none worth it'}")


if __name__ == "__main__":
    print(HEAD)
    for number in sys.argv[1:] or ("20000", "1000000", "5000"):
        run(int(number))
