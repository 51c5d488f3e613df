import datetime as dt
import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from everycount.errors import InputError
from everycount.io import review_workbook_read
from everycount.io.files import digest
from everycount.io.review_file import review_bytes
from everycount.io.review_workbook import import_workbook, read_workbook, workbook_bytes
from everycount.io.review_workbook_cells import CUT
from everycount.model.framework import Framework, Source
from everycount.model.gap import GapTable
from everycount.model.indicator import Indicator
from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import (
    Clause,
    FrameworkUse,
    IndicatorLink,
    PolicyText,
    Review,
    SignOff,
)
from everycount.model.supply import Catalogue, DataSource, Supply
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

YES = Decision(status="accepted", by="Hoa", on="2026-11-20")
NO = Decision(status="rejected", by="Hoa")
TEXTS = {
    "11.1": "=Phụ nữ chiếm ít nhất 30 % số đại biểu.",
    "11.2": "+Employers pay equal wages.",
    "12": "@ضمان حق المرأة في العمل",
}
WORDS = Cause(passage="11.1", start=22, end=26, words="30 %")
ISSUES = (
    Issue(
        id="11.1",
        passage="11.1",
        action="=Reach 30 %",
        clause=TEXTS["11.1"],
        bodies=("the Assembly", "councils; all"),
        groups=(Tag(code="women", causes=(WORDS,)),),
        concepts=(Tag(code="access", grade=3, causes=(WORDS,)), Tag(code="equal pay", grade=1)),
        targets=(Target(id="T1", words=WORDS, value=30, unit="%", year=2030),),
        breakdowns=(("sex",), ("sex", "urbanisation")),
        causes=(WORDS,),
        decision=YES,
    ),
    Issue(id="11.2", passage="11.2", action="-Pay equal wages", clause=TEXTS["11.2"]),
    Issue(id="12", passage="12", action="عمل", groups=(Tag(code="women"),), decision=NO),
    Issue(id="X", passage="", action="Fund shelters", concepts=(Tag(code="access", grade=4),)),
)
REVIEW = Review(
    title="Law",
    reviewers="Group 2",
    policy=PolicyText(
        name="law.pdf",
        digest="ab",
        language="vi",
        clauses=tuple(
            Clause(number=number, kind="clause", label=number, text=text, page=3)
            for number, text in TEXTS.items()
        ),
    ),
    vocabulary=Vocabulary(
        id="own",
        title={"en": "Own"},
        source="us",
        groups=(
            TargetGroup(code="women", title={"en": "Women", "vi": "Phụ nữ"}, terms={}),
            TargetGroup(code="girls", title={"en": "Girls"}, terms={}, parent="women"),
        ),
        concepts=(
            Concept(code="access", title={"en": "Access"}, question={"en": "Who?"}, terms={}),
            Concept(code="equal pay", title={"en": "Equal pay"}, question={}, terms={}),
        ),
    ),
    frameworks=(
        FrameworkUse(reference="core@1", title="Core", level="national"),
        FrameworkUse(reference="sdg@1", title="SDG", level="global"),
    ),
    issues=ISSUES,
    links=(
        IndicatorLink(
            issue="11.1",
            framework="core@1",
            key="5",
            band="likely",
            score=0.123456,
            reasons=("seats", "women"),
            relation="close",
            decision=YES,
        ),
        IndicatorLink(issue="11.1", framework="sdg@1", key="5.5.1", band="added", decision=YES),
        IndicatorLink(issue="11.2", framework="sdg@1", key="8.5.1", band="possible", score=0.5),
    ),
    sources=(DataSource(code="LFS", title="Labour force survey", last=2024),),
    supplies=(Supply(framework="core@1", key="5", sources=("LFS",), available=(("sex",),)),),
    ratings=(
        Rating(framework="core@1", key="5", by="Hoa", side="user", criterion="demand", mark=5),
    ),
    plan=(
        PlanLine(
            id="P1", framework="core@1", key="5", step="Ask", start="2027", cost=1.5, currency="VND"
        ),
    ),
    sign_offs=(SignOff(by="Hoa", organisation="GSO", verdict="agrees", on="2026-11-20"),),
)
CORE = Framework(
    id="core",
    version="1",
    title={"en": "Core"},
    publisher="NSO",
    level="national",
    valid_from="2024",
    source=Source(citation="Decision 5"),
    indicators=(Indicator(key="5", code="5", title={"en": "Seats", "vi": "Ghế"}),),
)
CATALOGUE = Catalogue(frameworks=(CORE,))
HOW = {"by": "Lan", "on": "2026-11-22"}


