"""The commands on policies, from a text to a signed review."""

import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from everycount.cli.main import everycount
from everycount.errors import InputError, NotFound
from everycount.io.documents import read_document
from everycount.io.review_file import read_review, review_bytes

LAW = """# Law on equal chances

## Article 1. Seats

(a) Women shall hold at least 40 % of the seats in parliament by 2030.

(b) The State shall ensure that rural women have access to credit.

## Article 2. Violence

It is forbidden to exercise violence against women and girls.

## Article 3. Penalties

Whoever breaches article 2 is liable to imprisonment of two years.
"""
NATIONAL = """id = "here"
version = "2024"
title.en = "National set"
publisher = "NSO"
level = "national"
valid_from = "2024"

[source]
citation = "A list"

[[indicators]]
key = "n1"
code = "n1"
title.en = "Women in parliament"
unit = "percent"
stage = "outcome"
disaggregations = ["sex"]

[[indicators]]
key = "n2"
code = "n2"
title.en = "Length of roads"
"""
ON = ("--by", "Lan", "--on", "2026-11-22")


def run(*arguments, code=0):
    result = CliRunner().invoke(everycount, ["policy", *map(str, arguments)])
    if code == 0:
        assert result.exception is None, (result.stderr, result.exception)
    assert result.exit_code == code, result.stderr
    return result


def refused(*arguments):
    return CliRunner().invoke(everycount, ["policy", *map(str, arguments)]).exception


@pytest.fixture
def law(tmp_path):
    path = tmp_path / "law.md"
    path.write_text(LAW, encoding="utf-8")
    return path


@pytest.fixture
def national(tmp_path):
    path = tmp_path / "here.toml"
    path.write_text(NATIONAL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A review that was proposed and matched once, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "law.md").write_text(LAW, encoding="utf-8")
    (folder / "here.toml").write_text(NATIONAL, encoding="utf-8")
    review = folder / "law.review.json"
    run("propose", folder / "law.md", "-o", review, "--reviewers", "Group A")
    names = ("--framework", "sdg-global", "--framework", folder / "here.toml")
    run("match", review, *names, "--not-loaded", "nsigd@2019=National gender indicators")
    return review.read_bytes()


@pytest.fixture
def review(tmp_path, made):
    path = tmp_path / "law.review.json"
    path.write_bytes(made)
    return path


@pytest.fixture
def decided(review):
    seats, credit = ("1.a sdg-global@2023 5.5.1", "1.a here@2024 n1"), "1.b"
    run("decide", review, "--accept", "1.a", "--accept", credit, *ON)
    run("decide", review, "--accept", seats[0], "--accept", seats[1], *ON)
    return review


def test_every_command_has_help_with_an_example():
    names = run("--help").stdout
    for name in ("read", "propose", "match", "decide", "gaps", "export", "import", "merge"):
        assert name in names
        assert f"everycount policy {name}" in run(name, "--help").stdout
    for name in (
        "edit",
        "link",
        "rate",
        "sign",
        "supply",
        "plan",
        "changes",
        "assess",
        "vocabulary",
    ):
        assert f"everycount policy {name}" in run(name, "--help").stdout
    assert CliRunner().invoke(everycount, ["policy", "nothing"]).exit_code == 2
    group = everycount.get_command(None, "policy")
    assert group.list_commands(None)[:2] == ["read", "propose"]


def test_read_prints_a_line_for_each_clause(law):
    result = run("read", law)
    assert "   1  1.a        clause    Women shall hold at least 40 % of the seats" in result.stdout
    assert "law.md: en, 1 page," in result.stderr
    assert "3 articles" in result.stderr


@pytest.mark.parametrize("command", ["read", "propose"])
def test_recognised_pages_are_told(command, law, tmp_path, monkeypatch):
    found = replace(read_document(law), recognised=(1,))
    where = "everycount.cli.policy_read" if command == "read" else "everycount.io.policy_run"
    monkeypatch.setattr(f"{where}.read_document", lambda place, *, language=None: found)
    more = ("-o", tmp_path / "made.json") if command == "propose" else ()
    told = run(command, law, *more).stderr
    assert "The text of page 1 was recognised in pictures (OCR)" in told


