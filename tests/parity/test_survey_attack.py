"""Hidden cells cannot be worked out from what is published: an attack on our own tables.

The attacker has the published table and its code lists, nothing else, and shares no code with us:
every margin and crossing is an equation in the finest combinations of all characteristics, solved
by linear programming (HiGHS by SciPy); standard errors are equations in variances, which add up
over strata. The same attack on the same survey succeeds when complementary suppression is off.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from everycount.io import declare
from everycount.io.microdata import open_microdata
from everycount.io.sample import sample_path
from everycount.io.survey_run import in_order, table_bytes
from everycount.model.design import SurveyDesign
from everycount.model.rules import Confidentiality
from everycount.survey.confidential import conceal
from everycount.survey.disaggregate import disaggregate
from everycount.survey.plan import resolve
from everycount.survey.simulate import simulate

pytestmark = pytest.mark.parity
LEAST = 5
RULES = Confidentiality(id="five", title="Five", source="Test.", minimum=LEAST, minimum_yes=1)
DESIGN = """
interval = "normal"
[sampling]
strata = ["region"]
psu = "psu"
[[characteristics]]
name = "region"
[[characteristics]]
name = "place"
[[characteristics]]
name = "school"
[[characteristics]]
name = "group"
[[outcomes]]
name = "reads"
yes = [1]
[[outcomes]]
name = "wives_read"
column = "reads"
yes = [1]
universe = [{ column = "wife", among = [1] }]
[[outcomes]]
name = "children"
statistic = "total"
"""
NAMES = ("region", "place", "school", "group")
WITHIN = {"reads": None, "wives_read": "reads", "children": None}
"""Whose people are among those of another outcome, with the same question."""


def survey(seed, rows=700):
    """Return women of whom some groups are few, and all have the weight 1."""
    rng = np.random.default_rng(seed)
    region = rng.choice(3, rows, p=[0.5, 0.4, 0.1])
    place = (rng.random(rows) < np.array([0.7, 0.4, 0.15])[region]).astype(int)
    school = rng.choice(3, rows, p=[0.1, 0.5, 0.4])
    group = rng.choice(3, rows, p=[0.75, 0.2, 0.05])
    return pl.DataFrame(
        {
            "region": region + 1,
            "psu": region * 10 + rng.integers(0, 6, rows),
            "place": place + 1,
            "school": school + 1,
            "group": group + 1,
            "reads": (rng.random(rows) < 0.3 + 0.3 * (school > 0)).astype(int),
            "wife": (rng.random(rows) < 0.8).astype(int),
            "children": rng.poisson(2, rows),
        }
    ).sort("region", "psu")


@dataclass
class Found:
    """What an attacker works out of one hidden cell."""

    outcome: str
    cell: tuple
    n: tuple
    yes: tuple


class Attack:
    """An attack with every margin and crossing of some outcomes at once."""

    def __init__(self, table, names, within):
        self.names, self.within = names, within
        self.levels = [
            [*(code for code in table[name].unique().sort() if code != "_T"), None]
            for name in names
        ]
        self.joint = list(product(*self.levels))
        self.outcomes = table["outcome"].unique(maintain_order=True).to_list()
        rows, values, self.hidden = [], [], []
        for row in table.iter_rows(named=True):
            cell = tuple(row[name] for name in names)
            if row["n"] is None:
                self.hidden.append((row["outcome"], cell))
                continue
            rows.append(self.sum_of(row["outcome"], cell, "n"))
            values.append(row["n"])
            if row["statistic"] == "proportion":
                rows.append(self.sum_of(row["outcome"], cell, "yes"))
                values.append(round((row["estimate"] or 0) * row["n"]))
        self.equal = csr_array(np.array(rows)), np.array(values, dtype=float)
        self.below = vstack(list(self.orders())).tocsr()

    def block(self, outcome, what):
        """Return where the unknowns of an outcome begin."""
        return (2 * self.outcomes.index(outcome) + (what == "yes")) * len(self.joint)

    def sum_of(self, outcome, cell, what):
        """Return a published or hidden figure as a sum of unknowns."""
        row = np.zeros(2 * len(self.outcomes) * len(self.joint))
        start = self.block(outcome, what)
        for at, codes in enumerate(self.joint):
            row[start + at] = all(
                wanted in ("_T", own) for wanted, own in zip(cell, codes, strict=True)
            )
        return row

    def orders(self):
        """Yield which unknowns are never above which others."""
        size = len(self.joint)
        for outcome in self.outcomes:
            n, yes = self.block(outcome, "n"), self.block(outcome, "yes")
            yield self.difference([(yes, 1), (n, -1)], size)
            wide = self.within.get(outcome)
            if wide is not None:
                wide_n, wide_yes = self.block(wide, "n"), self.block(wide, "yes")
                yield self.difference([(n, 1), (wide_n, -1)], size)
                yield self.difference([(yes, 1), (wide_yes, -1)], size)
                no = [(n, 1), (yes, -1), (wide_n, -1), (wide_yes, 1)]
                yield self.difference(no, size)

    def difference(self, parts, size):
        """Return one row for each joint cell."""
        at = np.arange(size)
        rows = np.tile(at, len(parts))
        columns = np.concatenate([start + at for start, _ in parts])
        values = np.repeat([sign for _, sign in parts], size)
        shape = (size, 2 * len(self.outcomes) * size)
        return csr_array((values.astype(float), (rows, columns)), shape=shape)

    def range_of(self, target):
        """Return the least and the most that a sum of unknowns can be."""
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * target,
                A_ub=self.below,
                b_ub=np.zeros(self.below.shape[0]),
                A_eq=self.equal[0],
                b_eq=self.equal[1],
                method="highs",
            )
            assert found.status in (0, 3), found.message
            ends.append(sign * found.fun if found.status == 0 else np.inf)
        return tuple(np.round(ends, 6))

    def run(self, wanted):
        """Return what is found of hidden cells that are wanted."""
        return [
            Found(
                outcome,
                cell,
                self.range_of(self.sum_of(outcome, cell, "n")),
                self.range_of(self.sum_of(outcome, cell, "yes")),
            )
            for outcome, cell in self.hidden
            if (outcome, cell) in wanted
        ]


def published(design, data, tmp_path, complementary, rules=RULES):
    """Return what the public sees, as read from the file, and the truth."""
    data.write_parquet(tmp_path / "women.parquet")
    plan = resolve(design, open_microdata(tmp_path / "women.parquet"))
    result = in_order(plan, disaggregate)
    concealed = conceal(result, rules, complementary=complementary)
    public = tmp_path / "public.csv"
    public.write_bytes(table_bytes(public, concealed.table))
    names = [coding.name for coding in plan.codings]
    types = dict.fromkeys(names, pl.String)
    table = pl.read_csv(public, schema_overrides=types, infer_schema_length=None)
    return table, result.table, concealed


def primaries(table, names):
    """Return cells that are confidential in themselves, and how many rows and yes they have."""
    found = {}
    for row in table.iter_rows(named=True):
        is_share = row["statistic"] == "proportion"
        if not row["n"]:
            continue
        yes = round(row["estimate"] * row["n"]) if is_share else None
        few = row["n"] < LEAST or (is_share and min(yes, row["n"] - yes) < 1)
        if few:
            found[row["outcome"], tuple(row[name] for name in names)] = row["n"], yes
    return found


def gives_away(found, truth):
    """Tell whether an attacker knows a number, or that it is below what may be shown."""
    n, yes = truth
    known = found.n[0] == found.n[1]
    assert found.n[0] - 1e-6 <= n <= found.n[1] + 1e-6
    if yes is None:
        return known or found.n[1] < LEAST
    assert found.yes[0] - 1e-6 <= yes <= found.yes[1] + 1e-6
    if n < LEAST:
        return known or found.n[1] < LEAST
    # Nobody says yes, or everybody does: that must not be certain.
    return found.yes[1] == 0 if yes == 0 else found.yes[0] == found.n[1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tables_of_everything_withstand_an_attack(tmp_path, seed):
    design = declare.read(DESIGN.encode(), SurveyDesign, subject="design.toml")
    public, truth, concealed = published(design, survey(seed), tmp_path, "yes")
    assert concealed.is_proven
    secret = primaries(truth, NAMES)
    assert len(secret) > 20
    attack = Attack(public, NAMES, WITHIN)
    assert set(secret) <= set(attack.hidden)
    found = attack.run(secret)
    assert not [each for each in found if gives_away(each, secret[each.outcome, each.cell])]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_complementary_suppression_the_same_attack_succeeds(tmp_path, seed):
    design = declare.read(DESIGN.encode(), SurveyDesign, subject="design.toml")
    public, truth, concealed = published(design, survey(seed), tmp_path, "no")
    assert not concealed.is_proven
    assert any("do not publish" in words for words in concealed.words)
    secret = primaries(truth, NAMES)
    found = Attack(public, NAMES, WITHIN).run(secret)
    known = [each for each in found if gives_away(each, secret[each.outcome, each.cell])]
    assert len(known) > len(secret) / 2


def variance_ranges(table, wanted):
    """Return the least and the most that variances of totals can be, from standard errors.

    Regions are strata, so the variance of a total is the sum of those of its regions. An error of
    two digits, beside which no degrees of freedom stand, is taken for one of all that round so.
    """
    rows = {tuple(row[name] for name in NAMES): row for row in table.iter_rows(named=True)}
    places = {cell: at for at, cell in enumerate(rows)}
    regions = table["region"].unique().sort().to_list()[:-1]
    lines = []
    for cell in rows:
        parts = [(region, *cell[1:]) for region in regions]
        if cell[0] == "_T" and any(part in rows for part in parts):
            line = np.zeros(len(rows))
            line[places[cell]] = -1
            # Of a cell that is not in the table nobody is there.
            line[[places[part] for part in parts if part in rows]] = 1
            lines.append(line)
    bounds = []
    for row in rows.values():
        error = row["std_error"]
        if error is None:
            bounds.append((0, None))
        elif row["df"] is None and error:
            half = 0.5 * 10.0 ** (np.floor(np.log10(error)) - 1)
            bounds.append(((error - half) ** 2, (error + half) ** 2))
        else:
            bounds.append((error**2 * (1 - 1e-9), error**2 * (1 + 1e-9)))
    found = {}
    for cell in wanted:
        ends = []
        for sign in (1, -1):
            target = np.zeros(len(rows))
            target[places[cell]] = sign
            made = linprog(target, A_eq=np.array(lines), b_eq=np.zeros(len(lines)), bounds=bounds)
            assert made.status in (0, 3), made.message
            ends.append(sign * made.fun if made.status == 0 else np.inf)
        found[cell] = tuple(ends)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_standard_errors_do_not_give_hidden_ones_away(tmp_path, seed):
    design = declare.read(DESIGN.encode(), SurveyDesign, subject="design.toml")
    design = replace(design, outcomes=design.outcomes[2:])
    public, truth, _ = published(design, survey(seed), tmp_path, "yes")
    rows = {tuple(row[name] for name in NAMES): row for row in truth.iter_rows(named=True)}
    secret = [
        cell for _, cell in primaries(truth, NAMES)
        if cell[0] != "_T" and rows[cell]["std_error"]
    ]  # fmt: skip
    blanked = truth.with_columns(
        pl.when(pl.col("n") < LEAST).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("std_error", "df")
    )
    naive, ours = variance_ranges(blanked, secret), variance_ranges(public, secret)
    told = 0
    for cell in secret:
        variance = rows[cell]["std_error"] ** 2
        low, high = naive[cell]
        told += high - low < 0.01 * variance
        low, high = ours[cell]
        assert low <= variance * (1 + 1e-6)
        assert variance <= high * (1 + 1e-6)
        assert high - low > 0.5 * variance
    assert told > len(secret) / 4


def test_the_simulated_survey_withstands_an_attack(tmp_path):
    design = declare.read(
        sample_path("survey.toml").read_bytes(), SurveyDesign, subject="survey.toml"
    )
    kept = ("region", "wealth", "education", "ethnicity")
    characteristics = [each for each in design.characteristics if each.name in kept]
    design = replace(
        design,
        characteristics=tuple(characteristics),
        circumstances=(),
        outcomes=design.outcomes[:1],
        crossings=replace(design.crossings, depth=2),
    )
    women = simulate().filter(pl.col("cluster") % 8 == 0)
    public, _, concealed = published(design, women, tmp_path, "yes")
    names = [each.name for each in characteristics]
    # The attacker knows how many of whom are shown say yes: more than weighted shares tell.
    alike = replace(design, outcomes=(replace(design.outcomes[0], weight="one"),))
    women.with_columns(one=1).write_parquet(tmp_path / "alike.parquet")
    plan = resolve(alike, open_microdata(tmp_path / "alike.parquet"))
    plain = in_order(plan, disaggregate).table
    shares = plain.select(*names, pl.col("estimate").alias("plain"))
    known = public.join(shares, on=names, how="left", maintain_order="left")
    known = known.with_columns(
        pl.when(pl.col("n").is_null()).then(None).otherwise("plain").alias("estimate")
    )
    secret = primaries(plain, names)
    assert len(secret) > 3
    assert concealed.is_proven
    found = Attack(known, names, {}).run(secret)
    assert len(found) == len(secret)
    assert not [each for each in found if gives_away(each, secret[each.outcome, each.cell])]
