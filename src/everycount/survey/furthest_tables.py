"""Tables of those furthest behind as files hold them, without what may not be shown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from everycount.arrays.details import round_counts
from everycount.arrays.inequality_measures import MEASURES
from everycount.survey.confidential import NOT_SHOWN
from everycount.survey.furthest import FurthestBehind
from everycount.survey.furthest_figures import Gap
from everycount.survey.furthest_groups import Grown, HonestGroup
from everycount.survey.furthest_names import codes_of, words_of
from everycount.survey.furthest_secret import Secret
from everycount.survey.furthest_shown import Withheld, shown_indices
from everycount.survey.opportunities import Index
from everycount.survey.rounds import RoundRow

Row = dict[str, Any]
ERRORS: Final = ("std_error", "ci_low", "ci_high", "df")
TREE: Final = {
    "outcome": pl.String, "method": pl.String, "node": pl.Int64, "parent": pl.Int64,
    "path": pl.String, "n": pl.Int64, "weight": pl.Float64, "share": pl.Float64,
    "mean": pl.Float64, "std_error": pl.Float64, "ci_low": pl.Float64, "ci_high": pl.Float64,
    "df": pl.Float64, "deviance": pl.Float64, "in_replicates": pl.Float64, "is_leaf": pl.Boolean,
    "is_behind": pl.Boolean, "is_ahead": pl.Boolean, "flag": pl.String,
}  # fmt: skip
GROUPS: Final = {
    "outcome": pl.String, "method": pl.String, "role": pl.String, "definition": pl.String,
    "words": pl.String, "n": pl.Int64, "share": pl.Float64, "estimate": pl.Float64,
    "std_error": pl.Float64, "ci_low": pl.Float64, "ci_high": pl.Float64, "df": pl.Float64,
    "p_value": pl.Float64, "in_replicates": pl.Float64, "flag": pl.String,
    "honest_definition": pl.String, "honest_n": pl.Int64, "honest_share": pl.Float64,
    "honest_estimate": pl.Float64, "honest_std_error": pl.Float64, "honest_ci_low": pl.Float64,
    "honest_ci_high": pl.Float64, "honest_df": pl.Float64, "honest_p_value": pl.Float64,
    "honest_flag": pl.String,
}  # fmt: skip
OPPORTUNITY: Final = {
    "outcome": pl.String, "over": pl.String, "groups": pl.Int64, "coverage": pl.Float64,
    "d": pl.Float64, "d_std_error": pl.Float64, "d_ci_low": pl.Float64, "d_ci_high": pl.Float64,
    "d_by_chance": pl.Float64, "d_excess": pl.Float64, "chance_p_value": pl.Float64,
    "hoi": pl.Float64, "hoi_std_error": pl.Float64, "hoi_ci_low": pl.Float64,
    "hoi_ci_high": pl.Float64, "df": pl.Float64, "replicates_lost": pl.Int64, "flag": pl.String,
    "reason": pl.String,
}  # fmt: skip
CONTRIBUTIONS: Final = {
    "outcome": pl.String, "over": pl.String, "circumstance": pl.String,
    "contribution": pl.Float64, "share": pl.Float64, "flag": pl.String,
    "reason": pl.String,
}  # fmt: skip
INEQUALITY: Final = {
    "outcome": pl.String, "characteristic": pl.String, "measure": pl.String,
    "full_name": pl.String, "weighting": pl.String, "unit": pl.String, "groups": pl.Int64,
    "value": pl.Float64, "std_error": pl.Float64, "ci_low": pl.Float64, "ci_high": pl.Float64,
    "how": pl.String, "flag": pl.String, "reason": pl.String, "caution": pl.String,
}  # fmt: skip

ROUNDS: Final = {
    "outcome": pl.String, "method": pl.String, "measure": pl.String, "round": pl.String,
    "definition": pl.String, "n": pl.Int64, "estimate": pl.Float64, "std_error": pl.Float64,
    "ci_low": pl.Float64, "ci_high": pl.Float64, "df": pl.Float64, "change": pl.Float64,
    "change_std_error": pl.Float64, "change_ci_low": pl.Float64, "change_ci_high": pl.Float64,
    "change_df": pl.Float64, "change_p_value": pl.Float64, "flag": pl.String, "note": pl.String,
}  # fmt: skip


def table(rows: Sequence[Row], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return rows as a table of these columns, numbers that are none empty."""
    made = pl.DataFrame(
        [{name: row.get(name) for name in schema} for row in rows],
        schema=dict(schema),
        orient="row",
    )
    return made.with_columns(pl.col(pl.Float64).fill_nan(None))


def tree_table(results: Sequence[FurthestBehind]) -> pl.DataFrame:
    """Return a row for each node of each tree."""
    rows = (row for found in results for grown in found.grown for row in _nodes(found, grown))
    return table(list(rows), TREE)


