"""The report of a policy review in Chromium: widths, themes, touch targets, links into folds."""

import re

import pytest

from everycount.reports.policy_page import (
    ClauseCard,
    Gap,
    Grid,
    Head,
    IssueCard,
    LinkCard,
    Part,
    Piece,
    PolicyPage,
    Row,
    Stat,
    policy_page,
)

LONG = "Gleichstellungs" * 20


def say(words, to=""):
    return (Piece(words=words, to=to),)


def grid(number, *, ids=()):
    columns = (Head(label="Issue"), Head(label="Action", kind="words"), Head(label="Search"))
    rows = (
        Row(
            cells=(say(f"{n}", "issue-1"), say(LONG if n == 0 else "reach women"), say("none")),
            id=ids[n] if ids else "",
        )
        for n in range(number)
    )
    return Grid(title="Issues without indicators", columns=columns, rows=tuple(rows))


LINK = LinkCard(
    code="5.a", title="Land rights", to="indicator-15", framework="World set, global",
    decision="accepted by Lan", sign="good", status="accepted", warnings=("men, not women",),
)  # fmt: skip
ISSUE = IssueCard(
    id="issue-1", name="Issue 1", action=f"reach women {LONG}", sign="good", status="accepted",
    facts=(("By whom", say("The State")), ("Decision", say("accepted by Lan"))),
    targets=(("60 %", (("Value", "at least 60 %"),)),), links=(LINK,), others=(LINK,),
)  # fmt: skip
PAGE = PolicyPage(
    title="Law on Gender Equality",
    kicker=("Law 7", "In Arabic"),
    language="ar",
    finding="1 of 2 accepted issues has an indicator; 1 has none.",
    stats=(Stat(label="Clauses", value="12"), Stat(label="Accepted", value="2", note="of 4")),
    notices=(f"A set is not loaded: {LONG}",),
    gaps=(
        Gap(id="gap-a", title="Issues without indicators", finding="1 of 2", figure="1 of 2",
            grid=grid(30), notes=("A note.",)),
    ),
    clauses=(
        ClauseCard(
            id="clause-1",
            title="Article 1, (a)",
            heading=say("المساواة"),
            text=(Piece(words="المرأة "), Piece(words="والرجل", is_cause=True), Piece(words=LONG)),
            issues=(ISSUE,),
        ),
    ),
    sources=Part(text=("Of 30",), grids=(grid(30, ids=[f"indicator-{n}" for n in range(30)]),)),
    provenance=(("Review", "a" * 64),),
)  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    place = tmp_path_factory.mktemp("policy") / "report.html"
    place.write_bytes(policy_page(PAGE))
    return place


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_policy_page_never_scrolls_sideways(browser, page, width, dark):
    browser.open(page, width=width, dark=dark)
    browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.evaluate("document.documentElement.scrollWidth") == width


def test_policy_page_has_nothing_to_complain_of(browser, page):
    browser.complaints.clear()
    browser.open(page)
    assert browser.complaints == []


def test_policy_page_link_opens_the_fold_it_leads_into(browser, page):
    browser.open(page, to="#indicator-15")
    browser.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    seen = "document.getElementById('indicator-15').getBoundingClientRect()"
    assert browser.evaluate(f"{seen}.height") > 0
    assert 0 <= browser.evaluate(f"{seen}.top") < 900


def test_policy_page_targets_are_large_enough_to_touch(browser, page):
    browser.open(page, width=360)
    small = browser.evaluate(
        "[...document.querySelectorAll('nav a, summary')]"
        ".filter(a => a.offsetParent && a.getBoundingClientRect().height < 24)"
        ".map(a => a.innerText)"
    )
    assert small == []  # WCAG 2.2, 2.5.8


COLOURS = """(() => {
  const seen = [];
  for (const cell of document.querySelectorAll('h1,h2,h3,h4,h5,p,td,th,a,dt,dd,li,mark,.tag')) {
    if (!cell.innerText || !cell.offsetParent || cell.closest('.sr,.skip')) continue;
    let ground = cell;
    while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
      ground = ground.parentElement;
    seen.push(getComputedStyle(cell).color + '|' + getComputedStyle(ground).backgroundColor);
  }
  return [...new Set(seen)];
})()"""


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_policy_page_can_be_read_in_both_schemes(browser, page, dark):
    browser.open(page, dark=dark)
    pairs = browser.evaluate(COLOURS)
    assert len(pairs) > 4
    for pair in pairs:
        high, low = sorted(map(luminance, pair.split("|")), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, pair  # WCAG 2.2, 1.4.3


def test_policy_page_sets_arabic_from_the_right(browser, page):
    browser.open(page)
    text = "document.querySelector('.law p[lang=ar]')"
    assert browser.evaluate(f"getComputedStyle({text}).direction") == "rtl"