def test_read_as_json_has_the_place_of_every_word(law):
    facts = json.loads(run("read", law, "--json").stdout)
    (seats,) = [each for each in facts["passages"] if each["number"] == "1.a"]
    (span,) = seats["spans"]
    words = facts["pages"][span["page"] - 1][span["start"] : span["end"]]
    assert "Women shall hold at least 40 %" in words
    assert (facts["language"], facts["name"]) == ("en", "law.md")


def test_propose_writes_a_review_and_leaves_penalties_out(law, tmp_path):
    place = tmp_path / "made.json"
    result = run("propose", law, "-o", place, "--title", "Equal chances", "--json")
    found = read_review(place)
    assert [each.id for each in found.issues] == ["1.a", "1.b", "2"]
    assert found.title == "Equal chances"
    assert all(each.decision.status == "proposed" for each in found.issues)
    facts = json.loads(result.stdout)
    assert (facts["issues"], facts["accepted"], facts["targets"]) == (3, 0, 1)
    (target,) = found.issue("1.a").targets
    assert (target.value, target.unit, target.year, target.comparator) == (
        40,
        "%",
        2030,
        "at least",
    )


def test_propose_writes_over_no_file(law, review):
    error = refused("propose", law, "-o", review)
    assert isinstance(error, InputError)
    expected = "a new name, or the same file as --review to go on with it"
    assert f"found a file that exists, expected {expected}" in str(error)


def test_messages_on_files_that_exist_name_only_options_of_the_command(decided, tmp_path):
    other = tmp_path / "other.json"
    other.write_bytes(decided.read_bytes())
    error = str(refused("decide", decided, "--accept", "2", "-o", other, *ON))
    assert f"expected a new name, or {decided} itself to go on with it" in error
    error = str(refused("merge", decided, other, "-o", other))
    assert error.endswith("expected a new name")
    assert "--review" not in str(refused("vocabulary", "-o", other))


def test_help_says_what_a_dash_means():
    said = " ".join(run("--help").stdout.split())
    assert "A single `-` in place of a file to read is standard input" in said


def test_values_of_targets_have_a_size(review):
    (target,) = read_review(review).issue("1.a").targets
    error = refused("edit", review, "1.a", "--target", target.id, "--set", "value=1e308", *ON)
    assert "value: found 1e+308, expected a number up to 1e+15" in str(error)


def test_propose_again_carries_decisions_over(law, decided, tmp_path):
    law.write_text(LAW.replace("Article 1.", "Article 4.").replace("## Article 2", "## Article 5"))
    place = tmp_path / "again.json"
    result = run("propose", law, "--review", decided, "-o", place, *ON)
    found = read_review(place)
    assert found.issue("1.a").passage == "4.a"
    assert found.issue("1.a").decision.is_accepted
    assert len(found.accepted_links) == 2
    assert "moved" in result.stderr
    other = tmp_path / "other.md"
    other.write_text("# Act\n\n## Article 1. Roads\n\nThe Minister shall build roads for cars.\n")
    told = run("propose", other, "--review", decided, "-o", tmp_path / "other.json", *ON).stderr
    assert "is this the right document?" in told
    law.write_text(LAW.replace("at least 40 %", "at least 45 %"))
    result = run("propose", law, "--review", decided, "-o", decided, *ON)
    assert "issue 1.a: " in result.stderr


def test_propose_again_needs_a_name_and_takes_no_other_settings(law, decided, tmp_path):
    place = tmp_path / "again.json"
    assert (
        "--review needs --by"
        in run("propose", law, "--review", decided, "-o", place, code=2).stderr
    )
    error = refused(
        "propose", law, "--review", decided, "-o", place, "--title", "T", "--vocabulary", "x", *ON
    )
    assert [problem.where for problem in error.problems] == ["--title", "--vocabulary"]


