"""What commands on reviews refuse, warn of or put right, so that no work is locked out or lost."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from everycount.cli import policy_view
from everycount.cli.main import everycount
from everycount.errors import InputError
from everycount.io.framework_toml import framework_toml
from everycount.io.review_file import read_review, review_bytes
from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.review import Clause, FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

ON = ("--by", "Lan", "--on", "2026-11-22")
SDG, HERE = "sdg-global@2023", "here@2024"
YES = Decision(status="accepted", by="Lan", on="2026-11-22")
CAUSE = Cause(passage="1", start=0, end=4, words="40 %")


def call(*arguments):
    return CliRunner().invoke(everycount, [*map(str, arguments)])


def run(*arguments):
    result = call("policy", *arguments)
    assert result.exit_code == 0, (result.stderr, result.exception)
    return result


def refused(*arguments):
    error = call("policy", *arguments).exception
    assert isinstance(error, InputError), error
    return str(error)


def usage(*arguments):
    result = call("policy", *arguments)
    assert result.exit_code == 2, result.exception
    return " ".join(result.stderr.split())


@pytest.fixture
def made():
    concept = Concept(
        code="access",
        title={"en": "Access"},
        question={"en": "Can it be reached?"},
        terms={"en": ("access",)},
    )
    women = TargetGroup(code="women", title={"en": "Women"}, terms={"en": ("women",)})
    return Review(
        title="Law on Equality",
        policy=PolicyText(
            name="law.md",
            digest="",
            language="en",
            clauses=(Clause(number="1", kind="article", label="Article 1", text="40 % of seats"),),
        ),
        vocabulary=Vocabulary(
            id="own", title={"en": "Own"}, source="us", groups=(women,), concepts=(concept,)
        ),
        reviewers="Group A",
        frameworks=(FrameworkUse(reference=SDG, title="SDG", level="global"),),
        issues=(
            Issue(
                id="1",
                passage="1",
                action="elect women",
                targets=(Target(id="1-t1", words=CAUSE, value=40, unit="%", year=2029),),
                decision=YES,
            ),
        ),
    )


@pytest.fixture
def review(made, tmp_path):
    path = tmp_path / "law.review.json"
    path.write_bytes(review_bytes(made))
    return path


@pytest.fixture
def national(tmp_path):
    own = Framework(
        id="here",
        version="2024",
        title={"en": "Our set"},
        publisher="us",
        level="national",
        valid_from="2024",
        source=Source(citation="a list"),
        indicators=(
            Indicator(key="n1", code="n1", title={"en": "Seats held by women"}),
            Indicator(key="n2", code="n2", title={"en": "Hours of unpaid work"}),
            Indicator(key="n3", code="n3", title={"en": "Seats held by women"}, repeats="n1"),
        ),
    )
    path = tmp_path / "here.toml"
    path.write_bytes(framework_toml(own))
    return path


# What is written can be read again


def test_a_grade_that_is_none_is_refused_and_nothing_is_written(review):
    before = review.read_bytes()
    told = refused("edit", review, "1", *ON, "--set", "concepts=access: 9")
    assert told == (
        "the edit has 1 problem:\n  --set concepts: found 9, expected a grade from 0 to 4"
    )
    assert "dimension: found 'lunar', expected one of social" in refused(
        "edit", review, "1", *ON, "--set", "dimension=lunar"
    )
    assert review.read_bytes() == before


def test_no_command_writes_what_it_could_not_read_again(review, made, tmp_path):
    broken = replace(made, log=("no event",))
    before = review.read_bytes()
    with pytest.raises(InputError, match="of which nothing was written, has 1 problem"):
        policy_view.save_review(broken, str(review))
    with pytest.raises(InputError, match="nothing was written"):
        policy_view.save_review(broken, "-")
    assert review.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [review.name]


def test_a_hidden_character_in_an_id_is_told_in_words(review):
    told = refused("link", review, "1", "sdg-\u200bglobal@2023", "5.5.1", *ON)
    assert "framework: found 'sdg-\\u200bglobal@2023', expected a name without invisible" in told


def test_faults_that_a_command_did_not_foresee_are_told_in_words(review, monkeypatch):
    def explode(*_arguments, **_options):
        Tag(code="", grade=7)

    monkeypatch.setattr("everycount.cli.policy_decide.decide", explode)
    told = refused("decide", review, *ON, "--accept", "1")
    assert told.startswith("what the command was given has 2 problems:\n  code: found ''")


# Marks, dates, names


def test_rate_refuses_an_indicator_that_does_not_exist(review, made, national):
    before = review.read_bytes()
    told = refused("rate", review, SDG, "5.5.9", "--demand", "5", *ON)
    assert "rating of sdg-global@2023 5.5.9: found the key '5.5.9'" in told
    assert "an indicator of sdg-global@2023, such as 5.5." in told
    assert review.read_bytes() == before
    uses = (*made.frameworks, FrameworkUse(reference=HERE, title="Ours", level="national"))
    review.write_bytes(review_bytes(replace(made, frameworks=uses)))
    rate = ("rate", review, HERE, "n9", "--demand", "5", *ON)
    assert "such as n1" in refused(*rate, "--framework", national)
    # A set that is not at hand cannot be judged by.
    assert "here@2024 is not shipped: give its file" in run(*rate).stderr


@pytest.mark.parametrize(
    "command",
    [
        ("rate", SDG, "5.5.1", "--demand", "5"),
        ("sign", "--organisation", "Union", "--verdict", "agrees"),
        ("link", "1", SDG, "5.5.1"),
        ("decide", "--accept", "1"),
        ("import", "law.xlsx"),
        ("edit", "1", "--set", "frequency=every year"),
    ],
)
def test_days_that_the_calendar_lacks_are_refused(command, review):
    name, *rest = command
    told = usage(name, review, *rest, "--by", "Lan", "--on", "2026-02-30")
    assert "found '2026-02-30', expected a date such as 2026-11-22, one that the calendar" in told


def test_a_date_to_come_is_a_warning(review):
    told = run("edit", review, "1", "--by", "Lan", "--on", "2199-01-01", "--set", "frequency=x")
    assert "warning: --on 2199-01-01 has not come yet" in told.stderr
    told = run("edit", review, "1", *ON, "--set", "frequency=every year")
    assert "warning" not in told.stderr


def test_a_date_of_a_workbook_that_the_calendar_lacks_is_refused(review, tmp_path):
    workbook = tmp_path / "law.xlsx"
    run("export", review, "-o", workbook)
    fill(workbook, "On", "2026-02-30")
    assert "On: found '2026-02-30'" in refused("import", review, workbook, *ON)
    fill(workbook, "On", "2199-01-01")
    told = run("import", review, workbook, *ON)
    assert "note: 1 decision with a date to come: 1" in told.stdout
    workbook = tmp_path / "again.xlsx"
    run("export", review, "-o", workbook)
    fill(workbook, "By", "  Lan \u200b Anh")
    run("import", review, workbook, *ON)
    assert read_review(review).issues[0].decision.by == "Lan Anh"


def fill(workbook, title, words):
    from openpyxl import load_workbook

    book = load_workbook(workbook)
    for row in book["Issues"].iter_rows():
        titles = [str(cell.value) for cell in row]
        if title in titles:
            column, head = titles.index(title), row[0].row
            break
    book["Issues"].cell(row=head + 1, column=column + 1).value = words
    book.save(workbook)


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u200d\u2060 "])
def test_a_name_that_nobody_sees_is_refused(name, review):
    for command in (
        ("edit", review, "1", "--set", "frequency=every year"),
        ("decide", review, "--accept", "1"),
        ("rate", review, SDG, "5.5.1", "--demand", "5"),
        ("plan", review, "-o", review),
    ):
        assert "expected a name with letters" in usage(*command, "--by", name)
    about = ("sign", review, "--by", "Lan", "--verdict", "agrees", "--organisation", name)
    assert "expected a name with letters" in usage(*about)


def test_names_that_look_alike_are_one(review):
    for name in ("Lan Anh", "Lan\u00a0Anh", " Lan\u200b  Anh\u2060"):
        run("rate", review, SDG, "5.5.1", "--demand", "4", "--by", name)
    assert [each.by for each in read_review(review).ratings] == ["Lan Anh"]


def test_texts_lose_what_nobody_sees(review):
    run("edit", review, "1", *ON, "--set", "frequency=every\u200b year\u00ad ", "--why", "a\u200bb")
    found = read_review(review)
    assert (found.issues[0].frequency, found.log[-1].why) == ("every year", "ab")


# What issues and targets hold


def test_edit_says_how_to_name_a_change(review):
    told = usage("edit", review, "1", *ON)
    assert 'say what to change by --set FIELD=VALUE, such as "area_level=province"' in told
    assert "an issue has action, bodies, groups" in told
    assert "a target has measure" in usage("edit", review, "1", "--target", "1-t1", *ON)
    told = refused("edit", review, "1", *ON, "--set", "action", "--set", "acton=x")
    assert told.splitlines()[:2] == [
        "the edit has 2 problems:",
        "  --set 'action': found no = in it, expected FIELD=VALUE, such as \"area_level=province\"",
    ]
    assert "--set 'acton=x': found the field 'acton', expected a field: one of action" in told
    assert told.endswith("nearest is action")


def test_edit_refuses_a_field_twice_and_crossings_with_nothing(review):
    before = review.read_bytes()
    twice = ("--set", "frequency=a", "--set", "frequency=b")
    assert "--set frequency: found two values" in refused("edit", review, "1", *ON, *twice)
    told = refused("edit", review, "1", *ON, "--set", "breakdowns=sex x x age")
    assert "found 'sex x  x age', expected different characteristics" in told
    assert "a whole number such as 2030" in refused(
        "edit", review, "1", "--target", "1-t1", *ON, "--set", "year=20.5"
    )
    assert review.read_bytes() == before


def test_a_baseline_behind_its_target_is_refused(review):
    before = review.read_bytes()
    given = ("--set", "baseline=20", "--set", "baseline_year=2031")
    told = refused("edit", review, "1", "--target", "1-t1", *ON, *given)
    assert "baseline_year: found 2031, expected a year before that of the target, 2029" in told
    assert review.read_bytes() == before


def test_shares_and_areas_that_are_odd_are_warnings(review):
    told = run("edit", review, "1", "--target", "1-t1", *ON, "--set", "value=-20")
    assert "warning: 1-t1: the value is -20 %; a share is not below 0" in told.stderr
    told = run("edit", review, "1", "--target", "1-t1", *ON, "--set", "value=140")
    assert "the value is 140 %; a share is not above 100" in told.stderr
    change = ("--set", "comparator=change by", "--set", "value=-20")
    assert "warning" not in run("edit", review, "1", "--target", "1-t1", *ON, *change).stderr
    told = run("edit", review, "1", *ON, "--set", "area_level=planet")
    assert "warning: 1, area level: 'planet' is no level that can be compared" in told.stderr
    assert "warning" not in run("edit", review, "1", *ON, "--set", "frequency=yearly").stderr
    assert "warning" not in run("edit", review, "1", *ON, "--set", "area_level=districts").stderr


# The review of a set


def test_a_set_that_a_review_was_not_matched_to_is_no_gap(review, national, tmp_path):
    told = run("assess", national, "--review", review)
    assert "1 review was not matched to the set, so its coverage is not known." in told.stdout
    assert "accepted issue" not in told.stdout
    assert f"everycount policy match {review} --framework {national}" in told.stderr
    page = tmp_path / "set.html"
    assert call("report", "assessment", national, "--review", review, "-o", page).exit_code == 0
    words = page.read_text(encoding="utf-8")
    assert "The review of Law on Equality was not matched to this set" in words
    assert "Issues that the set does not show" not in words


def test_a_review_matched_to_a_set_is_counted(review, made, national):
    use = FrameworkUse(reference=HERE, title="Ours", level="national")
    open_link = IndicatorLink(issue="1", framework=HERE, key="n1", band="likely", score=0.5)
    review.write_bytes(
        review_bytes(replace(made, frameworks=(*made.frameworks, use), links=(open_link,)))
    )
    told = run("assess", national, "--review", review)
    assert "1 of 1 accepted issue of 1 policy has no indicator in the set." in told.stdout
    assert "for 1 issue without an indicator, links to the set are proposed" in told.stdout
    assert "not matched" not in told.stdout + told.stderr


def test_a_review_given_twice_counts_once_or_not_at_all(review, made, national, tmp_path):
    again = tmp_path / "copy.json"
    again.write_bytes(review.read_bytes())
    for second in (review, again):
        given = ("assess", national, "--review", review, "--review", second)
        assert f"--review {second}: found the review of {review} again" in refused(*given)
    read = replace(made, policy=replace(made.policy, digest="ab" * 32))
    review.write_bytes(review_bytes(read))
    again.write_bytes(review_bytes(replace(read, title="Law, Group B")))
    told = run("assess", national, "--review", review, "--review", again)
    assert "are reviews of one document, and both count" in told.stderr


def test_nothing_compared_is_not_known(national):
    told = run("assess", national)
    assert "0 of 0" not in told.stdout
    assert "The set was compared with no international set, so what it lacks" in told.stdout
    tables = {each["id"]: each for each in json.loads(run("assess", national, "--json").stdout)}
    assert (tables["international"]["count"], tables["international"]["of"]) == (None, None)
    assert "--against: found the set itself, here@2024" in refused(
        "assess", national, "--against", national
    )


def test_repeated_indicators_are_told(national, tmp_path):
    told = run("assess", national)
    assert "The set prints 3 indicators; 1 of them is another again" in told.stdout
    assert "n3 in no group is n1" in told.stdout
    page = tmp_path / "set.html"
    call("report", "assessment", national, "-o", page)
    assert "of 3 indicators; 1 repeat" in page.read_text(encoding="utf-8")


def test_tables_on_the_terminal_have_heads_and_fit(national, tmp_path):
    marks = tmp_path / "marks.csv"
    marks.write_text("key,by,relevance,advocacy\nn1,An,3,0\nn1,Bo,1,0\n", encoding="utf-8")
    lines = run("assess", national, "--scorecard", marks).stdout.splitlines()
    heads = next(line for line in lines if line.lstrip().startswith("code"))
    assert heads.split() == ["code", "title", "mean", "disputed", "issues", "asking", "figures"]
    first = next(line for line in lines if line.lstrip().startswith("n1"))
    assert first[heads.index("title") :].startswith("Seats held by women")
    assert max(len(line) for line in lines if "note: " not in line) <= 100


def test_a_scorecard_with_semicolons_is_read_with_a_note(national, tmp_path):
    marks = tmp_path / "marks.csv"
    rows = "key;by;relevance;selected;on\r\nn1;An\u200b;3;yes;2199-01-01\r\nn1;Bo;2;;\r\n"
    marks.write_text(rows, encoding="utf-8-sig")
    told = run("assess", national, "--scorecard", marks)
    assert "note: marks.csv has semicolons between its cells and was read so" in told.stderr
    assert "1 of 2 candidates is selected" in told.stdout
    assert "candidate n1: the date 2199-01-01 has not come yet" in told.stderr
    marks.write_text("key,by,relevance\nn1,An,3\nn1,An\u200b,2\n", encoding="utf-8")
    told = refused("assess", national, "--scorecard", marks)
    assert "row 3: found 'n1', 'An' again, as in row 2" in told
    marks.write_text("key,by,relevance\nn1,\u200b,3\n", encoding="utf-8")
    assert "row 2, by: found nothing" in refused("assess", national, "--scorecard", marks)


# Places of reports


def test_no_report_is_written_unless_all_can_be(review, tmp_path):
    good, away = tmp_path / "a.html", tmp_path / "none" / "b.html"
    folder = tmp_path / "c.html"
    folder.mkdir()
    result = call("report", "policy", review, "-o", good, "-o", away, "-o", good, "-o", folder)
    told = str(result.exception)
    assert f"{away}: found no such folder" in told
    assert f"{good}: found the same file again" in told
    assert f"{folder}: found a folder" in told
    assert not good.exists()
    html = tmp_path / "law.html"
    html.write_bytes(review.read_bytes())
    result = call("report", "policy", html, "-o", html)
    assert "found a file that is read, expected another name" in str(result.exception)


def test_reports_are_replaced_and_reviews_are_not(review, tmp_path):
    page = tmp_path / "a.html"
    page.write_text("old")
    assert call("report", "policy", review, "-o", page).exit_code == 0
    assert page.read_text(encoding="utf-8") != "old"
    other = tmp_path / "other.json"
    other.write_text("work")
    told = refused("edit", review, "1", *ON, "--set", "frequency=x", "-o", other)
    assert "found a file that exists" in told
    assert other.read_text() == "work"