@pytest.fixture(scope="module")
def exported():
    return workbook_bytes(REVIEW, CATALOGUE)


@pytest.fixture
def edited(exported, tmp_path):
    """Return the path of the workbook after `change` was done to it."""

    def do(change, source=exported):
        book = openpyxl.load_workbook(io.BytesIO(source))
        change(book)
        path = tmp_path / "law.xlsx"
        book.save(path)
        return path

    return do


@pytest.fixture
def imported(edited):
    """Return the review, conflicts and notices after cells were filled: (sheet, row, title)."""

    def do(cells, review=REVIEW, **options):
        return import_workbook(review, edited(lambda book: fill(book, cells)), **HOW, **options)

    return do


@pytest.fixture
def refused(edited):
    """Return the problems of a workbook after cells were filled or something was done to it."""

    def do(change, **options):
        act = change if callable(change) else lambda book: fill(book, change)
        with pytest.raises(InputError) as error:
            read_workbook(edited(act), **options)
        return [str(problem) for problem in error.value.problems]

    return do


def fill(book, cells):
    for (name, number, title), value in cells.items():
        page = book[name]
        titles = [cell.value for cell in page[1]]
        page.cell(number, titles.index(title) + 1).value = value


def last(page):
    """Return the first row of a sheet that is empty."""
    return next(n for n in range(2, page.max_row + 2) if all(c.value is None for c in page[n]))


def add(book, name, **values):
    number = last(book[name])
    fill(book, {(name, number, title.replace("_", " ")): v for title, v in values.items()})


def sort_rows(page, key):
    """Sort whole rows as a spreadsheet does."""
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    for number, row in enumerate(sorted(rows, key=key), 2):
        for at, value in enumerate(row, 1):
            page.cell(number, at).value = value


# ------------------------------------------------------------------------------------- out


def test_same_review_gives_the_same_bytes(exported):
    assert workbook_bytes(REVIEW, CATALOGUE) == exported


def test_workbook_has_its_sheets_locked_with_lists_and_filters(exported):
    book = openpyxl.load_workbook(io.BytesIO(exported))
    assert book.sheetnames == [
        *("About", "Principles", "Issues", "Groups", "Targets", "Links national"),
        *("Links international", "Comparison", "Gaps", "Sources", "Supply", "Ratings", "Plan"),
        *("Sign-offs", "Lists", "everycount"),
    ]
    page = book["Issues"]
    assert (page.freeze_panes, page.protection.sheet, page.protection.sort) == ("B2", True, False)
    assert page.auto_filter.ref.startswith("A1:")
    titles = [cell.value for cell in page[1]]
    action, words = titles.index("Action") + 1, titles.index("Words of the clause") + 1
    assert page.cell(2, action).protection.locked is False
    assert page.cell(2, words).protection.locked is True
    assert page.cell(9, action).protection.locked is False
    assert page.cell(9, words).protection.locked is True
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"I2:I105": "Lists!$A$1:$A$4", "N2:N105": "Lists!$B$1:$B$3"}
    assert [cell.value for cell in book["Lists"]["A"]][:4] == [
        *("social", "economic", "environmental", "institutional")
    ]
    assert (book["Lists"].sheet_state, book["everycount"].sheet_state) == ("hidden", "veryHidden")


