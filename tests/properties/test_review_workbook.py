"""A review comes back from its workbook as it was, with every edit, in whatever order of rows."""

import io
import random
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everycount.io import review_workbook_write
from everycount.io.review_file import parse_review, review_bytes
from everycount.io.review_workbook import import_workbook, workbook_bytes
from everycount.model.issue import COMPARATORS, Cause, Decision, Issue, Tag, Target
from everycount.model.review import (
    Clause,
    FrameworkUse,
    IndicatorLink,
    PolicyText,
    Review,
)
from everycount.model.supply import Catalogue
from everycount.model.vocabulary import DIMENSIONS, TargetGroup, Vocabulary

SOME = settings(max_examples=15)
"""Each example writes a workbook and reads it twice, a fifth of a second."""
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
LETTERS = st.text("abc Điều ع=+-@'1.0", min_size=1, max_size=12)
NAMES = LETTERS.map(str.strip).filter(bool)
"""As a person types them: openpyxl takes a text that begins with = for a formula."""
TYPED = NAMES.filter(lambda text: not text.startswith("="))
LARGEST = 1e15
"""A target counts no more; Excel would."""
HOW = {"by": "Mai", "on": "2026-11-22"}
GROUPS = ("women", "girls", "enterprises")
DECISIONS = st.builds(
    Decision, status=st.sampled_from(["accepted", "rejected"]), by=NAMES, on=st.just("2026-11-20")
)


@pytest.fixture(autouse=True, scope="module")
def few_blank_rows():
    """Most of the time of an example would go into rows that nobody fills."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_workbook_write, "BLANK_ROWS", 3)
        yield


@st.composite
def issues(draw, number):
    clause = draw(TEXTS)
    words = Cause(passage=str(number), start=0, end=1, words=draw(TEXTS))
    value = draw(st.none() | st.floats(-LARGEST, LARGEST))
    target = Target(
        id="T",
        words=words,
        measure=draw(TEXTS),
        comparator=draw(st.sampled_from([each for each in COMPARATORS if each != "between"])),
        value=value,
        year=draw(st.none() | st.integers(1900, 2100)),
    )
    return Issue(
        id=f"{number}.{draw(st.integers(0, 99))}",
        passage=str(number),
        action=draw(NAMES),
        clause=clause,
        bodies=tuple(draw(st.lists(TEXTS, max_size=2))),
        groups=tuple(Tag(code=code) for code in draw(st.sets(st.sampled_from(GROUPS)))),
        dimension=draw(st.none() | st.sampled_from(DIMENSIONS)),
        targets=(target,),
        breakdowns=tuple((each,) for each in draw(st.lists(NAMES, max_size=2))),
        frequency=draw(TEXTS),
        decision=draw(st.just(Decision()) | DECISIONS),
        stale=draw(TEXTS),
    )


@st.composite
def reviews(draw):
    found = tuple(draw(issues(number)) for number in range(1, draw(st.integers(2, 6))))
    frameworks = (
        FrameworkUse(reference="core@1", title="Core", level="national"),
        FrameworkUse(reference="sdg@1", title="SDG", level="global"),
    )
    links = tuple(
        IndicatorLink(
            issue=issue.id,
            framework=draw(st.sampled_from(["core@1", "sdg@1"])),
            key=draw(NAMES),
            band="likely",
            score=draw(st.none() | st.floats(0, 1)),
            reasons=tuple(draw(st.lists(TEXTS, max_size=2))),
            decision=draw(st.just(Decision()) | DECISIONS),
        )
        for issue in found
    )
    return Review(
        title="Law",
        policy=PolicyText(
            name="law.pdf",
            digest="",
            language="en",
            clauses=tuple(
                Clause(number=issue.passage, kind="clause", label="", text=issue.clause)
                for issue in found
            ),
        ),
        vocabulary=Vocabulary(
            id="own",
            title={"en": "Own"},
            source="us",
            groups=tuple(TargetGroup(code=code, title={"en": code}, terms={}) for code in GROUPS),
        ),
        frameworks=frameworks,
        issues=found,
        links=links,
    )


def taken_in(review, change):
    """Return what `import_workbook` makes of a workbook after something was done to it."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(review, Catalogue())))
    change(book)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "law.xlsx"
        book.save(path)
        return import_workbook(review, path, **HOW)


def shuffle(page, order):
    """Put whole rows into another order, and say numbers as another program does."""
    rows = [
        [(cell.value, cell.data_type) for cell in row]
        for row in page.iter_rows(min_row=2, max_row=30)
    ]
    order.shuffle(rows)
    for number, row in enumerate(rows, 2):
        for at, (value, kind) in enumerate(row, 1):
            cell = page.cell(number, at)
            cell.value = float(value) if isinstance(value, int) else value
            if kind == "s":
                cell.data_type = "s"


@given(reviews())
def test_review_comes_back_from_its_file(review):
    written = review_bytes(review)
    assert parse_review(written, subject="law.json") == review
    assert review_bytes(parse_review(written, subject="law.json")) == written


@SOME
@given(reviews(), st.randoms())
def test_review_comes_back_from_its_workbook_in_any_order_of_rows(review, order):
    def change(book):
        for page in book.worksheets[:-2]:
            if page.title not in {"About", "Principles", "Groups", "Comparison", "Gaps"}:
                shuffle(page, order)

    assert taken_in(review, change) == (review, (), ())


@SOME
@given(reviews(), st.data())
def test_every_edit_comes_back(review, data):
    at = data.draw(st.integers(0, len(review.issues) - 1))
    issue, link = review.issues[at], review.links[at]
    action = data.draw(TYPED)
    groups = data.draw(st.lists(st.sampled_from(GROUPS), unique=True))
    decision = data.draw(DECISIONS)
    frequency = data.draw(TYPED)
    year = data.draw(st.integers(1900, 2100))
    value = data.draw(st.floats(-1e9, 1e9))
    cells = {
        ("Issues", "Action"): action,
        ("Issues", "Target groups"): "; ".join(groups),
        ("Issues", "Frequency"): frequency,
        ("Issues", "Decision"): decision.status,
        ("Issues", "By"): decision.by,
        ("Issues", "On"): decision.on,
        ("Targets", "Year"): year,
        ("Targets", "Value"): value,
    }

    def change(book):
        for (name, title), said in cells.items():
            page = book[name]
            titles = [cell.value for cell in page[1]]
            cell = page.cell(at + 2, titles.index(title) + 1)
            cell.value = said
            if isinstance(said, str):
                cell.data_type = "s"
        for name in ("Issues", "Targets"):
            shuffle(book[name], random.Random(at))

    after, conflicts, notices = taken_in(review, change)
    assert (conflicts, notices) == ((), ())
    target = issue.targets[0]
    expected = replace(
        issue,
        action=action,
        frequency=frequency,
        decision=replace(issue.decision, status=decision.status, by=decision.by, on=decision.on),
    )
    found = after.issues[at]
    assert {tag.code for tag in found.groups} == set(groups)
    assert replace(found, groups=expected.groups, targets=expected.targets) == expected
    assert found.targets[0].year == year
    assert abs((found.targets[0].value or 0) - value) <= 2e-14 * max(
        abs(value), abs(target.value or 0)
    )
    assert replace(found.targets[0], year=target.year, value=target.value) == target
    assert after.links[at] == link
    others = [each for each in after.issues if each.id != issue.id]
    assert others == [each for each in review.issues if each.id != issue.id]
    assert bool(after.log) == (found != issue)
