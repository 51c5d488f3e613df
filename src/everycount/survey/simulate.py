"""A made-up household survey for demonstrations and tests: no country, no respondents."""

import numpy as np
import numpy.typing as npt
import polars as pl

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
REGIONS = ("Coast", "Delta", "Highlands", "Plateau", "Valley")
POOR = np.array([0.3, 0.0, 0.9, 0.4, -0.2])
"""How much poorer each region is, in standard deviations of the wealth score."""
EDUCATION = ("None", "Primary", "Secondary", "Higher")
GROUPS = ("Majority", "Minority A", "Minority B")


def simulate(*, clusters: int = 300, seed: int = 2026) -> pl.DataFrame:
    """Return women of 15-49 from a simulated two-stage household survey.

    Ten strata (five regions, urban and rural), clusters drawn with replacement within them, all
    women of about 20 households in each. Poverty, schooling and minority language go together,
    and the outcomes with them, so that there is somebody to find who is furthest behind. A third
    of the women were drawn for a module on violence, which has its own weight.

    Parameters
    ----------
    clusters : int
        Number of clusters, at least 20.
    seed : int
        The same seed gives the same survey.

    Returns
    -------
    DataFrame
        One woman a row, clusters together: stratum, cluster, household, weight, module_weight,
        region, urban, score (of wealth), members, age, education, ethnicity, disability,
        internet, works, unmet_need (null for those not asked), partner_violence (null outside the
        module). Codes are numbers from 1; answers 1 yes, 2 no, 9 not known.

    Raises
    ------
    ValueError
        If there are fewer than 20 clusters.

    Examples
    --------
    >>> simulate(clusters=20)["stratum"].n_unique()
    10
    """
    if clusters < 20:
        raise ValueError(f"found {clusters} clusters, expected at least 20")
    rng = np.random.default_rng(seed)
    stratum = np.sort(np.arange(clusters) % 10)
    effect = rng.normal(0, 0.5, clusters)
    households = np.full(clusters, 20)
    women = rng.poisson(1.3, int(households.sum())) + (rng.random(int(households.sum())) < 0.5)
    household = np.repeat(np.arange(len(women)), women)
    cluster = np.repeat(np.repeat(np.arange(clusters), households), women)
    region, urban = stratum[cluster] // 2, stratum[cluster] % 2
    rows = len(cluster)
    own = rng.normal(0, 0.8, len(women))[household]
    score = 0.9 * urban - POOR[region] + effect[cluster] + own
    age = rng.integers(15, 50, rows)
    far = 1 / (1 + np.exp(-(-1.6 + 1.4 * (region == 2) + 0.6 * (region == 3) - 0.8 * urban)))
    draw = rng.random(rows)
    ethnicity = np.where(draw < far * 0.5, 2, np.where(draw < far * 0.7, 1, 0))
    schooling = 0.9 * score - 0.9 * (ethnicity > 0) - 0.03 * (age - 30) + rng.normal(0, 0.9, rows)
    education = np.digitize(schooling, [-1.2, 0.1, 1.6])
    disability = rng.random(rows) < 0.03 + 0.002 * (age - 15)
    weight = (
        np.exp(rng.normal(0, 0.3, 10))[stratum[cluster]]
        * np.exp(rng.normal(0, 0.2, clusters))[cluster]
    )
    behind = -0.7 * score - 0.5 * (education - 1) + 0.5 * (ethnicity > 0) + 0.4 * disability
    answers = {
        "internet": _answers(rng, 0.3 - 1.1 * behind - 0.03 * (age - 15)),
        "works": _answers(rng, -0.1 - 0.2 * behind + 0.02 * (age - 30)),
        "unmet_need": _answers(rng, -1.5 + 0.5 * behind),
        "partner_violence": _answers(rng, -1.3 + 0.4 * behind),
    }
    in_module = rng.random(rows) < 1 / 3
    weight = np.round(weight * rows / weight.sum(), 6)
    table = pl.DataFrame(
        {
            "stratum": stratum[cluster] + 1,
            "cluster": cluster + 1,
            "household": household + 1,
            "weight": weight,
            "module_weight": np.where(in_module, weight * rows / in_module.sum(), np.nan).round(6),
            "region": region + 1,
            "urban": urban + 1,
            "score": score.round(5),
            "members": women[household] + rng.integers(1, 6, len(women))[household],
            "age": age,
            "education": education + 1,
            "ethnicity": ethnicity + 1,
            "disability": disability.astype(np.int64) + 1,
            **answers,
        }
    )
    asked = pl.col("age") >= 18
    return table.with_columns(
        pl.col("module_weight").fill_nan(None),
        pl.when(asked).then(pl.col("unmet_need")),
        pl.when(asked & pl.Series(in_module)).then(pl.col("partner_violence")),
    )


def _answers(rng: np.random.Generator, log_odds: FloatArray) -> IntArray:
    """Return yes (1), no (2) or, for one in a hundred, not known (9)."""
    yes = rng.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))
    unknown = rng.random(len(log_odds)) < 0.01
    return np.where(unknown, 9, np.where(yes, 1, 2)).astype(np.int64)