def test_match_proposes_in_rounds_and_names_what_is_not_loaded(review):
    found = read_review(review)
    assert [each.reference for each in found.frameworks] == [
        "nsigd@2019",
        "here@2024",
        "sdg-global@2023",
    ]
    assert not found.frameworks[0].is_loaded
    best = {(link.issue, link.framework): link.key for link in reversed(found.links)}
    assert best["1.a", "sdg-global@2023"] == "5.5.1"
    assert best["1.a", "here@2024"] == "n1"
    assert all(link.reasons for link in found.links if link.band != "nearest")


def test_match_tells_bands_of_each_set(review):
    again = run("match", review, "--framework", "sdg-global", "--json")
    (counts,) = json.loads(again.stdout).values()
    assert sum(counts.values()) == 3
    told = run("match", review, "--framework", "sdg-global")
    assert "nsigd@2019: not loaded" in told.stdout
    assert "sdg-global@2023: " in told.stdout
    assert "here@2024" not in told.stdout


def test_match_learns_from_another_review(decided, tmp_path):
    other = tmp_path / "other.json"
    other.write_bytes(decided.read_bytes())
    run("match", decided, "--framework", "sdg-global", "--learn", other, "-o", decided)
    links = [link for link in read_review(decided).links if link.key == "5.5.1"]
    assert links[0].decision.is_accepted


def test_match_says_where_titles_lack_the_language(review, tmp_path):
    spoken = review.read_text(encoding="utf-8").replace('"language": "en"', '"language": "vi"')
    review.write_text(spoken, encoding="utf-8")
    told = run("match", review, "--framework", "sdg-global")
    assert "sdg-global@2023: no titles in vi" in told.stdout


def test_match_of_a_set_gives_links_with_reasons(national, tmp_path):
    result = run("match", national, "--framework", "sdg-global")
    assert "n1  Women in parliament\n  sdg-global@2023: " in result.stdout
    assert "5.5.1  Proportion of seats held by women" in result.stdout
    assert "2 comparisons of here@2024" in result.stderr
    rows = json.loads(run("match", national, "--framework", "sdg-global", "--json").stdout)
    assert rows[0]["to_key"] == "5.5.1"
    place = tmp_path / "links.csv"
    run("match", national, "--framework", "sdg-global", "-o", place)
    assert place.read_text(encoding="utf-8").startswith("from_framework,from_key,title,")
    filled = re.sub(r",,,,,(\w+),1,", r",close,An,,,\1,1,", place.read_text(encoding="utf-8"))
    place.write_text(filled, encoding="utf-8")
    run("match", national, "--framework", "sdg-global", "--links", place)
    table = json.loads(run("assess", national, "--links", place, "--json").stdout)[0]
    assert "sdg-global@2023 5.5.1" in table["rows"][0][12]
    told = run("match", national, "--framework", "sdg-global", "--language", "vi").stderr
    assert "0 comparisons" in told
    named = NATIONAL.replace('title.en = "Length', 'title.vi = "Nữ đại biểu"\ntitle.en = "Length')
    national.write_text(named, encoding="utf-8")
    told = run("match", national, "--framework", "sdg-global", "--language", "vi").stderr
    assert "no titles in vi" in told


def test_match_of_a_set_with_warnings_prints_them(tmp_path, national):
    national.write_text(
        NATIONAL.replace(
            "Women in parliament",
            "Proportion of women subjected to violence by an intimate partner",
        )
    )
    told = run("match", national, "--framework", "sdg-global").stdout
    assert "warning: " in told


def test_match_refuses_what_it_cannot_use(review, national):
    assert "at least one set" in run("match", review, code=2).stderr
    names = ("--framework", "sdg-global")
    told = run("match", review, *names, "--not-loaded", "nsigd", code=2).stderr
    assert "expected ID@VERSION=TITLE" in told
    told = run("match", national, *names, "--learn", review, code=2).stderr
    assert "go with a review" in told
    error = refused("match", review, "--framework", "sdgglobal", "--framework", "nowhere")
    assert isinstance(error, NotFound)
    assert "sdgglobal" in str(error)
    assert "nowhere" in str(error)


