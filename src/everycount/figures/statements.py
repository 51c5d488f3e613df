"""The finding: one sentence with one number and its year, and what limits it."""

from typing import Literal

import polars as pl

from everycount.figures import sentences
from everycount.figures.reading import FIGURES
from everycount.figures.summary import Summary
from everycount.figures.wording import Row, Statement, Words, caveats, is_recent


def figure_statement(row: Row, words: Words) -> Statement:
    r"""Return what the newest figure of an area says.

    Parameters
    ----------
    row : mapping
        Of `everycount.figures.latest.latest`.
    words : Words

    Returns
    -------
    Statement
        Where there is no figure it says so; a hidden one is not shown, whatever the reason.

    Examples
    --------
    >>> from everycount.language.language import language
    >>> row = {"REF_AREA": "704", "TIME_PERIOD": "2020", "value": 26.72, "text": None, "age": 1,
    ...     "state": "shown", "flags": "", "is_modelled": False}
    >>> words = Words(language=language("en"), title="Seats held by women", unit="PT")
    >>> figure_statement(row, words).finding.replace("\xa0", " ")
    'Viet Nam – Seats held by women: the figure for 2020 is 26.7 %.'
    """
    state, area = row["state"], row["REF_AREA"]
    if state not in FIGURES:
        return Statement(finding=words.say(sentences.NO_FIGURE[state], area))
    if state == "few":
        kind = "few"
    elif "u" in row["flags"]:
        kind = "uncertain"
    else:
        kind = "modelled" if row["is_modelled"] else "plain"
    told = words.language.isolate(row["text"]) if row["text"] else words.value(row["value"])
    return Statement(
        finding=words.say(
            sentences.FIGURE[kind, is_recent(row["age"])],
            area,
            period=words.language.period(row["TIME_PERIOD"]),
            value=told,
        )
    )


def indicator_statement(summary: Summary, words: Words) -> Statement:
    """Return what the figures of all areas say: their median, and the years they are of.

    Parameters
    ----------
    summary : Summary
    words : Words

    Returns
    -------
    Statement
        Of the areas that are ranked. It names the oldest and the newest year; the tense follows
        the newest. Of a single area, its figure.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.summary import summarise
    >>> from everycount.language.language import language
    >>> from everycount.model.indicator import Indicator
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "TIME_PERIOD": "2020", "UNIT_MEASURE": "RO"}
    >>> values = {"704": 3.0, "250": 9.0}
    >>> rows = [row | {"REF_AREA": area, "OBS_VALUE": value} for area, value in values.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> seats = Indicator(key="5d", code="5d", title={"en": "Seats"}, worst=0, best=10)
    >>> found = summarise(table, today=date(2021, 1, 1), indicator=seats)
    >>> indicator_statement(found, Words(language=language("en"), title="Seats")).text
    'Seats: half of the areas with a figure have 6 or more (2020).'
    """
    words, spread = words.of(summary.headline.series), summary.spread
    rows = summary.latest.filter(pl.col("rank").is_not_null())
    if spread.median is None or spread.first_year is None or spread.last_year is None:
        return Statement(finding=words.say(sentences.NO_NUMBERS))
    if rows.height == 1:
        return figure_statement(rows.row(0, named=True), words)
    first, last = spread.first_year, spread.last_year
    is_modelled = int(rows["is_modelled"].sum()) * 2 > rows.height
    recent = is_recent(summary.figures.today.year - last)
    few = int((rows["state"] == "few").sum()) * 2 > rows.height
    return Statement(
        finding=words.say(
            sentences.HALF["modelled" if is_modelled else "plain", recent],
            period=words.language.period(str(last) if first == last else f"{first}/{last}"),
            value=words.value(spread.median),
        ),
        caveats=caveats(words.language, few=few),
    )


