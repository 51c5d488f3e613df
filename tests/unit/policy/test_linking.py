"""Links proposed from matches, and the wordings that accepted links teach."""

from dataclasses import replace

from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.model.issue import Decision, Issue
from everycount.model.match import Alias, Candidate, Match, Query
from everycount.model.review import Clause, FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.vocabulary import Vocabulary
from everycount.policy.linking import in_rounds, propose_links, queries_of, wordings_of

YES = Decision(status="accepted", by="Lan")
NO = Decision(status="rejected", by="Lan")
HERE, WORLD = "here@2024", "world@2023"


def framework(reference, level, titles):
    name, _, version = reference.partition("@")
    return Framework(
        id=name,
        version=version,
        title={"en": name.title()},
        publisher="somebody",
        level=level,
        valid_from=version,
        source=Source(citation="a list"),
        indicators=tuple(
            Indicator(key=key, code=key, title={"en": title}) for key, title in titles.items()
        ),
    )


NATIONAL = framework(HERE, "national", {"n": "Women in office"})
GLOBAL = framework(WORLD, "global", {"a": "Seats held by women", "b": "Literacy", "c": "Wages"})
REVIEW = Review(
    title="Law",
    policy=PolicyText(
        name="law.txt",
        digest="",
        language="en",
        clauses=(
            Clause(number="1", kind="article", label="Article 1", text="..", heading="Seats"),
        ),
    ),
    vocabulary=Vocabulary(id="none", title={"en": "None"}, source="us"),
    issues=(
        Issue(id="1", passage="1", action="elect women", decision=YES),
        Issue(id="2", passage="", action="teach girls"),
        Issue(id="3", passage="3", action="nothing", decision=NO),
    ),
)


def match(issue, reference, band, *keys, note=""):
    candidates = tuple(
        Candidate(
            framework=reference,
            key=key,
            title=key,
            rank=rank,
            score=0.91234 - rank / 10,
            lexical=0.5,
            same_title=("z",) if key == "b" else (),
            reasons=("shared: seats",),
            warnings=("other people",) if key == "c" else (),
        )
        for rank, key in enumerate(keys, 1)
    )
    query = Query(id=issue, text="..")
    return Match(
        query=query,
        framework=reference,
        band=band,
        confidence=0.5,
        candidates=candidates,
        note=note,
    )


def test_queries_are_issues_that_nobody_rejected_with_the_heading_apart():
    assert queries_of(REVIEW) == (
        Query(id="1", text="elect women", heading="Seats", language="en"),
        Query(id="2", text="teach girls", heading="", language="en"),
    )


def test_a_point_is_sought_by_its_own_words_without_the_lead_in():
    point = Clause(number="2", kind="point", label="(a)", text="to teach girls; ")
    policy = replace(REVIEW.policy, clauses=(*REVIEW.policy.clauses, point))
    made = Issue(id="2", passage="2", action="The State shall act to teach girls")
    review = replace(REVIEW, policy=policy, issues=(made,))
    assert queries_of(review)[0].text == "to teach girls"


def test_proposals_come_in_rounds_with_reasons_and_nothing_is_accepted():
    matches = [
        match("1", WORLD, "likely", "a", "b", "c", "d"),
        match("2", WORLD, "none", "b", "a"),
        match("1", HERE, "possible", "n"),
        match("2", HERE, "no titles", note="no titles in vi"),
    ]
    away = FrameworkUse(reference="away@2019", title="Away", level="national", is_loaded=False)
    made = propose_links(REVIEW, matches, [GLOBAL, NATIONAL], away=[away])
    assert [(*link.ends, link.band) for link in made.links] == [
        ("1", HERE, "n", "possible"),
        ("1", WORLD, "a", "likely"),
        ("1", WORLD, "b", "possible"),
        ("1", WORLD, "c", "possible"),
        ("2", WORLD, "b", "nearest"),
    ]
    assert all(link.decision.status == "proposed" for link in made.links)
    assert made.links[2].reasons == ("shared: seats", "the same title stands under z")
    assert (made.links[1].score, made.links[3].warnings) == (0.812, ("other people",))
    assert [(use.reference, use.is_loaded, use.note) for use in made.frameworks] == [
        ("away@2019", False, ""),
        (HERE, True, "no titles in vi"),
        (WORLD, True, ""),
    ]


def test_candidates_far_behind_the_first_are_not_proposed():
    found = match("1", WORLD, "possible", "a", "b", "c")
    far = replace(found.candidates[1], score=0.4)
    farther = replace(found.candidates[2], score=0.3)
    found = replace(found, candidates=(found.candidates[0], far, farther))
    made = propose_links(REVIEW, [found, match("2", WORLD, "none")], [GLOBAL])
    assert [link.key for link in made.links] == ["a"]


def test_what_only_words_or_only_meaning_puts_first_is_proposed_too():
    found = match("1", WORLD, "possible", "a", "b", "c")
    first, second, third = found.candidates
    found = replace(
        found,
        candidates=(replace(first, semantic=0.5),),
        lexical=(first,),
        semantic=(replace(second, semantic=0.9), third),
    )
    made = propose_links(REVIEW, [found], [GLOBAL])
    assert [(each.key, each.band) for each in made.links] == [("a", "possible"), ("b", "possible")]
    assert "first by meaning alone" in made.links[1].reasons
    without = replace(found, semantic=())
    assert [each.key for each in propose_links(REVIEW, [without], [GLOBAL]).links] == ["a"]


def test_decided_and_added_links_survive_another_match():
    first = propose_links(REVIEW, [match("1", WORLD, "likely", "a", "b", "c")], [GLOBAL])
    accepted = replace(first.links[0], decision=YES)
    added = IndicatorLink(issue="2", framework=WORLD, key="c", band="added")
    other = IndicatorLink(issue="2", framework="away@2019", key="x", band="likely", score=0.5)
    away = FrameworkUse(reference="away@2019", title="Away", level="national")
    review = replace(
        first,
        frameworks=(*first.frameworks, away),
        links=(accepted, *first.links[1:], added, other),
    )
    again = propose_links(review, [match("1", WORLD, "possible", "a", "d")], [GLOBAL])
    assert {link.ends[::2]: link.band for link in again.links} == {
        ("1", "a"): "likely",
        ("1", "d"): "possible",
        ("2", "c"): "added",
        ("2", "x"): "likely",
    }
    assert again.links[0].decision == YES


def test_frameworks_in_rounds():
    assert in_rounds([GLOBAL, NATIONAL]) == (NATIONAL, GLOBAL)


def test_accepted_links_give_the_words_of_the_issue():
    use = FrameworkUse(reference=WORLD, title="World", level="global")
    links = tuple(
        IndicatorLink(
            issue=issue, framework=WORLD, key=key, band="likely", decision=decision, relation=how
        )
        for issue, key, decision, how in (
            ("1", "a", YES, None),
            ("1", "b", NO, None),
            ("1", "c", YES, "broader"),
            ("2", "a", YES, None),
        )
    )
    review = replace(REVIEW, frameworks=(use,), links=links)
    assert list(wordings_of([review])) == [
        Alias(framework=WORLD, key="a", title="elect women", origin="Law, 1")
    ]