def test_decide_accepts_rejects_and_opens_again(review):
    told = run(
        *("decide", review, "--accept", "1.a", "--reject", "2", "--why", "elsewhere"),
        *("--accept", "1.a target 1.a-t1", *ON),
    )
    assert "1 of 3 issues accepted, 1 rejected" in told.stderr
    found = read_review(review)
    assert found.issue("2").decision.why == "elsewhere"
    assert found.issue("1.a").targets[0].decision.by == "Lan"
    facts = json.loads(run("decide", review, "--reopen", "2", "--json", *ON).stdout)
    assert facts["rejected"] == 0
    assert len(read_review(review).log) == 4


def test_decide_takes_one_decision_on_one_thing(review):
    before = review.read_bytes()
    told = run("decide", review, "--accept", "1.a", "--reject", "1.a", *ON, code=2).stderr
    assert "decided twice: 1.a" in told
    assert review.read_bytes() == before


def test_a_review_can_be_printed(review):
    told = run("decide", review, "--accept", "1.a", *ON, "-o", "-")
    assert json.loads(told.stdout)["issues"][0]["decision"]["status"] == "accepted"
    assert not read_review(review).accepted


def test_an_indicator_that_does_not_exist_closes_no_gap(decided, national):
    text = decided.read_text(encoding="utf-8").replace('"key": "5.5.1"', '"key": "5.5.9"')
    decided.write_text(text, encoding="utf-8")
    error = refused("gaps", decided, "--framework", national)
    assert "link 1.a sdg-global@2023 5.5.9: found the key '5.5.9', expected an indicator" in str(
        error
    )


def test_decide_lists_every_name_that_is_not_there(review):
    error = refused("decide", review, "--accept", "9", "--accept", "1.a here@2024 n9", *ON)
    assert len(error.problems) == 2
    assert "by --accept" in run("decide", review, *ON, code=2).stderr


def test_gaps_print_findings_and_rows(decided, national):
    told = run("gaps", decided, "--framework", national)
    assert "1 of 2 accepted issues has no indicator" in told.stdout
    assert "note: National gender indicators (nsigd@2019) is not loaded" in told.stdout
    assert "… and " in told.stdout
    only = run("gaps", decided, "--report", "indicators-without-demand", "--framework", national)
    lines = [line.split() for line in only.stdout.splitlines()]
    assert ["here@2024", "n2", "Length", "of", "roads"] in [line[:5] for line in lines]
    assert only.stdout.count("\n\n") == 0


def test_gaps_say_which_set_is_not_shipped(decided):
    told = run("gaps", decided)
    assert "here@2024 is not shipped: give its file by --framework" in told.stderr


def test_gaps_with_what_is_known_of_figures(decided, national, tmp_path):
    supply, sources = tmp_path / "supply.csv", tmp_path / "sources.csv"
    supply.write_text("framework,key,state,sources,available\nhere@2024,n1,produced,ipu,sex\n")
    sources.write_text("code,title,kind\nipu,Register of parliament,register\n")
    told = run("supply", decided, "--supply", supply, "--sources", sources, *ON)
    assert "1 indicator and 1 source known" in told.stderr
    assert read_review(decided).log[-1].why == "from tables of supply and sources"
    files = ("--framework", national)
    tables = json.loads(run("gaps", decided, *files, "--json").stdout)
    (production,) = [each for each in tables if each["id"] == "production"]
    assert production["rows"][0][3:5] == ["produced", "Register of parliament (register)"]
    folder = tmp_path / "gaps"
    run("gaps", decided, *files, "-o", folder)
    assert len(list(folder.glob("*.csv"))) == 12
    assert (folder / "mismatch.csv").read_text().startswith("issue,clause,indicator,aspect,")
    assert json.loads((folder / "gaps.json").read_text(encoding="utf-8")) == tables