def test_texts_stay_texts_whatever_they_begin_with(exported):
    page = openpyxl.load_workbook(io.BytesIO(exported))["Issues"]
    cells = [page.cell(number, at) for number in (2, 3, 4) for at in (4, 5)]
    assert [cell.value for cell in cells] == [
        *(TEXTS["11.1"], "=Reach 30 %", TEXTS["11.2"], "-Pay equal wages"),
        *(TEXTS["12"], "عمل"),
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        assert all(b"<f>" not in archive.read(name) for name in archive.namelist())


def rows_of(source, name):
    page = openpyxl.load_workbook(io.BytesIO(source))[name]
    rows = [tuple(cell or "" for cell in row) for row in page.iter_rows(values_only=True)]
    return [row for row in rows if any(row)]


def test_read_only_sheets_say_what_the_review_holds(exported):
    about = dict(rows_of(exported, "About"))
    assert about["Reviewers"] == "Group 2"
    assert "lose" not in about["Sheet Issues"]
    assert rows_of(exported, "Principles")[1:] == [
        ("access", "Access", "Who?", "4 monitoring intended", "11.1; X"),
        ("equal pay", "Equal pay", "", "1 mentioned", "11.1"),
    ]
    assert rows_of(exported, "Groups")[1:] == [
        ("women", "Phụ nữ", "", "social", 1, "11.1", "11.1"),
        ("girls", "Girls", "women", "social", "", "", ""),
    ]
    assert rows_of(exported, "Comparison")[1:] == [
        ("11.1", "=Reach 30 %", "core@1 5 Ghế (close)", "sdg@1 5.5.1")
    ]
    link = rows_of(exported, "Links national")[1]
    assert link[:9] == (
        *("11.1 core@1 5", "11.1", TEXTS["11.1"], "core@1", "5", "Ghế", "likely", 0.123),
        "seats\nwomen",
    )
    assert rows_of(exported, "Gaps") == [("Report",)]


def test_gaps_stand_below_each_other():
    report = GapTable(
        id="x",
        title="Issues without indicators",
        finding="1 of 4.",
        columns=("issue", "clause"),
        rows=(("12", "Work"),),
        notes=("A set was not loaded.",),
    )
    rows = rows_of(workbook_bytes(REVIEW, CATALOGUE, reports=[report]), "Gaps")
    assert [row[0] for row in rows[1:]] == [
        *("Issues without indicators", "1 of 4.", "A set was not loaded.", "issue", "12")
    ]


# ------------------------------------------------------------------------------------- back


def test_workbook_without_edits_gives_the_review_back(exported, tmp_path):
    path = tmp_path / "law.xlsx"
    path.write_bytes(exported)
    assert import_workbook(REVIEW, path, **HOW) == (REVIEW, (), ())
    edits = read_workbook(path)
    assert (edits.base, edits.theirs) == (REVIEW, REVIEW)


def test_workbook_saved_by_another_program_gives_the_review_back(edited):
    def save(book):
        for page in book.worksheets[:-1]:
            for row in page.iter_rows(min_row=2):
                for cell in row:
                    if isinstance(cell.value, int):
                        cell.value = float(cell.value)
                    elif isinstance(cell.value, str):
                        cell.value = cell.value.replace("\n", "\r\n") + "  "
                        cell.data_type = "s"
        sort_rows(book["Issues"], key=lambda row: str(row[4]))
        for page in ("Issues", "Targets"):
            for row in book[page].iter_rows(min_row=2):
                for cell in row:
                    cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        book.move_sheet("Plan", -8)
        book.create_sheet("Notes")["A1"] = "ours"
        book["Issues"].column_dimensions["A"].width = 60

    assert import_workbook(REVIEW, edited(save), **HOW) == (REVIEW, (), ())


def test_edits_come_back_as_events(imported):
    review, conflicts, notices = imported(
        {
            ("Issues", 3, "Action"): "Pay women and men the same",
            ("Issues", 3, "Bodies"): "Ministry; ; unions",
            ("Issues", 3, "Target groups"): "girls; women",
            ("Issues", 3, "Core concepts"): "access 2; equal pay",
            ("Issues", 3, "Dimension"): "Economic",
            ("Issues", 3, "Breakdowns"): "sex; sex × age",
            ("Issues", 3, "Decision"): "accepted",
            ("Issues", 3, "By"): "Lan",
            ("Issues", 3, "On"): dt.date(2026, 11, 21),
            ("Issues", 2, "Core concepts"): "access 4",
            ("Targets", 2, "Denominator"): "all deputies",
            ("Targets", 2, "Decision"): "accepted",
            ("Targets", 2, "By"): "Lan",
            ("Targets", 2, "Year"): 2035,
            ("Links international", 3, "Relation"): "exact",
            ("Links international", 2, "Decision"): "rejected",
            ("Supply", 2, "State"): "produced",
            ("Plan", 2, "Cost"): "2.25",
            ("Plan", 2, "Start"): None,
            ("Ratings", 2, "Mark"): 3,
            ("Sources", 2, "Next round"): 2027,
        }
    )
    assert (conflicts, notices) == ((), ())
    first, second = review.issues[:2]
    assert second == replace(
        ISSUES[1],
        action="Pay women and men the same",
        bodies=("Ministry", "unions"),
        groups=(Tag(code="girls"), Tag(code="women")),
        concepts=(Tag(code="access", grade=2), Tag(code="equal pay")),
        dimension="economic",
        breakdowns=(("sex",), ("sex", "age")),
        decision=Decision(status="accepted", by="Lan", on="2026-11-21"),
    )
    assert first.concepts == (Tag(code="access", grade=4, causes=(WORDS,)),)
    target = first.targets[0]
    assert (target.denominator, target.year, target.decision.by) == ("all deputies", 2035, "Lan")
    assert review.links[2].relation == "exact"
    assert review.links[1].decision == replace(YES, status="rejected")
    assert review.supplies[0].state == "produced"
    assert (review.plan[0].cost, review.plan[0].start) == (2.25, "")
    assert (review.ratings[0].mark, review.sources[0].next) == (3, 2027)
    assert len(review.log) == 21
    event = next(each for each in review.log if each.what == "11.2" and each.field == "action")
    assert (event.before, event.after, event.by) == (
        *("-Pay equal wages", "Pay women and men the same", "Lan"),
    )


def test_new_rows_become_new_things(edited):
    def change(book):
        add(book, "Issues", Clause="11.2", Action="Publish wages", Decision="accepted", By="Lan")
        add(book, "Issues", Action="Count care work")
        add(book, "Targets", Issue="11.1", Words_of_the_clause="30 %", Value=30, Unit="%")
        add(book, "Targets", Issue="X", Words_of_the_clause="all", Measure="shelters")
        add(book, "Links national", Issue="X", Framework="core@1", Key="9", Why="fits")
        add(book, "Sources", Code="VHLSS", Title="Living standards survey", Kind="survey")
        add(book, "Supply", Framework="sdg@1", Key="5.5.1", Sources="VHLSS; LFS")
        add(
            book,
            "Ratings",
            Framework="core@1",
            Key="5",
            Rated_by="Lan",
            Side="producer",
            Criterion="cost",
            Mark=2,
        )
        add(book, "Plan", Framework="core@1", Key="5", Step="Test")
        add(
            book,
            "Sign-offs",
            Name="Lan",
            Organisation="VWU",
            Verdict="dissents",
            On="2026-11-22",
            About="11.1 core@1 5",
            Words="too low",
        )

    review, conflicts, notices = import_workbook(REVIEW, edited(change), **HOW)
    assert (conflicts, notices) == ((), ())
    new = {issue.id: issue for issue in review.issues if issue not in ISSUES}
    assert new["11.2-2"] == Issue(
        id="11.2-2",
        passage="11.2",
        action="Publish wages",
        clause=TEXTS["11.2"],
        decision=Decision(status="accepted", by="Lan"),
    )
    assert new["new"] == Issue(id="new", passage="", action="Count care work")
    start = TEXTS["11.1"].index("30 %")
    words = Cause(passage="11.1", start=start, end=start + 4, words="30 %")
    assert new["11.1"].targets[1] == Target(id="added", words=words, value=30, unit="%")
    assert new["X"].targets[0].words == Cause(passage="", start=0, end=0, words="all")
    assert new["X"].targets[0].id == "added-2"
    assert review.links[-1] == IndicatorLink(
        issue="X", framework="core@1", key="9", band="added", decision=Decision(why="fits")
    )
    assert review.sources[1].code == "VHLSS"
    assert review.supplies[1].sources == ("VHLSS", "LFS")
    assert review.ratings[1].mark == 2
    assert review.plan[1].id == "P2"
    signed = review.sign_offs[1]
    assert (signed.verdict, signed.of) == ("dissents", digest(review_bytes(REVIEW)))
    assert {event.field for event in review.log} >= {"issue", "link", "source", "plan", "sign-off"}


def test_changes_meanwhile_stay_and_conflicts_are_told(imported):
    issues = (
        replace(ISSUES[0], frequency="every year"),
        replace(ISSUES[1], action="Pay the same", decision=NO),
        *ISSUES[2:],
    )
    review, conflicts, _ = imported(
        {
            ("Issues", 2, "Area level"): "province",
            ("Issues", 3, "Action"): "Equal wages",
            ("Issues", 3, "Decision"): "accepted",
            ("Issues", 3, "By"): "Lan",
        },
        review=replace(REVIEW, issues=issues),
    )
    assert (review.issues[0].frequency, review.issues[0].area_level) == ("every year", "province")
    assert review.issues[1] == issues[1]
    assert [(each.field, each.mine, each.theirs) for each in conflicts] == [
        ("action", "Pay the same", "Equal wages"),
        ("decision", "rejected by Hoa", "accepted by Lan"),
    ]


def test_rows_that_are_not_there_stay_and_are_told(edited):
    def change(book):
        book["Issues"].delete_rows(3)
        book["Plan"].delete_rows(2, 200)

    review, _, notices = import_workbook(REVIEW, edited(change), **HOW)
    assert review == REVIEW
    assert notices == (
        "sheet Issues: the row of 11.2 is not there; it stays as it was (reject it to drop it)",
        "sheet Plan: the row of P1 is not there; it stays as it was (reject it to drop it)",
    )


def test_columns_of_ones_own_are_left_aside(edited):
    def change(book):
        book["Issues"].cell(1, 30).value = "Notes"
        book["Issues"].cell(2, 30).value = "ask the ministry"

    review, _, notices = import_workbook(REVIEW, edited(change), **HOW)
    assert review == REVIEW
    assert notices == ("sheet Issues: columns not read: 'Notes'",)


def test_text_too_long_for_a_cell_is_kept_whole(edited):
    long = " ".join(["điều 𝄞"] * 6000)
    issues = (replace(ISSUES[0], action=long, clause=long), *ISSUES[1:])
    review = replace(REVIEW, issues=issues)
    source = workbook_bytes(review, CATALOGUE)
    assert import_workbook(review, edited(lambda book: None, source), **HOW) == (review, (), ())

    def change(book):
        cell = book["Issues"]["E2"]
        assert cell.value.endswith(CUT)
        cell.value = f"New {cell.value}"

    after, _, _ = import_workbook(review, edited(change, source), **HOW)
    assert after.issues[0].action == f"New {long}"


def test_characters_that_xml_lacks_and_texts_that_look_escaped_come_back(edited):
    issues = (replace(ISSUES[0], action="a\x00b \ud800 _x0041_ x005F_"), *ISSUES[1:])
    review = replace(REVIEW, issues=issues)
    source = workbook_bytes(review, CATALOGUE)
    read = read_workbook(edited(lambda book: None, source))
    assert read.theirs == read.base


def test_missing_names_may_be_said_for_the_whole_workbook(imported):
    review, _, _ = imported(
        {
            ("Issues", 3, "Decision"): "accepted",
            ("Issues", 4, "Decision"): "accepted",
            ("Links international", 3, "Decision"): "rejected",
            ("Links international", 3, "By"): "Mai",
        },
        decided_by="Group 2",
    )
    assert [each.decision.by for each in review.issues[1:3]] == ["Group 2", "Hoa"]
    assert review.links[2].decision.by == "Mai"


# ----------------------------------------------------------------------------------- refused


def test_decision_without_a_name_is_told_with_its_row(refused):
    cells = {("Issues", 3, "Decision"): "accepted", ("Links national", 2, "By"): None}
    assert refused(cells) == [
        "sheet Issues, row 3, By: found nobody, expected who decided",
        "sheet Links national, row 2, By: found nobody, expected who decided",
    ]


def test_column_sorted_alone_is_refused(refused):
    def sort(book):
        page = book["Issues"]
        words = [page.cell(number, 4).value for number in range(2, 6)]
        for number, text in enumerate(reversed(words), 2):
            page.cell(number, 4).value = text
            page.cell(number, 4).data_type = "s" if text else "n"

    found = refused(sort)
    assert len(found) == 4
    assert found[1] == (
        f"sheet Issues, row 3, Words of the clause: found '{TEXTS['12']}', expected "
        f"'{TEXTS['11.2']}', which belongs to 11.2; sort only whole rows"
    )


def test_ids_sorted_alone_are_refused(refused):
    def sort(book):
        page = book["Issues"]
        for number, text in ((2, "11.2"), (3, "11.1")):
            page.cell(number, 1).value = text

    assert refused(sort)[0].startswith("sheet Issues, row 2, Clause: found '11.1', expected '11.2'")


def test_free_column_sorted_alone_is_refused(refused):
    def sort(book):
        page = book["Issues"]
        words = ["Fund shelters", "=Reach 30 %", "-Pay equal wages", "عمل"]
        for number, text in enumerate(words, 2):
            page.cell(number, 5).value = text
            page.cell(number, 5).data_type = "s"

    assert refused(sort) == [
        "sheet Issues, column Action: found 4 cells that stood in other rows, "
        "expected rows sorted as a whole"
    ]


def test_everything_wrong_is_told_at_once(refused):
    def change(book):
        fill(
            book,
            {
                ("Issues", 2, "Issue"): "11.3",
                ("Issues", 3, "Issue"): "X",
                ("Issues", 4, "On"): "yesterday",
                ("Issues", 4, "Decision"): "acepted",
                ("Issues", 4, "Target groups"): "women; men",
                ("Issues", 4, "Core concepts"): "access 7",
                ("Issues", 4, "Breakdowns"): "sex; sex x sex",
                ("Issues", 4, "Action"): None,
                ("Targets", 2, "Value"): "thirty",
                ("Targets", 2, "Year"): 2030.5,
                ("Links national", 2, "Relation"): "same",
                ("Links national", 2, "Title"): "other words are not checked",
                ("Links international", 2, "Key"): "5.5.2",
                ("Supply", 2, "Sources"): "VHLSS",
                ("Ratings", 2, "Mark"): 9,
                ("Plan", 2, "Due"): "2026",
                ("Plan", 2, "Phase"): None,
                ("Sources", 2, "Code"): "LFS2",
                ("Sign-offs", 2, "Verdict"): "dissents",
            },
        )
        add(book, "Issues", Clause="99", Action="New")
        add(book, "Issues", Clause="12")
        add(book, "Targets", Value=5)
        add(book, "Targets", Issue="99", Value=5)
        add(book, "Links national", Issue="11.1", Framework="core@1", Key="5")
        add(book, "Links national", Issue="99", Framework="core@2", Key="5")
        add(book, "Links national", Issue="11.1", Framework="core@1", Decision="accepted")
        add(book, "Sources", Code="LFS", Title="Again")
        add(book, "Supply", Framework="core@1", Key="5", Note="again")
        add(book, "Sign-offs", Name="Lan", About="99", Organisation="VWU", On="2026")
        add(book, "Sign-offs", Name="Lan", Organisation="VWU", On="2026")

    found = refused(change)
    for start in [
        "sheet Issues, row 2, Issue: found '11.3', which does not exist, expected the issue as it",
        "sheet Issues, row 3, Clause: found '11.2', expected ''",
        "sheet Issues, row 5, Issue: found 'X' again, first in row 3, expected once",
        "sheet Issues, row 4, On: found 'yesterday', expected a date such as 2027",
        "sheet Issues, row 4, Decision: found 'acepted', expected one of proposed, accepted, "
        "rejected; nearest is accepted",
        "sheet Issues, row 4, Target groups: found 'women; men', expected codes of the vocabulary",
        "sheet Issues, row 4, Core concepts: found 'access 7', expected codes of the vocabulary",
        "sheet Issues, row 4, Breakdowns: found 'sex; sex x sex', expected characteristics",
        "sheet Targets, row 2, Value: found 'thirty', expected a number such as 12.5",
        "sheet Targets, row 2, Year: found '2030.5', expected a whole number such as 2030",
        "sheet Links national, row 2, Relation: found 'same', expected one of exact, close",
        "sheet Links international, row 2, Key: found '5.5.2', expected '5.5.1', which belongs to",
        "sheet Supply, row 2, Sources: found 'VHLSS', expected one of the sources of the review: ",
        "sheet Ratings, row 2, Mark: found 9, expected a number from 1 to 5",
        "sheet Plan, row 2, Phase: found nothing, expected one of specify needs, design",
        "sheet Sources, row 2, Code: found 'LFS2', expected 'LFS', which belongs to LFS",
        "sheet Sign-offs, row 2, Verdict: found 'dissents', expected 'agrees'",
        "sheet Issues, row 6, Clause: found '99', expected one of the clauses of the review: one",
        "sheet Issues, row 7, Action: found '', expected a name",
        "sheet Targets, row 3, Issue: found nothing, expected the issue of the target",
        "sheet Targets, row 4, Issue: found '99', expected one of the issues of the review",
        "sheet Links national: found a new row for 11.1 core@1 5, which is there already, exp",
        "sheet Links national, row 4, Issue: found '99', expected one of the issues",
        "sheet Links national, row 4, Framework: found 'core@2', expected one of the frameworks",
        "sheet Links national, row 5, By: found nobody, expected who decided",
        "sheet Links national, row 5, Key: found '', expected a name",
        "sheet Sources: found a new row for LFS, which is there already, expected the row that",
        "sheet Supply: found a new row for core@1 5, which is there already",
        "sheet Sign-offs, row 3, About: found '99', expected one of the issues of the review",
        "sheet Sign-offs, row 4, Verdict: found '', expected one of agrees, agrees with remarks",
    ]:
        assert [each for each in found if each.startswith(start)], (start, found)


def test_faults_of_what_goes_together_are_told_with_their_columns(refused):
    cells = {
        ("Issues", 3, "Action"): None,
        ("Targets", 2, "Comparator"): "between",
        ("Plan", 2, "Due"): "2026",
        ("Plan", 2, "Currency"): None,
    }
    assert refused(cells) == [
        "sheet Issues, row 3, Action: found '', expected a name without spaces around it",
        "sheet Targets, row 2, Upper end: found none, "
        "expected an upper end with 'between', and only then",
        "sheet Plan, row 2, Due: found 2026, expected a date not before the start, 2027",
        "sheet Plan, row 2, Currency: found nothing, "
        "expected the currency of the cost, such as VND",
    ]


def test_codes_are_listed_where_there_are_none(edited):
    bare = Review(title="Law", policy=REVIEW.policy, vocabulary=REVIEW.vocabulary)

    def change(book):
        add(book, "Links national", Issue="1", Framework="core@1", Key="5")

    with pytest.raises(InputError, match="expected one of the issues of the review: nothing"):
        read_workbook(edited(change, workbook_bytes(bare, CATALOGUE)))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda book: fill(book, {("Issues", 1, "Decision"): "Decison"}),
            "sheet Issues, header: found no column 'Decision' but ['Decison'], expected the col",
        ),
        (
            lambda book: fill(book, {("Issues", 1, "Action"): None}),
            "sheet Issues, header: found no column 'Action', expected the columns as they were",
        ),
        (
            lambda book: fill(book, {("Issues", 1, "Action"): "Bodies"}),
            "sheet Issues, header: found no column 'Action', expected",
        ),
        (
            lambda book: book["Plan"].delete_rows(1, 300),
            "sheet Plan, header: found no column 'Line', expected the columns",
        ),
        (
            lambda book: setattr(book["Plan"], "title", "Plans"),
            "sheet Plan: found nothing, expected the sheet, under this name (one of",
        ),
        (
            lambda book: book.remove(book["everycount"]),
            "sheet everycount: found nothing, expected the hidden sheet that Everycount wrote",
        ),
        (
            lambda book: book["everycount"].delete_rows(3),
            "sheet everycount: found another one, expected the hidden sheet as it was written",
        ),
        (
            lambda book: book["everycount"].delete_rows(2, 9),
            "sheet everycount: found another one",
        ),
        (
            lambda book: fill(book, {("everycount", 3, "everycount-review-workbook/1"): "é"}),
            "sheet everycount: found another one",
        ),
        (
            lambda book: book["everycount"].cell(1, 1, "everycount-review-workbook/2"),
            "sheet everycount, cell A1: found 'everycount-review-workbook/2', expected",
        ),
        (
            lambda book: fill(book, {("Issues", 3, "Action"): "=A1"}),
            "sheet Issues, row 3, Action: found a formula, expected a value",
        ),
        (
            lambda book: fill(book, {("Issues", 3, "Action"): "#REF!"}),
            "sheet Issues, row 3, Action: found #REF!, expected a value",
        ),
    ],
)
def test_workbook_that_lost_its_shape_is_refused(refused, change, problem):
    assert refused(change)[0].startswith(problem)


