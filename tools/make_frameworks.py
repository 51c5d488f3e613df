"""Write the framework files and the crosswalk that Everycount ships, from the shared lists.

Run ``python tools/make_frameworks.py [FOLDER]`` after a list in ``$EVERYCOUNT_SHARED`` (default
``../shared``) has changed. The same lists give the same bytes; a test compares them.
"""

import csv
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from everycount.io.framework_toml import framework_toml
from everycount.model.crosswalk import Crosswalk, Link, Relation
from everycount.model.framework import Framework, Group, Source
from everycount.model.indicator import Goalpost, Indicator, Interval, wording

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("EVERYCOUNT_SHARED", ROOT / ".." / "shared"))
Row = dict[str, str]

SDG_INDEX, SDG_2019, SDG_2023 = "sdg-gender-index@2019", "sdg-global@2019", "sdg-global@2023"
REFERENCES = {
    "UN_MINSET_52_11": "un-minimum-set@2013",
    "UN_MINSET_2021": "un-minimum-set@2021",
    "SDG_GLOBAL_2019": SDG_2019,
    "SDG_GLOBAL_2023": SDG_2023,
    "SDG_NATIONAL_RWA": "rwanda-sdg@2025",
}
GOALS = {  # short titles, https://sdgs.un.org/goals
    "1": "No poverty",
    "2": "Zero hunger",
    "3": "Good health and well-being",
    "4": "Quality education",
    "5": "Gender equality",
    "6": "Clean water and sanitation",
    "7": "Affordable and clean energy",
    "8": "Decent work and economic growth",
    "9": "Industry, innovation and infrastructure",
    "10": "Reduced inequalities",
    "11": "Sustainable cities and communities",
    "12": "Responsible consumption and production",
    "13": "Climate action",
    "14": "Life below water",
    "15": "Life on land",
    "16": "Peace, justice and strong institutions",
    "17": "Partnerships for the goals",
}
UN_TERMS = "Titles and codes are facts; the publication stands under the terms of use of the UN"
MINIMUM_SET_FILE = "https://github.com/UNStats/gender_data_portal"
TIERS = "https://unstats.un.org/sdgs/iaeg-sdgs/tier-classification/"

# ---------------------------------------------------------------- wording

# Footnote marks that stuck to titles when the spreadsheet was read.
FOOTNOTES = {"fiscal policy2": "fiscal policy", "by speed5": "by speed"}

# Units, only where the title leaves no doubt. The first rule that fits decides; "" is a doubt.
UNITS: tuple[tuple[str, str], ...] = (
    (r"bank branches per 100,000 adults", "per 100,000 adults"),
    (r"^\(a\)|^Proportion and number|in growth rate|and per capita|per capita, and", ""),
    (r"and the amount|per unit of GDP", ""),
    (r"\b(per (?:100|1,000|100,000|million) [^,();]+?)(?=[,();]|$)", r"\1"),
    (r"^Average number of hours\b", "hours"),
    (r"^Number of countries\b", "countries"),
    (r"^(?:Proportions?|Percentage|(?:Average s|S)hare) of\b|^Women’s share\b", "percent"),
    (r"^Percentage distribution\b|^Prevalence of\b|prevalence of\b", "percent"),
    (r"\(percentage\)|\(% of population\)|\(as a % of total", "percent"),
    (r"^(?:Une|E)mployment rate\b|[Ll]iteracy rate\b|[Pp]articipation rates?\b", "percent"),
    (r"^Completion rate\b|completion rate\b|enrolment rate\b|intake rate\b", "percent"),
    (r"transition rate\b|^Gross (?:enrolment|graduation) ratio\b", "percent"),
    (r"as a (?:proportion of|% of) (?:total )?(GDP)\b", r"percent of \1"),
    (r"as a (?:proportion|share) of\b|[Ss]hare of\b|energy share in\b", "percent"),
    (r"employment-to-population ratio", "percent"),
    (r"^Annual growth rate\b|^Growth rates\b", "percent"),
    (r"in litres of pure alcohol", "litres"),
    (r"in watts per capita", "watts per capita"),
    (r"United States dollars|^Dollar value", "US dollars"),
    (r"\(0–100\)", "score 0-100"),
    (r"\(score\)", "score"),
    (r"[Rr]atio \(income\b|parity index of\b", "ratio"),
    (r"^Life expectancy\b|^Legal minimum age\b", "years"),
    (r"^Number of\b", "number"),
)