def distance_statement(row: Row, words: Words) -> Statement | None:
    """Return how far an area is from the target.

    Parameters
    ----------
    row : mapping
        Of `everycount.figures.distance.distances`.
    words : Words

    Returns
    -------
    Statement or None
        None without a target or a number.

    Examples
    --------
    >>> from everycount.language.language import language
    >>> words = Words(language=language("en"), title="Seats", unit="PT")
    >>> row = {"REF_AREA": "704", "TIME_PERIOD": "2020", "value": 26.7, "distance": 20.3, "age": 1,
    ...     "state": "shown", "is_modelled": False}
    >>> distance_statement(row, words).text
    'Viet Nam – Seats: the target is 20.3 points away (2020).'
    """
    if row["distance"] is None:
        return None
    kind = "points" if words.is_percent else "unit"
    if row["distance"] == 0:
        kind = "on target"
    gap = words.points(row["distance"]) if kind == "points" else words.value(row["distance"])
    return Statement(
        finding=words.say(
            sentences.DISTANCE[kind, is_recent(row["age"])],
            row["REF_AREA"],
            period=words.language.period(row["TIME_PERIOD"]),
            value=words.value(row["value"]),
            gap=gap,
        ),
        caveats=caveats(words.language, few=row["state"] == "few", modelled=row["is_modelled"]),
    )


def gap_statement(row: Row, words: Words, *, age: int) -> Statement:
    """Return what stands between women and men of an area.

    Parameters
    ----------
    row : mapping
        Of `everycount.figures.gap.gaps` or `newest_gaps`.
    words : Words
    age : int
        Of the figures, in years.

    Returns
    -------
    Statement
        Percentages are compared in points, other figures by their ratio. Where the intervals
        overlap it says that women and men cannot be told apart, and no difference.

    Examples
    --------
    >>> from everycount.language.language import language
    >>> words = Words(language=language("en"), title="Seats", unit="PT")
    >>> row = {"REF_AREA": "704", "TIME_PERIOD": "2020", "women": 15.0, "points": -5.0,
    ...     "ratio": 0.75, "higher": "men", "overlap": None, "few": True, "is_modelled": False}
    >>> gap_statement(row, words, age=1).finding
    'Viet Nam – Seats: the figure of women is 5.0 points below that of men (2020).'
    """
    higher = row["higher"]
    if row["overlap"] and higher != "parity":
        kind = "overlap"
    elif higher == "parity":
        kind = "parity"
    elif words.is_percent:
        kind = f"{higher} points"
    else:
        kind = f"unit {higher}" if row["ratio"] is None else "ratio"
    language = words.language
    is_points = words.is_percent
    return Statement(
        finding=words.say(
            sentences.GAP[kind, is_recent(age)],
            row["REF_AREA"],
            period=language.period(row["TIME_PERIOD"]),
            gap=words.points(row["points"]) if is_points else words.value(abs(row["points"])),
            ratio="" if row["ratio"] is None else language.significant(row["ratio"]),
            value=words.value(row["women"]),
        ),
        caveats=caveats(language, few=row["few"], modelled=row["is_modelled"]),
    )


def change_statement(row: Row, words: Words) -> Statement:
    """Return what changed in an area.

    Parameters
    ----------
    row : mapping
        Of `everycount.figures.change.changes`.
    words : Words

    Returns
    -------
    Statement
        Percentages change by points, other figures by per cent of the first. Where the intervals
        of both figures overlap it says that no change can be told.

    Examples
    --------
    >>> from everycount.language.language import language
    >>> words = Words(language=language("en"), title="Seats", unit="PT")
    >>> row = {"REF_AREA": "704", "first_period": "2000", "last_period": "2020", "points": 0.7,
    ...     "direction": "stable", "overlap": None, "broken": False, "few": False,
    ...     "is_modelled": False, "per_cent": 2.8}
    >>> change_statement(row, words).text
    'Viet Nam – Seats: the figure hardly changed from 2000 to 2020.'
    """
    language, points = words.language, row["points"]
    way: Literal["up", "down", ""] = "up" if points > 0 else "down"
    told = row["direction"] if row["direction"] in ("better", "worse", "stable") else ""
    if told == "stable":
        way = ""
    elif row["overlap"]:
        way, told = "", "overlap"
    return Statement(
        finding=words.say(
            sentences.CHANGE[way, told],
            row["REF_AREA"],
            first=language.period(row["first_period"]),
            last=language.period(row["last_period"]),
            change=_change(row, words),
        ),
        caveats=caveats(
            language, few=row["few"], modelled=row["is_modelled"], broken=row["broken"]
        ),
    )


def _change(row: Row, words: Words) -> str:
    """Return the size of a change in words."""
    language = words.language
    if words.is_percent:
        return language.gettext(sentences.POINTS).format(points=words.points(row["points"]))
    if row["per_cent"] is None:
        return words.value(abs(row["points"]))
    return language.gettext(sentences.PER_CENT_OF_FIRST).format(
        percent=language.percent(abs(row["per_cent"]))
    )