def test_supply_takes_the_place_of_what_was_known_and_needs_its_sources(decided, tmp_path):
    supply = tmp_path / "supply.csv"
    supply.write_text("framework,key,state,sources\nhere@2024,n1,produced,nobody\n")
    error = refused("supply", decided, "--supply", supply, *ON)
    assert "supplies, sources: found 'nobody', expected the code of one of" in str(error)
    assert "give --supply, --sources or both" in run("supply", decided, *ON, code=2).stderr
    for state in ("produced", "no method"):
        supply.write_text(f"framework,key,state\nhere@2024,n1,{state}\n")
        facts = run("supply", decided, "--supply", supply, "--json", *ON)
    assert json.loads(facts.stdout) == {"supplies": 1, "sources": 0}
    assert read_review(decided).supplies[0].state == "no method"
    sources = tmp_path / "sources.csv"
    sources.write_text("code,title\nlfs,Labour force survey\n")
    run("supply", decided, "--sources", sources, *ON)
    assert read_review(decided).sources[0].code == "lfs"


def test_gaps_name_the_reports_there_are(decided):
    error = refused("gaps", decided, "--report", "gap")
    assert "there is no report 'gap'; there is issues-without-indicators," in str(error)


def test_workbook_goes_out_and_comes_back_with_edits_and_conflicts(decided, national, tmp_path):
    book = tmp_path / "law.xlsx"
    run("export", decided, "-o", book, "--framework", national)
    sheets = openpyxl.load_workbook(book)
    issues = sheets["Issues"]
    heads = {cell.value: cell.column for cell in next(issues.iter_rows())}
    row = next(each[0].row for each in issues.iter_rows() if each[0].value == "1.a")
    action = next(column for head, column in heads.items() if str(head).lower() == "action")
    issues.cell(row, action).value = "elect women"
    sheets.save(book)
    run("decide", decided, "--reject", "2", *ON)
    told = run("import", decided, book, *ON)
    assert "1 change taken over, 0 conflicts" in told.stderr
    found = read_review(decided)
    assert found.issue("1.a").action == "elect women"
    assert found.issue("2").decision.status == "rejected"
    assert "changed: 1.a, action: elect women" in told.stdout
    issues.cell(row, action).value = "vote for women"
    sheets.save(book)
    told = run("import", decided, book, *ON)
    assert "conflict: issue 1.a, action: was " in told.stdout
    assert "the workbook vote for women" in told.stdout
    issues.delete_rows(row)
    sheets.save(book)
    facts = run("import", decided, book, *ON, "--json")
    assert json.loads(facts.stdout)["notices"]
    assert "note: " in run("import", decided, book, *ON).stdout
    assert read_review(decided).issue("1.a").decision.is_accepted


def test_decisions_without_a_date_come_back_so_and_are_named(review, national, tmp_path):
    book = tmp_path / "law.xlsx"
    run("export", review, "-o", book, "--framework", national)
    sheets = openpyxl.load_workbook(book)
    issues = sheets["Issues"]
    heads = {cell.value: cell.column for cell in issues[1]}
    row = next(each[0].row for each in issues.iter_rows() if each[0].value == "1.a")
    issues.cell(row, heads["Decision"]).value = "accepted"
    issues.cell(row, heads["By"]).value = "Hoa"
    sheets.save(book)
    told = run("import", review, book, *ON)
    assert "note: 1 decision without a date (On): 1.a; no date was put in" in told.stdout
    assert read_review(review).issue("1.a").decision.on == ""
    assert "without a date" not in run("import", review, book, *ON).stdout


def test_export_writes_workbooks_only(decided, tmp_path):
    assert ".xlsx" in str(refused("export", decided, "-o", tmp_path / "law.docx"))