def groups_table(results: Sequence[FurthestBehind]) -> pl.DataFrame:
    """Return those furthest behind and ahead, everyone and the gap, with honest figures beside."""
    rows = (row for found in results for grown in found.grown for row in _roles(found, grown))
    return table(list(rows), GROUPS)


def opportunity_table(results: Sequence[FurthestBehind]) -> pl.DataFrame:
    """Return D and HOI of each outcome over each kind of groups."""
    rows = []
    for found in results:
        for each in shown_indices(found):
            row: Row = {"outcome": found.outcome.name, "over": each.over, "flag": ""}
            if isinstance(each, Withheld):
                rows.append(row | {"flag": NOT_SHOWN})
                continue
            row |= {
                "groups": each.groups,
                "coverage": each.coverage,
                "df": each.df,
                "replicates_lost": each.lost,
                "reason": each.reason,
                **_index("d", each.dissimilarity),
                **_index("hoi", each.opportunity),
            }
            if each.chance is not None:
                row |= {
                    "d_by_chance": each.chance.expected,
                    "d_excess": each.chance.excess,
                    "chance_p_value": each.chance.p_value,
                }
            rows.append(row)
    return table(rows, OPPORTUNITY)


def _index(name: str, index: Index) -> Row:
    return {
        name: index.value,
        f"{name}_std_error": index.std_error,
        f"{name}_ci_low": index.low,
        f"{name}_ci_high": index.high,
    }


def contributions_table(results: Sequence[FurthestBehind]) -> pl.DataFrame:
    """Return what each circumstance contributes to D."""
    rows: list[Row] = []
    for found in results:
        is_hidden = found.exactness == "nothing"
        for each in found.contributions:
            row: Row = {
                "outcome": found.outcome.name,
                "over": each.over,
                "circumstance": each.circumstance,
                "flag": "",
                "reason": each.reason,
            }
            if each.reason:
                pass
            elif is_hidden:
                row["flag"] = NOT_SHOWN
            else:
                row |= {"contribution": each.contribution, "share": each.share}
            rows.append(row)
    return table(rows, CONTRIBUTIONS)


def inequality_table(results: Sequence[FurthestBehind]) -> pl.DataFrame:
    """Return WHO's measures by each circumstance."""
    rows: list[Row] = []
    for found in results:
        for by in found.inequalities:
            is_hidden = found.secret.hides_level(by.counts)
            has_error = not found.secret.withholds_error(by.df)
            for each in by.measures:
                measure = MEASURES[each.name]
                row: Row = {
                    "outcome": found.outcome.name,
                    "characteristic": by.coding.name,
                    "measure": each.name,
                    "full_name": each.full_name,
                    "weighting": measure.weighting,
                    "unit": measure.unit,
                    "flag": NOT_SHOWN if is_hidden else "",
                }
                if not is_hidden:
                    row |= {
                        "groups": each.groups,
                        "value": each.value,
                        "how": each.how,
                        "reason": each.reason or "",
                        "caution": each.caution or "",
                    }
                if not is_hidden and has_error:
                    row |= {
                        "std_error": each.std_error,
                        "ci_low": each.low,
                        "ci_high": each.high,
                    }
                rows.append(row)
    return table(rows, INEQUALITY)


def _nodes(found: FurthestBehind, grown: Grown) -> Iterator[Row]:
    """Yield the nodes of a tree."""
    reduced, secret, method = found.reduced, found.secret, grown.method
    kept = dict(grown.stability.leaves)
    tells_ends = not _hides_ends(found, grown)
    for at, node in enumerate(grown.tree.nodes):
        row: Row = {
            "outcome": found.outcome.name,
            "method": method,
            "node": node.number,
            "parent": node.number // 2 or None,
            "path": codes_of(reduced, grown.definitions[at]),
            "is_leaf": node.split is None,
            "is_behind": at == grown.behind if tells_ends else None,
            "is_ahead": at == grown.ahead if tells_ends else None,
            "flag": NOT_SHOWN if secret.hides(method, at) else "",
        }
        if not secret.hides(method, at):
            row |= {
                **_figures(found, grown, at, estimate="mean"),
                "mean": node.mean,
                "in_replicates": kept.get(node.number),
                # Where rows are rounded, numbers that tell how many they are would undo it.
                "weight": node.weight if secret.base == 1 else None,
                "deviance": node.deviance if secret.base == 1 else None,
            }
        yield row


def _hides_ends(found: FurthestBehind, grown: Grown) -> bool:
    """Tell whether the group furthest behind or ahead is hidden, and so which they are."""
    return any(found.secret.hides(grown.method, place) for place in (grown.behind, grown.ahead))


def _figures(found: FurthestBehind, grown: Grown, at: int, *, estimate: str) -> Row:
    """Return what is shown of a node."""
    figures, secret = grown.figures, found.secret
    row: Row = {
        "n": int(round_counts(figures.n[at : at + 1], secret.base)[0]),
        "share": _rounded(grown.tree.nodes[at].share, secret.base),
        estimate: float(figures.estimate[at]),
    }
    ends = (figures.std_error, figures.low, figures.high, figures.df)
    if not secret.withholds_error(float(figures.df[at])):
        row |= {name: float(each[at]) for name, each in zip(ERRORS, ends, strict=True)}
    return row


