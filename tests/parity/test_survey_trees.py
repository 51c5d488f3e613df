"""ESCAP's tree and the indices of opportunity against R: rpart and glm.

Files of golden/survey/lnob come from R 4.2.2, rpart 4.1.19; trees in text from the same on
2026-11-22, by the call in `R_CALL` on rows that `rows` makes as R did.
"""

import csv

import numpy as np
import pytest
from scipy.special import expit, logit, xlogy

from everycount.arrays.circumstances import collapse
from everycount.arrays.main_effects import main_effects
from everycount.arrays.opportunity import grouped, opportunity
from everycount.arrays.tree import grow
from everycount.arrays.tree_nodes import Growth, escap_growth, furthest, leaf_of

CIRCUMSTANCES = {
    "elec": ("wealth_n", "residence", "region", "edu_n"),
    "y_secondary": ("wealth_n", "residence", "region", "agegrp"),
}


def records(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def women(shared):
    return records(shared / "golden/survey/lnob/zzir_lnob_input.csv")


def coded(women, names):
    """Return kinds, codes and, of nominal circumstances, labels in R's order of factor levels."""
    kinds, columns, labels = [], [], []
    for name in names:
        values = [row[name] for row in women]
        if all(value.isdigit() for value in values):
            kinds.append("ordered")
            columns.append(np.array(values, int))
            labels.append(None)
        else:
            kinds.append("nominal")
            levels, codes = np.unique(values, return_inverse=True)
            columns.append(codes)
            labels.append(levels.tolist())
    return kinds, np.column_stack(columns), labels


def data(women, indicator):
    kinds, codes, labels = coded(women, CIRCUMSTANCES[indicator])
    y = np.array([row[indicator] for row in women], float)
    weight = np.array([row["w"] for row in women], float)
    return y, weight, codes, kinds, labels


def said(condition, names, labels):
    """Write a condition as rpart's labels do."""
    name = names[condition.column]
    if condition.side is not None:
        return f"{name}{'< ' if condition.side == 'below' else '>='}{condition.threshold:g}"
    own = labels[condition.column]
    return f"{name}=" + ",".join(own[code] for code in condition.codes)


@pytest.mark.shared
@pytest.mark.parametrize("indicator", CIRCUMSTANCES)
def test_every_node_of_escaps_trees_agrees(shared, women, indicator):
    expected = [
        row
        for row in records(shared / "golden/survey/lnob/trees.csv")
        if row["indicator"] == indicator
    ]
    y, weight, codes, kinds, labels = data(women, indicator)
    names = CIRCUMSTANCES[indicator]
    growth = escap_growth(len(y))
    tree = grow(collapse(y, weight, codes, kinds=kinds), growth)
    assert len(tree.nodes) == len(expected) >= 7
    assert growth.smallest_leaf == float(expected[0]["minbucket"])
    for node, row in zip(tree.nodes, expected, strict=True):
        split = "<leaf>" if node.split is None else names[node.split.column]
        path = " & ".join(said(condition, names, labels) for condition in node.path)
        assert (node.number, node.n, split, path) == (
            int(row["node"]),
            int(row["n"]),
            row["var"],
            row["path"],
        )
        assert (node.split is None) == (row["leaf"] == "TRUE")
        for found, name in (
            (node.weight, "wt"),
            (node.share, "share"),
            (node.mean, "mean"),
            (node.deviance, "dev"),
        ):
            assert found == pytest.approx(float(row[name]), rel=1e-12), (node.number, name)


@pytest.mark.shared
@pytest.mark.parametrize("indicator", CIRCUMSTANCES)
def test_indices_over_cells_and_leaves_agree(shared, women, indicator):
    expected = {
        row["over"]: row
        for row in records(shared / "golden/survey/lnob/dindex.csv")
        if row["indicator"] == indicator
    }
    y, weight, codes, kinds, _ = data(women, indicator)
    cells = collapse(y, weight, codes, kinds=kinds)
    tree = grow(cells, escap_growth(len(y)))
    ends = furthest(tree)
    found = {
        "cells": opportunity(cells.weight, cells.mean),
        "leaves": opportunity(*grouped(cells.weight, cells.mean, leaf_of(tree, cells.codes))),
    }
    assert found["leaves"].lowest == pytest.approx(ends.behind.mean, rel=1e-12)
    assert found["leaves"].highest == pytest.approx(ends.ahead.mean, rel=1e-12)
    for over, one in found.items():
        row = expected[over]
        assert one.groups == int(row["groups"])
        assert one.coverage == pytest.approx(float(row["coverage"]), rel=1e-12)
        assert one.dissimilarity == pytest.approx(float(row["D"]), rel=1e-12)
        assert one.opportunity == pytest.approx(float(row["HOI"]), rel=1e-12)
        assert one.lowest == pytest.approx(float(row["furthest_behind"]), rel=1e-12)
        assert one.highest == pytest.approx(float(row["furthest_ahead"]), rel=1e-12)


def glm(y, weight, codes):
    """Fit main effects as R's glm does: its start, one row at a time, and where it stops.

    R stops when the deviance moves by less than 1e-8 of itself plus 0.1 (`glm.control`), after 5
    steps for secondary schooling and 18 for electricity, which no one of the poorest has.
    """
    design = np.column_stack(
        [np.ones(len(y))]
        + [column == value for column in codes.T for value in np.unique(column)[1:]]
    )

    def deviance(chance):
        return 2 * (weight * (xlogy(y, y / chance) + xlogy(1 - y, (1 - y) / (1 - chance)))).sum()

    chance = (weight * y + 0.5) / (weight + 1)
    linear, last = logit(chance), deviance(chance)
    steps, is_moving = 0, True
    while is_moving:
        spread = chance * (1 - chance)
        root = np.sqrt(weight * spread)
        aim = linear + (y - chance) / spread
        linear = design @ np.linalg.lstsq(design * root[:, None], aim * root, rcond=None)[0]
        chance = expit(linear)
        now = deviance(chance)
        is_moving = abs(now - last) / (abs(now) + 0.1) >= 1e-8
        steps, last = steps + 1, now
    return chance, steps


@pytest.mark.shared
@pytest.mark.parametrize(
    ("indicator", "steps", "apart"), [("elec", 18, 4e-9), ("y_secondary", 5, 1e-12)]
)
def test_index_by_logit_agrees_as_far_as_r_converges(shared, women, indicator, steps, apart):
    rows = records(shared / "golden/survey/lnob/dindex.csv")
    row = next(r for r in rows if r["indicator"] == indicator and r["over"] == "logit_main_effects")
    expected = float(row["D"])
    y, weight, codes, kinds, _ = data(women, indicator)
    chance, taken = glm(y, weight, codes)
    theirs = opportunity(weight, chance)
    assert taken == steps
    assert theirs.dissimilarity == pytest.approx(expected, rel=1e-12)
    assert theirs.opportunity == pytest.approx(float(row["HOI"]), rel=1e-12)
    assert theirs.coverage == pytest.approx(float(row["coverage"]), rel=1e-12)
    assert theirs.lowest == pytest.approx(float(row["furthest_behind"]), rel=1e-6)
    assert theirs.highest == pytest.approx(float(row["furthest_ahead"]), rel=1e-12)
    cells = collapse(y, weight, codes, kinds=kinds)
    mine = opportunity(cells.weight, main_effects(cells.codes, cells.weight, cells.mean))
    assert mine.dissimilarity == pytest.approx(expected, rel=apart)
    assert mine.coverage == pytest.approx((weight * y).sum() / weight.sum(), rel=1e-13)


# ---------------------------------------------------------------- trees that stop for other reasons

R_CALL = """
x <- 1; u <- function() { x <<- (16807 * x) %% 2147483647; x / 2147483647 }
rows <- function(seed, n) { x <<- seed; t(sapply(seq_len(n), function(i) {
  a <- 1 + floor(5*u()); b <- floor(2*u()); c <- floor(5*u()); d <- 1 + floor(9*u())
  w <- .5 + floor(10*u())/4
  p <- .35 + .15*(a-3)*ifelse(b, 1, -.5) + .2*(c %in% c(1,3) && d < 5) + .1*(d %% 3 == 0)
  c(y = as.numeric(u() < p), w = w, a = a, b = b, c = c, d = d) })) }
tree <- function(seed, n, cp, depth, leaf, split) {
  t <- as.data.frame(rows(seed, n)); t$b <- factor(t$b); t$c <- factor(t$c)
  f <- rpart(y ~ a + b + c + d, t, weights = w, method = "anova", control = rpart.control(
    cp = cp, maxdepth = depth, minbucket = leaf, minsplit = split, xval = 0))
  r <- f$frame
  cat(sprintf("%s|%d|%s|%.17g|%.17g|%.17g\n", row.names(r), r$n, labels(f, minlength = 0),
              r$wt, r$dev, r$yval), sep = "") }
"""


def rows(seed, n):
    state = seed

    def uniform():
        nonlocal state
        state = 16807 * state % 2147483647
        return state / 2147483647

    found = []
    for _ in range(n):
        a, b = 1 + int(5 * uniform()), int(2 * uniform())
        c, d = int(5 * uniform()), 1 + int(9 * uniform())
        weight = 0.5 + int(10 * uniform()) / 4
        chance = 0.35 + 0.15 * (a - 3) * (1 if b else -0.5)
        chance += 0.2 * (c in {1, 3} and d < 5) + 0.1 * (d % 3 == 0)
        found.append((uniform() < chance, weight, a, b, c, d))
    return np.array(found, float)


# tree(1, 240, .02, 6, 12.5, 25): a split of too little improvement stays for those below it
KEPT = """
1|240|root|388.25|95.202189311010954|0.43077913715389571
2|71|d>=6.5|117|25.916132478632495|0.33119658119658119
4|50|d< 8.5|81|14.274691358024688|0.22839506172839505
5|21|d>=8.5|36|8.859375|0.5625
3|169|d< 6.5|271.25|67.625345622119823|0.4737327188940092
6|101|a< 3.5|159.25|38.128728414442712|0.39717425431711145
7|68|a>=3.5|112|27.236049107142858|0.5825892857142857
14|30|b=0|48.5|11.752577319587626|0.41237113402061853
15|38|b=1|63.5|13.004921259842524|0.71259842519685035
"""
# tree(2, 240, .008, 6, 12.5, 25): deep, with the same circumstances asked again
DEEP = """
1|240|root|399.5|99.724655819774796|0.48060075093867333
2|89|c=0,2|151|33.693294701986773|0.33609271523178808
4|49|b=0|84.5|14.021449704142007|0.21005917159763313
5|40|b=1|66.5|16.624060150375943|0.49624060150375937
10|20|a< 3.5|34.5|6.5307971014492772|0.25362318840579712
11|20|a>=3.5|32|5.873046875|0.7578125
3|151|c=1,3,4|248.5|60.962022132796761|0.56841046277665996
6|97|d>=3.5|166.25|41.528571428571439|0.51428571428571423
12|79|a>=1.5|133.5|33.307584269662925|0.47752808988764045
24|43|b=0|70.5|16.206560283687942|0.35815602836879434
48|30|a>=2.5|49.75|10.376884422110553|0.29648241206030151
96|16|d>=6.5|26.25|3.3904761904761909|0.15238095238095239
97|14|d< 6.5|23.5|5.8324468085106389|0.45744680851063829
49|13|a< 2.5|20.75|5.1867469879518078|0.50602409638554213
25|36|b=1|63|14.97222222222222|0.61111111111111116
50|12|a< 3.5|19.5|4.4134615384615383|0.34615384615384615
51|24|a>=3.5|43.5|8.5761494252873547|0.72988505747126442
13|18|a< 1.5|32.75|7.3053435114503831|0.66412213740458015
7|54|d< 3.5|82.25|17.962006079027354|0.67781155015197569
14|35|d< 2.5|50.25|12.472636815920401|0.54228855721393032
15|19|d>=2.5|32|3.1171875|0.890625
"""
# tree(5, 900, 1/900, 3, 900/11, 2*900/11): ESCAP's leaves at depth 3
SHALLOW = """
1|900|root|1474.75|348.88870995083914|0.38413290388201388
2|801|d< 8.5|1304.5|304.23078765810561|0.37044844768110385
4|204|d>=6.5|341.25|72.499267399267467|0.30622710622710625
8|119|a< 3.5|200.5|39.912718204488783|0.27431421446384041
9|85|a>=3.5|140.75|32.091474245115435|0.35168738898756663
5|597|d< 6.5|963.25|229.82546067998956|0.39320010381520892
10|352|c=0,2,4|580.75|134.33878605251817|0.3633232888506242
11|245|c=1,3|382.5|94.18120915032685|0.43856209150326797
3|99|d>=8.5|170.25|42.541850220264323|0.48898678414096919
"""
# tree(7, 300, .03, 6, 7.9, 40)
COARSE = """
1|300|root|491|117.95926680244413|0.40122199592668023
2|59|c=2|92.5|15.675675675675672|0.21621621621621616
3|241|c=0,1,3,4|398.5|98.382685069008673|0.44416562107904645
"""


@pytest.mark.parametrize(
    ("seed", "n", "growth", "expected"),
    [
        (1, 240, Growth(cp=0.02, depth=6, smallest_leaf=12.5, smallest_split=25), KEPT),
        (2, 240, Growth(cp=0.008, depth=6, smallest_leaf=12.5, smallest_split=25), DEEP),
        (
            5,
            900,
            Growth(cp=1 / 900, depth=3, smallest_leaf=900 / 11, smallest_split=1800 / 11),
            SHALLOW,
        ),
        (7, 300, Growth(cp=0.03, depth=6, smallest_leaf=7.9, smallest_split=40), COARSE),
    ],
    ids=["kept", "deep", "shallow", "coarse"],
)
def test_tree_is_that_of_rpart(seed, n, growth, expected):
    table = rows(seed, n)
    kinds = ["ordered", "nominal", "nominal", "ordered"]
    cells = collapse(table[:, 0], table[:, 1], table[:, 2:].astype(int), kinds=kinds)
    tree = grow(cells, growth)
    theirs = [line.split("|") for line in expected.strip().splitlines()]
    digits = [list("0123456789")] * 4
    mine = [
        (node.number, node.n, said(node.path[-1], "abcd", digits) if node.path else "root")
        for node in tree.nodes
    ]
    assert mine == [(int(line[0]), int(line[1]), line[2]) for line in theirs]
    numbers = [(node.weight, node.deviance, node.mean) for node in tree.nodes]
    np.testing.assert_allclose(numbers, [[float(v) for v in line[3:]] for line in theirs], 1e-12)
