"""A report as an audit of 129 units, 51 indicators and 6 assumptions makes it; figures made up."""

import csv
import random
from functools import cache
from importlib.resources import files

import pytest

from everycount.charts import ranking, render
from everycount.reports.audit_page import (
    Answered,
    AuditPage,
    Chart,
    Column,
    Judged,
    Limit,
    Reading,
    Section,
    Table,
    Varied,
)
from everycount.reports.index_page import File

GUIDE = "JRC, Your 10-Step Pocket Guide to Composite Indicators & Scoreboards (2019)"
OWN = "Everycount's own choice; no standard gives one"
RANDOM = random.Random(7)
NAMES = (
    "Share of women in national parliaments",
    "Maternal mortality ratio, deaths per 100,000 births",
    "Women aged 15 and over who hold a bank account",
    "Vulnerable employment of women",
    "Girls who are out of primary school",
    "Women who say they feel safe walking alone at night",
)


@cache
def units():
    with (files("everycount") / "sample" / "units.csv").open(encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file)][:129]


def columns(*labels):
    """Return columns; `#` before a label makes numbers, `+` words that wrap."""
    kinds = {"#": "number", "+": "words"}
    return tuple(
        Column(label=label.lstrip("#+"), kind=kinds.get(label[0], "text")) for label in labels
    )


def bars(title, count=10, **more):
    rows = [(name, 90.0 - 50 * k / count) for k, name in enumerate(units()[:count])]
    alt = f"{title}: bars of {count} rows, from 90 to {rows[-1][1]:.0f}."
    return Chart(
        svg=render.svg(ranking.ranking(rows, description=alt)), alt=alt, title=title, **more
    )


def ranks():
    rows = []
    for rank, name in enumerate(units(), start=1):
        low, high = max(1, rank - RANDOM.randint(0, 9)), min(129, rank + RANDOM.randint(0, 9))
        shares = (
            f"{(low + high) / 2:.0f}",
            str(low),
            str(high),
            f"{RANDOM.randint(970, 1000) / 10:.1f} %",
        )
        rows.append((name, str(rank), *shares))
    return Table(
        title="Rank of each unit over the builds",
        columns=columns("Unit", "#Rank", "#Median", "#5 %", "#95 %", "#Builds with a score"),
        rows=tuple(rows),
        note="5 % and 95 %: nine tenths of the builds give a rank between these two.",
        file="ranks.csv",
    )


def least_certain():
    return Table(
        title="The ten least certain ranks",
        columns=columns("Unit", "#Rank", "#5 %", "#95 %", "#Places between"),
        rows=tuple((units()[k], str(k + 1), str(k - 9), str(k + 19), "28") for k in range(40, 50)),
        note="The widest intervals, the widest first.",
    )


ASSUMPTIONS = (
    Varied(name="Goalposts", options=("targets of the method", "lowest and highest figure seen")),
    Varied(
        name="Normalisation",
        options=("min-max", "z-scores", "ranks"),
        note="z-scores were never drawn together with geometric means.",
    ),
    Varied(name="Weights of goals", options=("times a number from 0.75 to 1.25",)),
    Varied(name="Aggregation of goals", options=("arithmetic mean", "geometric mean")),
    Varied(name="Missing figures", options=("left empty", "mean of the region")),
    Varied(name="Indicators", options=("all 51", "one left out")),
)


def choices():
    rows = [
        (each.name, option, f"{RANDOM.uniform(0.1, 4):.1f}", str(RANDOM.randint(2, 30)), str(k))
        for each in ASSUMPTIONS
        for k, option in enumerate(each.options)
    ]
    return Section(
        text=("One choice is changed at a time; everything else is as the method declares it.",),
        charts=(bars("Aggregation alone moves ranks most", 6, unit="Mean places a rank moves"),),
        tables=(
            Table(
                title="Effect of each choice alone",
                columns=columns(
                    "Choice",
                    "+Option",
                    "#Mean places moved",
                    "#Most places moved",
                    "#Units moving over 5",
                ),
                rows=tuple(rows),
                file="choices.csv",
            ),
        ),
    )


def sensitivity():
    rows = tuple(
        (
            each.name,
            f"{0.3 - k / 20:.3f}",
            f"{0.25 - k / 20:.3f} to {0.35 - k / 20:.3f}".replace("-", "−"),
            f"{0.4 - k / 20:.3f}",
            f"{0.35 - k / 20:.3f} to {0.45 - k / 20:.3f}",
        )
        for k, each in enumerate(ASSUMPTIONS)
    )
    return Section(
        text=(
            "Of all the variation of the mean shift of ranks, the share that each choice explains "
            "alone (first order) and together with others (total).",
        ),
        charts=(
            bars(
                "Goalposts and normalisation matter most",
                6,
                unit="Share of the variation",
                key="Bar: total. Thin line: interval from 1,000 resamples.",
            ),
        ),
        tables=(
            Table(
                title="Share of the variation that each choice explains",
                columns=columns("Choice", "#Alone", "#Interval", "#With others", "#Interval"),
                rows=rows,
                note="Small negative figures are estimates near zero and are left as they are.",
                file="sensitivity.csv",
            ),
        ),
    )