def test_header_twice_is_told(refused):
    found = refused(lambda book: fill(book, {("Issues", 1, "Action"): "Bodies"}))
    assert found[1] == "sheet Issues, header: found 'Bodies' twice, expected each column once"


def test_what_is_no_workbook_is_refused(tmp_path, exported, monkeypatch):
    path = tmp_path / "law.xlsx"
    path.write_bytes(b"id,action")
    with pytest.raises(InputError, match="cannot be read as one"):
        read_workbook(path)
    path.write_bytes(exported)
    monkeypatch.setattr(review_workbook_read, "LARGEST", 1000)
    with pytest.raises(InputError, match=r"file: found a file that unfolds to 0\.\d GB"):
        read_workbook(path)


def test_empty_sheet_of_another_program_is_read(exported, tmp_path):
    """A row may end before the last column, and a sheet may have no rows."""
    book = openpyxl.load_workbook(io.BytesIO(exported))
    source = io.BytesIO()
    bare = openpyxl.Workbook()
    bare.remove(bare.active)
    for page in book.worksheets:
        copy = bare.create_sheet(page.title)
        for row in page.iter_rows(values_only=True):
            cells = list(row)
            while cells and cells[-1] is None:
                cells.pop()
            copy.append(cells)
            for cell in copy[copy.max_row]:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    bare.save(source)
    path = tmp_path / "law.xlsx"
    path.write_bytes(source.getvalue())
    assert import_workbook(REVIEW, path, **HOW) == (REVIEW, (), ())
