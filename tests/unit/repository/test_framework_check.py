from dataclasses import replace

from everycount.errors import InputError, Problem
from everycount.model.crosswalk import Link
from everycount.model.framework import Framework, Group, Source
from everycount.model.indicator import Indicator
from everycount.repository.framework_check import check_framework, findings_of


def indicator(key, group="", **given):
    said = {"key": key, "code": key, "title": {"en": key}, "group": group, "unit": "percent"}
    return Indicator(**{**said, **given})


def framework(*indicators, groups=(), **given):
    return Framework(
        **{
            "id": "core",
            "version": "1",
            "title": {"en": "Core"},
            "publisher": "NSO",
            "level": "national",
            "valid_from": "2024",
            "source": Source(citation="Decision 5"),
            "groups": tuple(Group(code=code, title={"en": code}) for code in groups),
            "indicators": indicators,
            **given,
        }
    )


def filled(**sizes):
    """Return a framework with groups of these sizes."""
    members = [indicator(f"{code}{n}", code) for code, size in sizes.items() for n in range(size)]
    return framework(*members, groups=sizes)


def found(*args, **options):
    findings = check_framework(*args, **options)
    return [(each.rule, each.severity, each.where) for each in findings]


def words(*args, **options):
    return [each.words for each in check_framework(*args, **options)]


def link(key, other_key, other="other@1"):
    return Link(
        from_framework="core@1",
        from_key=key,
        to_framework=other,
        to_key=other_key,
        relation="exact",
        by="NSO",
    )


def test_nothing_to_say():
    assert check_framework(filled(a=3, b=4)) == ()


def test_no_indicators():
    assert found(framework()) == [("no-indicators", "error", "indicators")]


def test_duplicate_code():
    twice = framework(indicator("8d"), indicator("8e", code="8d"))
    assert found(twice) == [("duplicate-code", "warning", "8d")]
    assert words(twice) == [
        "the printed code 8d stands for 2 indicators; tell them apart by their keys: 8d, 8e"
    ]


def test_duplicate_title_unless_it_says_so():
    same = {"title": {"en": "Deaths in disasters"}}
    twice = framework(indicator("1", **same), indicator("2", **same))
    assert found(twice) == [("duplicate-title", "warning", "1")]
    assert 'say repeats = "1"' in words(twice)[0]
    assert check_framework(framework(indicator("1", **same), indicator("2", repeats="1"))) == ()


def test_links_that_lead_nowhere():
    core, other = framework(indicator("a")), framework(indicator("x"), id="other")
    links = [
        link("a", "x"),
        link("a", "y"),
        link("b", "x"),
        link("a", "x", other="gone@1"),
        Link(
            from_framework="p@1",
            from_key="1",
            to_framework="q@1",
            to_key="2",
            relation="exact",
            by="NSO",
        ),
    ]
    assert found(core, links=links, known={"other@1": other}) == [
        ("broken-link", "error", "core@1 a to other@1 y"),
        ("broken-link", "error", "core@1 b to other@1 x"),
        ("unknown-framework", "warning", "core@1 a to gone@1 x"),
    ]
    assert "other@1 has no indicator with the key y" in words(
        core, links=links, known={"other@1": other}
    )


def test_titles_missing_in_a_language():
    half = framework(
        indicator("a", "g", title={"en": "A", "vi": "A"}),
        indicator("b", "g"),
        indicator("c", "g"),
        groups="g",
    )
    missing = ("missing-title", "warning")
    assert found(half) == [(*missing, where) for where in ("the framework", "group g", "b", "c")]
    assert found(framework(indicator("a")), languages=["fr"]) == [
        (*missing, "the framework"),
        (*missing, "a"),
    ]


def test_indicator_without_group_and_group_without_indicator():
    members = [indicator(key, "g") for key in "abc"]
    assert found(framework(*members, indicator("d"), groups="gh")) == [
        ("no-group", "warning", "d"),
        ("empty-group", "warning", "group h"),
    ]


def test_uneven_groups():
    uneven = filled(a=4, b=4, c=4, d=9, e=1, f=2)
    assert found(uneven) == [("uneven-groups", "remark", f"group {code}") for code in "def"]
    assert words(uneven) == [
        "9 indicators, over twice the median of its level, 4",
        "1 indicator, fewer than 3: a score would rest on them alone",
        "2 indicators, fewer than 3: a score would rest on them alone",
    ]


def test_division_too_fine_to_score_is_one_remark():
    fine = filled(**dict.fromkeys("abcdefghi", 1), z=7)
    assert found(fine) == [
        ("uneven-groups", "remark", "groups a, b, c, d, e, f, g, h and 1 more"),
        ("uneven-groups", "remark", "group z"),
    ]
    assert words(fine)[0].startswith("9 of 10 groups of this level have fewer than 3 indicators")


def test_sizes_are_compared_on_each_level():
    groups = (
        Group(code="1", title={"en": "1"}),
        Group(code="1.1", title={"en": "1.1"}, parent="1"),
        Group(code="1.2", title={"en": "1.2"}, parent="1"),
    )
    members = [indicator(f"{n}", "1.1" if n < 7 else "1.2") for n in range(8)]
    tree = replace(framework(), groups=groups, indicators=tuple(members))
    assert found(tree) == [("uneven-groups", "remark", "group 1.2")]


def test_missing_unit_of_what_is_counted():
    some = framework(
        indicator("a", unit=""),
        indicator("b", unit="", kind="qualitative"),
        indicator("c", unit="", repeats="a"),
    )
    assert found(some) == [("missing-unit", "remark", "a")]


def test_gravest_first():
    rules = [
        each.severity
        for each in check_framework(
            framework(indicator("a", unit=""), indicator("b", code="a")), links=[link("z", "x")]
        )
    ]
    assert rules == ["error", "warning", "warning", "remark"]


def test_faults_of_a_file_are_findings():
    error = InputError("core.toml", [Problem("line 3, id", "'A'", "lower case")])
    (finding,) = findings_of(error)
    assert (finding.rule, finding.severity, finding.where) == ("structure", "error", "line 3, id")
    assert finding.words == "found 'A', expected lower case"