def _rounded(share: float, base: int) -> float:
    """Return a share of people, in per cent where numbers of rows are rounded."""
    return share if base == 1 else round(share, 2)


def _roles(found: FurthestBehind, grown: Grown) -> Iterator[Row]:
    """Yield everyone, those furthest behind and ahead, and the gap."""
    secret, method, halves = found.secret, grown.method, grown.halves
    is_parted = len(grown.tree.nodes) > 1
    places = {"everyone": 0, "behind": grown.behind, "ahead": grown.ahead}
    hides_ends, hides_halves = (
        _hides_ends(found, grown),
        any(secret.hides_half(each) for each in (halves.behind, halves.ahead)),
    )
    for role, at in places.items():
        row: Row = {"outcome": found.outcome.name, "method": method, "role": role}
        is_hidden = secret.hides(method, 0) if role == "everyone" else hides_ends
        row["flag"] = NOT_SHOWN if is_hidden else ""
        if not is_hidden:
            definition = grown.definitions[at]
            row |= _figures(found, grown, at, estimate="estimate")
            row["definition"] = codes_of(found.reduced, definition)
            row["words"] = "; ".join(words_of(found.reduced, definition))
        if role == "behind" and not is_hidden:
            row["in_replicates"] = grown.stability.recovered
        if role != "everyone":
            half = halves.behind if role == "behind" else halves.ahead
            row |= _honest(found, half, is_hidden=hides_halves)
        yield row
    gap: Row = {"outcome": found.outcome.name, "method": method, "role": "gap"}
    gap["flag"] = NOT_SHOWN if hides_ends else ""
    if not hides_ends and is_parted:
        gap |= _gap(found, grown.gap, "", "estimate")
    gap["honest_flag"] = NOT_SHOWN if hides_halves else ""
    if not hides_halves:
        gap |= _gap(found, halves.gap, "honest_", "honest_estimate")
    yield gap


def _gap(found: FurthestBehind, gap: Gap, prefix: str, estimate: str) -> Row:
    """Return a difference; without its error if that has too few degrees of freedom."""
    row: Row = {estimate: gap.value}
    if not found.secret.withholds_error(gap.df):
        ends = (gap.std_error, gap.low, gap.high, gap.df)
        row |= {f"{prefix}{name}": each for name, each in zip(ERRORS, ends, strict=True)}
        row[f"{prefix}p_value"] = gap.p_value
    return row


def _honest(found: FurthestBehind, group: HonestGroup, *, is_hidden: bool) -> Row:
    """Return what is shown of a group found on one half and measured on the other."""
    if is_hidden:
        return {"honest_flag": NOT_SHOWN}
    held, secret = group.held, found.secret
    row: Row = {
        "honest_flag": "",
        "honest_definition": codes_of(found.reduced, group.definition),
        "honest_n": int(round_counts(np.array([int(held.n)]), secret.base)[0]),
        "honest_share": _rounded(held.share, secret.base),
        "honest_estimate": held.mean,
    }
    if not secret.withholds_error(float(held.df)):
        ends = (held.standard_error, group.low, group.high, float(held.df))
        row |= {f"honest_{name}": each for name, each in zip(ERRORS, ends, strict=True)}
    return row


def rounds_table(compared: Mapping[str, Sequence[RoundRow]], secret: Secret) -> pl.DataFrame:
    """Return the figures of all rounds by outcome, with changes since the first."""
    rows: list[Row] = []
    for outcome, own in compared.items():
        for each in own:
            row: Row = {
                "outcome": outcome,
                "method": each.method or "",
                "measure": each.measure,
                "round": each.round,
                "definition": each.definition,
                "note": each.note,
                "flag": NOT_SHOWN if each.is_hidden else "",
            }
            if not each.is_hidden:
                row |= _round(each, secret)
            rows.append(row)
    return table(rows, ROUNDS)


def _round(each: RoundRow, secret: Secret) -> Row:
    """Return the figures of a row of a round."""
    figure, change = each.figure, each.change
    row: Row = {"estimate": figure.value}
    if each.n is not None:
        row["n"] = int(round_counts(np.array([each.n]), secret.base)[0])
    if not secret.withholds_error(figure.df):
        ends = (figure.std_error, figure.low, figure.high, figure.df)
        row |= dict(zip(ERRORS, ends, strict=True))
    if change is not None:
        row["change"] = change.value
        if not secret.withholds_error(each.least_df):
            ends = (change.std_error, change.low, change.high, change.df)
            row |= {f"change_{name}": end for name, end in zip(ERRORS, ends, strict=True)}
            row["change_p_value"] = change.p_value
    return row