def test_merge_prints_agreement_and_differences(review, decided, tmp_path, made):
    other = tmp_path / "b.json"
    other.write_bytes(made.replace(b'"reviewers": "Group A"', b'"reviewers": "Group B"'))
    run("decide", other, "--accept", "1.a", "--reject", "1.b", "--by", "Hoa")
    both = tmp_path / "both.json"
    told = run("merge", decided, other, "-o", both, "--on", "2026-11-22")
    assert "issues: agree on 50 % of 2, kappa 0.00; 1 not decided by all" in told.stdout
    assert "issues, 1.b: Group A: yes; Group B: no" in told.stdout
    assert "2 groups, " in told.stderr
    assert read_review(both).issue("1.b").stale.startswith("groups differ")
    third = tmp_path / "third.json"
    facts = run("merge", decided, other, "-o", third, "--json")
    assert json.loads(facts.stdout)["groups"] == ["Group A", "Group B"]
    fresh = tmp_path / "c.json"
    fresh.write_bytes(made.replace(b'"reviewers": "Group A"', b'"reviewers": "Group C"'))
    told = run("merge", decided, fresh, "-o", tmp_path / "fourth.json")
    assert "issues: nothing that all groups decided on" in told.stdout


def test_sign_names_the_version_that_was_signed(decided):
    about = ("--organisation", "Union", "--on", "2026-11-22")
    told = run("sign", decided, "--by", "Hoa", *about, "--verdict", "agrees")
    assert "1 sign-off, 0 dissents" in told.stderr
    before = read_review(decided)
    dissent = ("--verdict", "dissents", "--about", "1.b", "--words", "too narrow")
    facts = json.loads(run("sign", decided, "--by", "An", *about, *dissent, "--json").stdout)
    found = read_review(decided)
    assert [each.verdict for each in found.sign_offs] == ["agrees", "dissents"]
    assert len(facts["of"]) == 64
    assert found.sign_offs[0] == before.sign_offs[0]


def test_sign_refuses_what_it_cannot_record(decided):
    about = ("--by", "Hoa", "--on", "2026-11-22", "--verdict", "dissents")
    told = run("sign", decided, *about, "--organisation", "", code=2).stderr
    assert "'--organisation': found ''" in told
    told = run("sign", decided, *about, "--organisation", "Union", code=2).stderr
    assert "--words: found nothing, expected the remark" in told
    told = run("decide", decided, "--by", "Lan", "--on", "31/12/2026", "--accept", "2", code=2)
    assert "found '31/12/2026', expected a date such as 2026-11-22" in told.stderr


def test_plan_ranks_and_drafts_steps(decided, national, tmp_path):
    names = ("--framework", national)
    told = run("plan", decided, *names)
    assert "not rated" in told.stdout
    assert "2 of 2 indicators have no step in the plan" in told.stderr
    out = tmp_path / "planned.json"
    assert "-o needs --by" in run("plan", decided, *names, "-o", out, code=2).stderr
    told = run("plan", decided, *names, "-o", out, *ON)
    assert read_review(out).log[-1].why == "drafted"
    assert "P1: here@2024 n1: find out whether figures exist" in told.stdout
    assert "without a date: 2 steps without cost" in told.stdout
    facts = json.loads(run("plan", out, *names, "--json").stdout)
    assert len(facts["plan"]) == 2
    assert facts["unplanned"] == []


def test_plan_prints_scores_dates_and_costs(decided, national):
    text = json.loads(decided.read_text(encoding="utf-8"))
    end = {"framework": "here@2024", "key": "n1"}
    text["ratings"] = [
        {**end, "by": name, "side": side, "criterion": what, "mark": mark}
        for name, side, what, mark in (
            ("Ann", "user", "demand", 5),
            ("Bo", "user", "demand", 2),
            ("Chi", "producer", "feasibility", 4),
        )
    ]
    text["plan"] = [
        {**end, "id": "P1", "step": "count", "due": "2027-03", "cost": 1200.0, "currency": "USD"}
    ]
    decided.write_text(json.dumps(text), encoding="utf-8")
    told = run("plan", decided, "--framework", national).stdout
    assert "first     3.8  here@2024 n1: Women in parliament" in told
    assert "disputed)" in told
    assert "P1: here@2024 n1: count (specify needs), due 2027-03" in told
    assert "2027: 1,200 USD, 0 steps without cost" in told