def neighbours():
    names = units()
    rows = tuple(
        (names[k], names[k + 1], str(k + 1), str(k + 2), f"{RANDOM.randint(50, 94)} %")
        for k in range(126)
    )
    table = Table(
        title="Neighbours that are not told apart",
        columns=columns(
            "Leads", "+Follows", "#Rank", "#Rank of the other", "#Builds in which it leads"
        ),
        rows=rows,
        file="pairs.csv",
        on_paper=40,
    )
    return Section(
        text=(
            "Two units are told apart when one leads in at least 95 % of the builds in which both "
            "have a score. Intervals that overlap say nothing about a pair.",
        ),
        tables=(table,),
    )


def findings():
    codes = [
        f"{goal}{letter} {NAMES[(goal + ord(letter)) % 6]}"
        for goal in range(1, 18)
        for letter in "abc"
    ]
    weak = tuple(
        Judged(
            part="Coherence",
            light="note",
            words=f"{code} is hardly seen in its goal: correlation 0.{k:02}.",
            limit=f"correlation below 0.3 ({GUIDE}: correlation between -0.3 and 0.3)",
        )
        for k, code in enumerate(codes[:14], start=4)
    )
    grave = (
        Judged(
            part="Coherence",
            light="watch",
            limit=f"correlation above 0.95 ({GUIDE})",
            words="3b Maternal mortality and 3c Adolescent births say the same: correlation 0.97.",
            about=("3b Maternal mortality", "3c Adolescent birth rate"),
        ),
        Judged(
            part="Coherence",
            light="problem",
            limit=f"correlation below −0.3 ({GUIDE})",
            words="9d Women in science and technology research works against its own goal: −0.42.",
        ),
    )
    data = (
        Judged(
            part="Figures",
            light="watch",
            limit=f"65 % of the units ({GUIDE})",
            words="4 of 51 indicators have figures for fewer than 65 % of the units.",
        ),
        Judged(part="Figures", light="good", words="No indicator is constant."),
    )
    return (*data, *weak[:3], *grave, *weak[3:]), codes


def coherence():
    found, codes = findings()
    figures = Table(
        title="Each indicator in figures",
        columns=columns(
            "Indicator",
            "#Known",
            "#Zeros",
            "#Unique",
            "#Mean",
            "#St. dev.",
            "#Least",
            "#Most",
            "#Skewness",
            "#Kurtosis",
            "Outliers",
        ),
        rows=tuple(
            (
                code,
                f"{90 - k} %",
                "0 %",
                "98 %",
                f"{50 + k / 3:.1f}",
                "17.2",
                "0.0",
                "100.0",
                f"{k / 20 - 1:.2f}".replace("-", "−"),
                f"{k / 9:.2f}",
                "yes" if k > 45 else "no",
            )
            for k, code in enumerate(codes)
        ),
        file="indicators.csv",
    )
    groups = Table(
        title="Groups: Cronbach's alpha and principal components",
        columns=columns("Group", "#Parts", "#Alpha", "#First component", "#Components", "+Reading"),
        rows=tuple(
            (f"Goal {goal}", "3", "0.71", "62 %", "1", "formative: for information only")
            for goal in range(1, 15)
        ),
    )
    importance = Table(
        title="Importance against weight",
        columns=columns(
            "Part", "#Weight", "#Importance", "#By Pearson", "#Weight for equal importance"
        ),
        rows=tuple(
            (f"Goal {goal}", "7.1 %", f"{4 + goal / 3:.1f} %", f"{4 + goal / 3.2:.1f} %", "6.4 %")
            for goal in range(1, 15)
        ),
    )
    size = Table(
        title="Scores against the size of units",
        columns=columns("Size", "#Correlation of ranks", "#p-value", "+Reading"),
        rows=(
            ("Population", "−0.12", "0.19", "no relation to be seen"),
            ("Gross domestic product", "0.31", "0.001", "below the limit of 0.6"),
        ),
    )
    one_out = Table(
        title="Leave one out",
        columns=columns(
            "Left out", "#Mean places moved", "#Most places moved", "Unit that moves most"
        ),
        rows=tuple((code, f"{k / 40:.2f}", str(k % 9), units()[k]) for k, code in enumerate(codes)),
    )
    return (
        Section(title="Figures and findings", findings=found, tables=(figures,)),
        Section(
            title="Correlations",
            text=("Pearson, of pairs with both figures.",),
            charts=(bars("Most indicators agree with their goal", 20),),
            tables=(
                Table(title="Pairs that correlate highly", columns=columns("Pair", "#r"), rows=()),
            ),
        ),
        Section(title="Groups", tables=(groups,)),
        Section(
            title="Importance against weight",
            charts=(bars("Goal 14 weighs more than it matters", 14),),
            tables=(importance,),
        ),
        Section(title="Size", tables=(size,)),
        Section(title="One left out", tables=(one_out,)),
    )