DISAGGREGATIONS = {  # what a title says after "by", where splitting at commas is not enough
    "age 18": (),
    "form of violence and by age": ("form of violence", "age"),
    "sex, age, disability status and place of occurrence, in the previous 12 months": (
        "sex",
        "age",
        "disability status",
        "place of occurrence",
    ),
    "sex, age, disability and population group": (
        "sex",
        "age",
        "disability status",
        "population group",
    ),
    "sex; and (b) share of women among owners or rights-bearers of agricultural land, by type of "
    "tenure": ("sex", "type of tenure"),
    "type (wasting and overweight)": ("type of malnutrition",),
}
SAME_WORD = {
    "persons with disabilities": "disability status",
    "geographic location": "location",
    "geographical location": "location",
    "population groups": "population group",
    "key populations": "key population",
}


def clean(title: str) -> str:
    """Return a title without footnote marks and double spaces."""
    for mark, word in FOOTNOTES.items():
        title = title.replace(mark, word)
    return " ".join(title.split())


def unit_of(title: str) -> str:
    """Return the unit a title states beyond doubt, else nothing."""
    for pattern, unit in UNITS:
        if found := re.search(pattern, title):
            return found.expand(unit)
    return ""


def characteristics(stated: str) -> tuple[str, ...]:
    """Return the characteristics that a title lists after "by"."""
    if stated in DISAGGREGATIONS:
        return DISAGGREGATIONS[stated]
    if ", distinguishing " in stated:
        stated = stated.partition(",")[0]
    plain = re.sub(r" \([^)]*\)", "", stated)
    return tuple(SAME_WORD.get(name, name) for name in re.split(r", | and ", plain) if name)


def overlap(one: str, other: str) -> float:
    """Return the share of words two titles have in common, of all their words."""
    words = [set(re.findall(r"[a-z0-9]+", text.lower())) for text in (one, other)]
    return len(words[0] & words[1]) / len(words[0] | words[1])


