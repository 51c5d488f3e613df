"""The commands that change a review by hand."""

import pytest
from click.testing import CliRunner

from everycount.cli.main import everycount
from everycount.errors import InputError, NotFound
from everycount.io.review_file import read_review, review_bytes
from everycount.model.issue import Cause, Issue, Target
from everycount.model.review import Clause, FrameworkUse, PolicyText, Review
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

ON = ("--by", "Lan", "--on", "2026-11-22")
SDG = "sdg-global@2023"


def run(*arguments, code=0):
    result = CliRunner().invoke(everycount, ["policy", *map(str, arguments)])
    assert result.exit_code == code, (result.stderr, result.exception)
    return result


def refused(*arguments):
    return CliRunner().invoke(everycount, ["policy", *map(str, arguments)]).exception


@pytest.fixture
def review(tmp_path):
    words = Vocabulary(
        id="own",
        title={"en": "Own"},
        source="us",
        groups=(TargetGroup(code="women", title={"en": "Women"}, terms={"en": ("women",)}),),
        concepts=(
            Concept(
                code="access",
                title={"en": "Access"},
                question={"en": "Can it be reached?"},
                terms={"en": ("access",)},
            ),
        ),
    )
    cause = Cause(passage="1", start=0, end=4, words="40 %")
    made = Review(
        title="Law",
        policy=PolicyText(
            name="law.md",
            digest="",
            language="en",
            clauses=(Clause(number="1", kind="article", label="Article 1", text="40 % of seats"),),
        ),
        vocabulary=words,
        frameworks=(FrameworkUse(reference=SDG, title="SDG", level="global"),),
        issues=(
            Issue(
                id="1",
                passage="1",
                action="elect women",
                targets=(Target(id="1-t1", words=cause, value=40, unit="%", year=2029),),
            ),
        ),
    )
    path = tmp_path / "law.review.json"
    path.write_bytes(review_bytes(made))
    return path


def test_edit_changes_what_an_issue_says_and_logs_it(review):
    told = run(
        *("edit", review, "1", *ON, "--why", "agreed", "--set", "groups=women"),
        *("--set", "concepts=access: 3;", "--set", "breakdowns=sex; sex x area"),
        *("--set", "bodies=the State; parties", "--set", "dimension=social"),
        *("--set", "area_level=province"),
    )
    assert "1, area level: province" in told.stderr
    (issue,) = read_review(review).issues
    assert [tag.code for tag in issue.groups] == ["women"]
    assert (issue.concepts[0].code, issue.concepts[0].grade) == ("access", 3)
    assert issue.breakdowns == (("sex",), ("sex", "area"))
    assert (issue.bodies, issue.dimension) == (("the State", "parties"), "social")
    assert {event.why for event in read_review(review).log} == {"agreed"}
    run("edit", review, "1", *ON, "--set", "dimension=", "--set", "concepts=access")
    (issue,) = read_review(review).issues
    assert (issue.dimension, issue.concepts[0].grade) == (None, 0)


def test_edit_corrects_and_confirms_a_target(review):
    run(
        *("edit", review, "1", "--target", "1-t1", *ON, "--set", "year=2030"),
        *("--set", "denominator=seats", "--set", "value=40.5", "--set", "baseline="),
    )
    (target,) = read_review(review).issues[0].targets
    assert (target.year, target.value, target.denominator) == (2030, 40.5, "seats")
    assert target.decision.is_accepted


def test_edit_lists_every_field_that_is_none(review):
    before = review.read_bytes()
    error = refused("edit", review, "1", *ON, "--set", "colour=red", "--set", "action")
    assert isinstance(error, InputError)
    assert len(error.problems) == 2
    error = refused(
        "edit", review, "1", "--target", "1-t1", *ON, "--set", "year=soon", "--set", "value=many"
    )
    assert [problem.where for problem in error.problems] == ["--set year", "--set value"]
    error = refused("edit", review, "1", *ON, "--set", "concepts=access: high")
    assert "--set concepts: found 'access: high'" in str(error)
    assert isinstance(refused("edit", review, "2", *ON, "--set", "action=x"), NotFound)
    assert review.read_bytes() == before


def test_link_accepts_an_indicator_that_was_not_proposed(review):
    told = run("link", review, "1", SDG, "5.5.1", "--relation", "close", *ON)
    assert "1 is linked to sdg-global@2023 5.5.1" in told.stderr
    (link,) = read_review(review).links
    assert (link.band, link.relation, link.decision.by) == ("added", "close", "Lan")
    run("link", review, "1", SDG, "5.5.1", *ON)
    assert len(read_review(review).links) == 1


def test_link_refuses_an_indicator_that_does_not_exist(review):
    before = review.read_bytes()
    error = refused("link", review, "1", SDG, "5.5.9", *ON)
    assert "found the key '5.5.9', expected an indicator of sdg-global@2023" in str(error)
    assert review.read_bytes() == before


def test_rate_takes_marks_of_users_and_producers(review):
    run("rate", review, SDG, "5.5.1", "--demand", "5", *ON)
    run("rate", review, SDG, "5.5.1", "--feasibility", "4", "--cost", "2", "--by", "Hoa")
    found = {
        (each.by, each.side, each.criterion): each.mark for each in read_review(review).ratings
    }
    assert found == {
        ("Lan", "user", "demand"): 5,
        ("Hoa", "producer", "feasibility"): 4,
        ("Hoa", "producer", "cost"): 2,
    }


def test_rate_refuses_marks_outside_of_the_scale(review):
    error = refused("rate", review, SDG, "5.5.1", "--demand", "9", *ON)
    assert "--demand: found 9, expected a number from 1 to 5" in str(error)
    assert "give --demand" in run("rate", review, SDG, "5.5.1", *ON, code=2).stderr