THRESHOLDS = (
    Limit(
        name="Least share of units with a figure",
        value="65 %",
        source=f"{GUIDE}: 65 % of the units",
    ),
    Limit(name="Two indicators say the same from this correlation on", value="0.95", source=GUIDE),
    Limit(
        name="Two units are told apart when one leads in at least this share of the builds",
        value="95 %",
        source=OWN,
    ),
    Limit(
        name="Importance and weight disagree when one is more than this many times the other",
        value="2",
        source=OWN,
    ),
)


@pytest.fixture(scope="session")
def full_page():
    return AuditPage(
        title="Audit of the 2019 SDG Gender Index, open rebuild",
        method="SDG Gender Index 2019, open figures, version 1.2",
        edition="Latest figures of 2010 to 2018, 129 areas, 51 indicators",
        notice="Rebuilt from open figures; not the scores that Equal Measures 2030 published.",
        headline="Ranks may be read in groups of about ten places, not one by one.",
        places=9,
        may=(
            "Areas in the first twenty places lead those below place 40 in every build tested.",
            "Denmark leads in 96 % of the builds in which it and Finland both have a score.",
            "Scores may be compared between goals of one area.",
        ),
        may_not=(
            "That an area overtook its neighbour: 126 of 128 neighbours are not told apart.",
            "That the rank of Türkiye is 52: nine tenths of the builds give 38 to 71.",
        ),
        readings=(
            Reading(
                question="Do ranks hold?",
                light="watch",
                result="56 of 129 intervals span 10 places or fewer; 9 span more than 20.",
            ),
            Reading(
                question="Do indicators agree?",
                light="note",
                result="Cronbach's alpha is 0.94; all groups are formative.",
            ),
            Reading(
                question="Does any point the other way?",
                light="problem",
                result="9d, women in research: correlation −0.42 with its goal.",
            ),
            Reading(
                question="Do figures suffice?",
                light="good",
                result="92 % of the cells have a figure.",
            ),
        ),
        tested=(
            ("Builds", "10,000"),
            ("Failed builds", "3 of 10,000; a weight of zero left a goal empty"),
            ("Seed", "1"),
            ("Interval", "5 % to 95 % of the builds"),
        ),
        assumptions=ASSUMPTIONS,
        thresholds=THRESHOLDS,
        ranks=Section(
            text=("Half of the units keep within 7 places.",),
            charts=(
                bars(
                    "Ranks move little at the ends and more in the middle",
                    60,
                    unit="10,000 builds",
                    key="Bar: rank.",
                    source="Source: ranks.csv.",
                ),
            ),
            tables=(ranks(),),
        ),
        least_certain=least_certain(),
        choices=choices(),
        sensitivity=sensitivity(),
        neighbours=neighbours(),
        coherence=coherence(),
        checklist=(
            Answered(
                question="Is it written down what the index is for, and for whom?",
                answer="Yes",
                note="Section 1 of the report.",
                by="A. Nguyễn, 2026-03-08",
            ),
            Answered(
                question="Is it explained what the weights stand for, and who set them?",
                answer="Partly",
            ),
            Answered(
                question="Is it wanted that a low score can be made good by a high one?",
                answer="Not answered",
                by="Nobody yet",
            ),
        ),
        limits=(
            "Builds that nobody thought of were not tested.",
            "Standard errors are not given for 48 of 51 indicators; measurement error is left out.",
        ),
        provenance=(
            ("Method", "sdg-gender-index-2019-open.toml, sha256 " + 8 * "0f3a9b2c"),
            ("Figures", "observations.csv, sha256 " + 8 * "77d0a1e4"),
            ("Everycount", "0.1.0"),
        ),
        files=(
            File(name="ranks.csv", href="ranks.csv", what="Rank of each unit over the builds"),
            File(name="verdict.json", href="verdict.json", what="The verdict, for programs"),
            File(name="pairs.csv", href="pairs.csv", what="Every pair, with the share that leads"),
        ),
    )