def rows(path: str) -> list[Row]:
    """Return the rows of a shared CSV file."""
    with (SHARED / "data" / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ---------------------------------------------------------------- frameworks


def goal_groups(goals: Iterable[str]) -> list[Group]:
    """Return a group for each Sustainable Development Goal."""
    return [Group(code=goal, title={"en": GOALS[goal]}) for goal in goals]


def sdg_framework(name: str, *, by_target: bool, **heading: object) -> Framework:
    """Return a list of SDG indicators, grouped by goal, and by target where it is complete."""
    listed = rows(f"frameworks/{name}.csv")
    goals = list(dict.fromkeys(row["code"].partition(".")[0] for row in listed))
    targets = list(dict.fromkeys(row["code"].rpartition(".")[0] for row in listed))
    groups = goal_groups(goals)
    if by_target:
        groups += [
            Group(code=target, title={"en": f"Target {target}"}, parent=target.partition(".")[0])
            for target in targets
        ]
    first: dict[str, str] = {}
    indicators = []
    for row in listed:
        code, title = row["code"], clean(row["name"])
        original = first.setdefault(title, code)
        indicators.append(
            Indicator(
                key=code,
                code=code,
                title={"en": title},
                group=code.rpartition(".")[0] if by_target else code.partition(".")[0],
                unit=unit_of(title),
                tier=row["tier_or_type"],
                repeats="" if original == code else original,
                disaggregations=characteristics(row["disaggregation_if_known"]),
            )
        )
    return Framework(groups=tuple(groups), indicators=tuple(indicators), **heading)


def minimum_set(name: str, **heading: object) -> Framework:
    """Return a version of the UN Minimum Set, grouped by its five domains."""
    listed = rows(f"frameworks/{name}.csv")
    domains = list(dict.fromkeys(row["domain_or_goal"] for row in listed))
    numerals = dict(zip(domains, ("I", "II", "III", "IV", "V"), strict=True))
    indicators = []
    for row in listed:
        kind, _, tier = row["tier_or_type"].partition("; ")
        title = clean(row["name"])
        indicators.append(
            Indicator(
                key=row["code"],
                code=row["code"],
                title={"en": title},
                group=numerals[row["domain_or_goal"]],
                unit=unit_of(title),
                kind=kind,
                tier=tier.capitalize(),
                disaggregations=characteristics(row["disaggregation_if_known"]),
            )
        )
    groups = tuple(Group(code=numerals[name], title={"en": name}) for name in domains)
    return Framework(groups=groups, indicators=tuple(indicators), **heading)


DIRECTIONS: dict[str, tuple[Goalpost | None, Goalpost | Interval | None]] = {
    "lower_better": ("max", "min"),
    "higher_better": ("min", "max"),
    "parity": (None, None),
}
SEATS = "5d"  # the one interval EM2030 states


def gender_index() -> Framework:
    """Return the 51 indicators of the 2019 SDG Gender Index."""
    listed = rows("sdg_gender_index_2019/indicators.csv")
    indicators = []
    for row in listed:
        worst, best = DIRECTIONS[row["direction"]]
        notes = []
        if row["code"] != row["seed_code"]:
            notes.append(f"The publisher prints the code {row['seed_code']} a second time here.")
        if row["code"] == SEATS:
            best = (47.0, 53.0)
            notes.append("The interval is the publisher's target, parity.")
        elif row["direction"] == "parity":
            notes.append("Parity is best; the publisher states an interval only for parliament.")
        indicators.append(
            Indicator(
                key=row["code"],
                code=row["seed_code"],
                title={"en": clean(row["name"])},
                group=row["goal"],
                unit=unit_of(row["name"]) or row["unit"],
                worst=worst,
                best=best,
                note=" ".join(notes),
            )
        )
    goals = dict.fromkeys(row["goal"] for row in listed)
    return Framework(
        id="sdg-gender-index",
        version="2019",
        title={"en": "SDG Gender Index 2019"},
        publisher="Equal Measures 2030",
        level="global",
        valid_from="2019",
        source=Source(
            citation="Equal Measures 2030 Data Hub, SDG Gender Index Construction: Issues and "
            "Indicators (2019)",
            url="https://data.em2030.org/2019-sdg-gender-index/methodology/",
            licence="Not stated; indicator names and codes are facts",
        ),
        description="51 indicators of 14 Sustainable Development Goals, names as published. The "
        "publisher prints the code 8d twice; the second is the key 8e here. Which way is better is "
        "this project's reading of the wording, except the interval of 5d. Where the name leaves "
        "the unit open, it is the unit of the open figures of the same measure.",
        groups=tuple(goal_groups(goals)),
        indicators=tuple(indicators),
    )


BREAKDOWNS = (  # what the office of Rwanda writes, and the name of the characteristic
    (r"residence|urban", "urbanisation"),
    (r"province|district", "area"),
    (r"sex of (?:the )?(?:household head|head of household)", "sex of household head"),
    (r"sex(?! of)", "sex"),
    (r"\bage\b(?! at birth)", "age"),
    (r"wealth|consumption quintile", "wealth quintile"),
    (r"marital", "marital status"),
    (r"disab", "disability status"),
)


def rwanda() -> Framework:
    """Return the indicators for which Rwanda publishes national figures on the SDGs."""
    listed = rows("frameworks/sdg_national_rwanda.csv")
    first: dict[str, str] = {}
    indicators = []
    for row in listed:
        title = clean(re.sub(r"<[^>]+>", " ", row["name"]))
        original = first.setdefault(title, row["code"])
        stated = row["disaggregation_if_known"].lower()
        unit = re.sub(r"^percentage.*", "percent", row["unit_if_known"].lower())
        indicators.append(
            Indicator(
                key=row["code"],
                code=row["code"],
                title={"en": title},
                group=row["code"].partition(".")[0],
                unit=unit,
                repeats="" if original == row["code"] else original,
                disaggregations=tuple(name for form, name in BREAKDOWNS if re.search(form, stated)),
            )
        )
    goals = sorted({each.group for each in indicators}, key=int)
    return Framework(
        id="rwanda-sdg",
        version="2025",
        title={"en": "National SDG indicators of Rwanda"},
        publisher="National Institute of Statistics of Rwanda",
        level="national",
        valid_from="2025",
        source=Source(
            citation="National Institute of Statistics of Rwanda, Open SDG platform, metadata of "
            "indicators",
            url="https://github.com/sustainabledevelopment-rwanda/sdg-data-rwanda",
            licence="Titles and codes are facts; see the repository for its terms",
        ),
        description="82 national indicators with the numbers of the SDG indicators they stand for. "
        "The office prints no version; 2025 is the year of the newest poverty line that its "
        "titles name. Breakdowns are those of the office's own field, under our names.",
        groups=tuple(goal_groups(goals)),
        indicators=tuple(indicators),
    )


def frameworks() -> list[Framework]:
    """Return every framework that is shipped."""
    unsd = Source(
        citation="UNSD, Minimum Set of Gender Indicators, MINSET_Indicators.xlsx, April 2021",
        url=f"{MINIMUM_SET_FILE} (version f02a2aa)",
        licence=UN_TERMS,
    )
    listed_by = (
        "as coded by Open Data Watch, https://github.com/lnoe10/sdg_tier_classifications, "
        "30 November 2022"
    )
    return [
        gender_index(),
        rwanda(),
        minimum_set(
            "un_minimum_set_52_11",
            id="un-minimum-set",
            version="2013",
            title={"en": "UN Minimum Set of Gender Indicators, 52 + 11"},
            publisher="United Nations Statistical Commission",
            level="global",
            valid_from="2013",
            source=unsd,
            description="52 quantitative indicators and 11 on norms and laws, agreed in 2013. "
            "The wording is the one UNSD kept in April 2021, in places already that of the SDG "
            "indicators, not the wording of 2013.",
        ),
        minimum_set(
            "un_minimum_set_2021",
            id="un-minimum-set",
            version="2021",
            title={"en": "UN Minimum Set of Gender Indicators, 2021 revision"},
            publisher="United Nations Statistical Commission",
            level="global",
            valid_from="2021",
            source=Source(
                citation="UNSD, Minimum Set of Gender Indicators, MINSET_Indicators.xlsx, "
                "July 2021",
                url=MINIMUM_SET_FILE,
                licence=UN_TERMS,
            ),
            description="51 of the 52 quantitative indicators and 11 on norms and laws. II.6 "
            "(tertiary graduation) is blank in the source, so it is not listed. A newer list of "
            "April 2024 exists and is not included.",
        ),
        sdg_framework(
            "sdg_global_2019",
            by_target=True,
            id="sdg-global",
            version="2019",
            title={"en": "Global indicator framework for the SDGs, December 2019"},
            publisher="IAEG-SDGs, United Nations Statistics Division",
            level="global",
            valid_from="2019-12-11",
            source=Source(
                citation="IAEG-SDGs, Tier Classification for Global SDG Indicators, "
                "11 December 2019",
                url=TIERS,
                licence=UN_TERMS,
            ),
            description="244 entries, 232 unique indicators: those printed again under another "
            "target say which one they repeat.",
        ),
        sdg_framework(
            "sdg_global_2023",
            by_target=True,
            id="sdg-global",
            version="2023",
            title={"en": "Global indicator framework for the SDGs, after the 2023 refinement"},
            publisher="IAEG-SDGs, United Nations Statistics Division",
            level="global",
            valid_from="2023",
            source=Source(
                citation="UNSD, Global Indicator Framework after 2023 refinement; "
                "tiers: IAEG-SDGs, 30 November 2022",
                url="https://unstats.un.org/sdgs/indicators/"
                "Global%20Indicator%20Framework%20after%202023%20refinement.English.xlsx",
                licence=UN_TERMS,
            ),
            description="248 entries. The UN speaks of 231 unique indicators; the file carries "
            "232 different UNSD codes, and so 232 are counted here.",
        ),
        sdg_framework(
            "sdg_gender_unwomen_2022",
            by_target=False,
            id="un-women-sdg-gender",
            version="2022",
            title={"en": "Gender-specific SDG indicators, UN Women 2022"},
            publisher="UN Women",
            level="global",
            valid_from="2022",
            source=Source(
                citation="UN Women, Progress on the SDGs: The Gender Snapshot 2022; "
                f"list {listed_by}",
                url="https://data.unwomen.org/publications/"
                "progress-sustainable-development-goals-gender-snapshot-2022",
                licence=UN_TERMS,
            ),
            description="52 entries of the global framework, gender-specific by UN Women; read "
            "from a coding by others, not from a table of UN Women. 13.3.1 repeats 4.7.1.",
        ),
        sdg_framework(
            "sdg_gender_iaeggs_2021",
            by_target=False,
            id="iaeg-gs-sdg-gender",
            version="2021",
            title={"en": "Gender-relevant SDG indicators, IAEG-GS 2021"},
            publisher="Inter-agency and Expert Group on Gender Statistics",
            level="global",
            valid_from="2021-11",
            source=Source(
                citation=f"IAEG-GS, list of November 2021, {listed_by}",
                url="https://unstats.un.org/unsd/demographic-social/gender/#IAEG-GS",
                licence=UN_TERMS,
            ),
            description="85 indicators of the global framework that the IAEG-GS holds relevant to "
            "gender, read from a coding by others, not from the group's own table.",
        ),
    ]


# ---------------------------------------------------------------- crosswalk

OWNER = "United Nations Statistics Division"
GRADED = "exact or close graded by Everycount: word overlap of the titles, 0.75 or more is exact"
READING = "Everycount reading"
OVERRIDDEN = {"3.2.1", "5.5.1"}  # the two exact links that share under 0.75 of their words
# Same number in 2019 and 2023, but the wording is that of another measure.
REPLACED = frozenset(
    (
        *("1.a.1", "1.b.1", "7.b.1", "11.a.1", "12.a.1", "12.b.1", "13.2.1", "13.3.1", "13.b.1"),
        *("14.2.1", "17.3.1", "17.6.1", "17.18.1"),
    )
)
# SDG Gender Index 2019 to SDG global 2019, only where the wording of both says it plainly.
PLAIN: tuple[tuple[str, Relation, str, str], ...] = (
    ("1a", "exact", "1.2.1", "population below the national poverty line"),
    ("1b", "narrower", "1.3.1", "only the poorest quintile, only social assistance"),
    (
        "1c",
        "close",
        "5.a.2",
        "equal rights of women to land in law; a score, not a share of countries",
    ),
    (
        "2a",
        "close",
        "2.1.1",
        "below the minimum dietary energy, the definition of undernourishment",
    ),
    ("3a", "exact", "3.1.1", "maternal mortality ratio"),
    ("3b", "narrower", "3.7.2", "adolescent birth rate, only ages 15-19"),
    ("3c", "narrower", "3.7.1", "family planning need satisfied, only women married or in a union"),
    ("4c", "narrower", "8.6.1", "not in education, employment or training, only women"),
    ("5a", "narrower", "5.3.1", "married or in a union before 18, without the limit of 15"),
    ("5d", "narrower", "5.5.1", "seats held by women, only in national parliaments"),
    ("6a", "broader", "6.1.1", "at least basic includes safely managed drinking water"),
    (
        "6b",
        "related",
        "6.2.1",
        "at least basic sanitation includes safely managed; no hand-washing",
    ),
    ("7a", "exact", "7.1.1", "population with access to electricity"),
    ("7b", "exact", "7.1.2", "population with primary reliance on clean fuels and technology"),
    ("8c", "close", "8.8.2", "freedom of association and collective bargaining"),
    ("8e", "narrower", "8.10.2", "account at a financial institution, only women"),
    ("11b", "close", "11.6.2", "annual mean level of fine particulate matter"),
    ("11c", "narrower", "16.1.4", "feel safe walking alone, only women, only at night"),
    (
        "13b",
        "close",
        "13.1.2",
        "disaster risk reduction under the Sendai Framework; a score of a state",
    ),
    ("16a", "exact", "16.9.1", "children under 5 whose births were registered"),
    ("16b", "narrower", "16.1.1", "victims of intentional homicide, only female"),
    ("17b", "narrower", "17.1.1", "government revenue as a share of GDP, only taxes"),
)


def links(shipped: dict[str, Framework]) -> Iterator[Link]:
    """Yield the links between shipped frameworks."""
    for row in rows("frameworks/crosswalk.csv"):
        ends = [REFERENCES.get(row[f"{side}_framework"]) for side in ("from", "to")]
        if ends[0] and ends[1] and ends[0] != ends[1]:  # links inside one version are `repeats`
            relation, by, basis = said(row)
            yield Link(
                from_framework=ends[0],
                from_key=row["from_code"],
                to_framework=ends[1],
                to_key=row["to_code"],
                relation=relation,
                by=by,
                basis=basis,
                source=address(row["source_url"]),
            )
    for reference in ("un-women-sdg-gender@2022", "iaeg-gs-sdg-gender@2021"):
        yield from numbered(shipped[reference], shipped[SDG_2023])
    yield Link(
        from_framework=SDG_2019,
        from_key="17.6.2",
        to_framework=SDG_2023,
        to_key="17.6.1",
        relation="exact",
        by=READING,
        basis="the same title word for word under a new number",
        source=TIERS,
    )
    for key, relation, number, why in PLAIN:
        yield Link(
            from_framework=SDG_INDEX,
            from_key=key,
            to_framework=SDG_2019,
            to_key=number,
            relation=relation,
            by=READING,
            basis=why,
            source="wording of both indicators",
        )


def said(row: Row) -> tuple[Relation, str, str]:
    """Return how a link of the shared crosswalk is graded, who made it, and on what ground."""
    relation: Relation = row["relation"]
    by, basis = OWNER, f"link in the owner's file; {GRADED}"
    if row["from_framework"] == "SDG_NATIONAL_RWA":
        by = "National Institute of Statistics of Rwanda"
        return relation, by, f"the office gives it the number of the global indicator; {GRADED}"
    if row["source_url"].startswith("title identity"):
        by, basis = READING, "the same title word for word; the owner's file leaves it blank"
    elif row["from_framework"] == "SDG_GLOBAL_2019":
        by, basis = READING, "the same indicator number; exact where the wording is the same"
        if row["from_code"] in REPLACED:
            relation, basis = "related", "the same number, but the wording of another measure"
    elif "19 replaced by SDG 5.6.1" in row["source_url"]:
        basis = "comment in the owner's file: replaced by SDG 5.6.1, which is IV.6"
    elif relation == "related":
        basis = "the owner's file puts the second in the place of the first"
    elif row["to_code"] in OVERRIDDEN:
        basis = "link in the owner's file; graded by Everycount: one measure, two wordings"
    return relation, by, basis


def address(source: str) -> str:
    """Return the address in the source field of the shared crosswalk."""
    found = re.search(r"https://[^\s;)]+", source)
    return found[0] if found else TIERS


def numbered(listed: Framework, whole: Framework) -> Iterator[Link]:
    """Yield a link for each indicator that a list takes from the global framework by number."""
    for indicator in listed.indicators:
        same = whole.indicator(indicator.key)
        near = overlap(wording(indicator.title), wording(same.title)) >= 0.75
        yield Link(
            from_framework=listed.reference,
            from_key=indicator.key,
            to_framework=whole.reference,
            to_key=same.key,
            relation="exact" if near else "close",
            by=listed.publisher,
            basis=f"the list cites the global indicator by its number; {GRADED}",
            source=listed.source.url,
        )


def main(folder: Path) -> None:
    """Write every file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped = {framework.reference: framework for framework in frameworks()}
    for framework in shipped.values():
        path = folder / f"{framework.id}-{framework.version}.toml"
        path.write_bytes(framework_toml(framework))
    names = [field.name for field in fields(Link)]
    crosswalk = Crosswalk(links=tuple(links(shipped)))
    with (folder / "crosswalks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([getattr(link, name) for name in names] for link in crosswalk.links)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "src" / "everycount" / "frameworks")
