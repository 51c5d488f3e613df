import json

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.review_file import VERSION, parse_review, read_review, review_bytes
from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import (
    Clause,
    Event,
    FrameworkUse,
    IndicatorLink,
    PolicyText,
    Review,
    SignOff,
)
from everycount.model.supply import DataSource, Supply
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

WORDS = Cause(passage="11.2", start=0, end=5, words="Quota")
FULL = Review(
    title="Luật bình đẳng giới",
    policy=PolicyText(
        name="law.pdf",
        digest="ab",
        language="vi",
        clauses=(
            Clause(number="11.2", kind="clause", label="Khoản 2", text="Quota: 30 %", page=3),
        ),
    ),
    vocabulary=Vocabulary(
        id="own",
        title={"vi": "Riêng", "en": "Own"},
        source="us",
        groups=(TargetGroup(code="women", title={"en": "Women"}, terms={"en": ("women",)}),),
        concepts=(Concept(code="access", title={"en": "Access"}, question={"en": "?"}, terms={}),),
    ),
    frameworks=(FrameworkUse(reference="core@1", title="Core", level="national"),),
    issues=(
        Issue(
            id="11.2",
            passage="11.2",
            action="Reach 30 %",
            groups=(Tag(code="women", causes=(WORDS,)),),
            concepts=(Tag(code="access", grade=3),),
            targets=(Target(id="T1", words=WORDS, value=30.0, unit="%", year=2030),),
            breakdowns=(("sex",), ("sex", "age")),
            decision=Decision(status="accepted", by="Hoa", on="2026-11-22", why="نعم"),
        ),
    ),
    links=(IndicatorLink(issue="11.2", framework="core@1", key="5", band="likely", score=0.75),),
    sources=(DataSource(code="LFS", title="Labour force survey", last=2024),),
    supplies=(Supply(framework="core@1", key="5", sources=("LFS",), available=(("sex",),)),),
    sign_offs=(SignOff(by="Hoa", organisation="GSO", verdict="agrees", on="2026-11-22"),),
    ratings=(
        Rating(framework="core@1", key="5", by="Hoa", side="user", criterion="demand", mark=5),
    ),
    plan=(PlanLine(id="P1", framework="core@1", key="5", step="Ask", cost=2.5, currency="VND"),),
    log=(Event(on="2026-11-22", by="Hoa", what="11.2", field="decision", after="accepted"),),
)


def faults(value):
    with pytest.raises(InputError) as error:
        parse_review(json.dumps(value).encode(), subject="law.json")
    return [str(problem) for problem in error.value.problems]


def plain():
    return json.loads(review_bytes(FULL))


def test_review_comes_back_as_it_was(tmp_path):
    written = review_bytes(FULL)
    path = tmp_path / "law.json"
    path.write_bytes(written)
    assert read_review(path) == FULL
    assert review_bytes(read_review(path)) == written


def test_review_file_is_readable_and_leaves_defaults_out():
    text = review_bytes(FULL).decode()
    assert text.startswith('{\n  "format": "everycount-review/1",\n  "title": "Luật bình')
    assert "نعم" in text
    issue = plain()["issues"][0]
    assert list(issue) == [
        *("id", "passage", "action", "groups", "concepts", "targets", "breakdowns", "decision")
    ]
    assert issue["targets"][0]["value"] == 30
    assert '"value": 30,' in text
    assert plain()["plan"][0]["cost"] == 2.5


def test_half_of_a_pair_of_utf_16_does_not_stop_the_file():
    policy = PolicyText(name="law.pdf", digest="", language="en", title="a\ud800b")
    vocabulary = Vocabulary(id="own", title={"en": "Own"}, source="us")
    written = review_bytes(Review(title="x", policy=policy, vocabulary=vocabulary))
    assert parse_review(written, subject="law.json").policy.title == "a?b"


def test_every_fault_is_told_with_its_place_in_words():
    value = plain()
    value["issues"][0]["decision"]["by"] = ""
    value["issues"][0]["targets"][0]["value"] = "30"
    value["links"][0]["bnad"] = "likely"
    found = faults(value)
    assert "issue 1 (id 11.2), decision, by: found nobody, expected who decided" in found
    assert "issue 1 (id 11.2), target 1 (id T1), value: found '30', expected a number" in found
    assert any(
        each.startswith("link 1 (key 5), bnad: found a key that is not known") for each in found
    )


def test_what_does_not_hang_together_is_told():
    value = plain()
    value["links"][0]["issue"] = "12"
    assert faults(value) == ["link 1 (key 5), issue: found '12', expected the id of an issue"]


def test_another_version_says_which_one_is_known():
    assert faults({"format": "everycount-review/2"}) == [
        "format: found 'everycount-review/2', "
        "expected 'everycount-review/1', the version that is known"
    ]


@pytest.mark.parametrize("value", [[], 5, {"title": "x"}, {"format": 1}, {"format": "geojson/1"}])
def test_a_file_that_is_no_review_says_so(value):
    assert faults(value)[0].startswith("format: found a file that is no everycount-review, exp")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b'{"format":\n "x",,}', "line 2, column 6: found '\"x\",,}' (expecting property name"),
        (b"", "line 1, column 1: found '' (expecting value), expected JSON, such as"),
        (b"[" * 100_000, "file: found brackets nested too deeply to be read, expected JSON"),
        (b'{"a": 1, "b": 2, "a": 3}', "file: found the key 'a' twice in one object, expected"),
        (b'{"a": NaN}', "file: found NaN, which is no number of JSON, expected JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "file: found Exceeds the limit (4300 digits)"),
        (b"%PDF-1.7", "file: found a PDF document, expected text in UTF-8"),
    ],
)
def test_a_text_that_is_no_json_says_where(source, problem):
    with pytest.raises(InputError) as error:
        parse_review(source, subject="law.json")
    assert str(error.value.problems[0]).startswith(problem)


def test_half_of_a_pair_of_utf_16_in_a_file_is_refused():
    source = b'{"format": "' + VERSION.encode() + b'", "title": "\\ud800"}'
    with pytest.raises(InputError, match=r"law.json has \d problem"):
        parse_review(source, subject="law.json")


def test_no_file_is_told(tmp_path):
    with pytest.raises(NotFound, match="there is no file"):
        read_review(tmp_path / "law.json")