def test_changes_between_versions_move_links(decided, national, tmp_path):
    newer = tmp_path / "newer.toml"
    newer.write_text(NATIONAL.replace('"2024"', '"2025"').replace("Length of roads", "Roads"))
    told = run("changes", national, newer)
    assert "reworded   n2 -> n2  “Length of roads” is now “Roads”" in told.stdout
    assert "1 same, 1 reworded" in told.stderr
    facts = json.loads(run("changes", national, newer, "--json").stdout)
    assert [each["kind"] for each in facts] == ["same", "reworded"]
    out = tmp_path / "moved.json"
    run("changes", national, newer, "--review", decided, *ON, "-o", out)
    assert "here@2025" in {link.framework for link in read_review(out).accepted_links}
    told = run("changes", national, newer, "--review", decided, code=2).stderr
    assert "--review needs --by and --output" in told
    gone = tmp_path / "gone.toml"
    gone.write_text(NATIONAL.replace('"2024"', '"2026"').replace("Women in par", "Men in par"))
    told = run("changes", national, gone, "--review", decided, *ON, "-o", tmp_path / "gone.json")
    assert "stale: 1.a here@2024 n1: here@2026: reworded" in told.stderr


def test_assess_reports_on_a_set(decided, national, tmp_path):
    marks = tmp_path / "marks.csv"
    marks.write_text("key,by,relevance,selected,on\nn1,An,3,yes,2026-11-22\nn2,An,0,no,\n")
    links = tmp_path / "links.csv"
    links.write_text(
        "from_framework,from_key,to_framework,to_key,relation,by,basis,source\n"
        "here@2024,n1,sdg-global@2023,5.5.1,close,An,,\n"
    )
    supply = tmp_path / "supply.csv"
    supply.write_text("framework,key,state\nhere@2024,n1,produced\n")
    given = ("--scorecard", marks, "--links", links, "--supply", supply)
    told = run("assess", national, *given, "--review", decided, "--against", "sdg-global")
    assert "1 of 2 candidates is selected; 0 not yet decided." in told.stdout
    assert "247" not in told.stderr
    folder = tmp_path / "review"
    run("assess", national, "--against", "sdg-global", "-o", folder)
    assert {path.name for path in folder.iterdir()} >= {"scorecard.csv", "international.csv"}
    tables = json.loads(run("assess", national, "--json").stdout)
    assert tables[0]["id"] == "scorecard"


def test_vocabulary_is_written_to_be_edited(tmp_path, law):
    place = tmp_path / "words.toml"
    run("vocabulary", "-o", place)
    assert run("vocabulary").stdout.encode() == place.read_bytes()
    assert isinstance(refused("vocabulary", "-o", place), InputError)
    marks = tmp_path / "marks.csv"
    marks.write_text("key,by,relevance,selected\nzz,An,3,yes\n")
    assert "candidate zz: found no such indicator" in str(
        refused("assess", "rwanda-sdg", "--scorecard", marks)
    )
    run("propose", law, "-o", tmp_path / "made.json", "--vocabulary", place)


def test_report_is_written_as_page_pdf_and_word(decided, national, tmp_path):
    places = [tmp_path / f"law{ending}" for ending in (".html", ".pdf", ".docx")]
    outputs = [part for place in places for part in ("-o", str(place))]
    arguments = ["report", "policy", str(decided), "--framework", str(national), *outputs]
    result = CliRunner().invoke(everycount, arguments)
    assert result.exit_code == 0, result.exception
    html, pdf, word = (place.read_bytes() for place in places)
    assert html.startswith(b"<!doctype html>")
    assert pdf.startswith(b"%PDF-")
    assert word.startswith(b"PK")
    wrong = CliRunner().invoke(everycount, [*arguments[:3], "-o", str(tmp_path / "law.txt")])
    assert "expected one of .html, .pdf, .docx" in str(wrong.exception)


def test_a_review_reads_back_as_it_was_written(decided):
    assert review_bytes(read_review(decided)) == Path(decided).read_bytes()
