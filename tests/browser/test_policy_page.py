"""The report of a policy review in Chromium: widths, themes, touch targets, links into folds."""

import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from itertools import count

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

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip
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


class Browser:
    """A page of Chromium, driven over the two pipes of its debugging protocol."""

    def __init__(self, commands, answers):
        self.commands, self.answers = commands, answers
        self.numbers, self.session, self.complaints, self.rest = count(1), None, [], b""
        self.arrived = set()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while (answer := self.read()).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def read(self):
        while b"\0" not in self.rest:
            chunk = os.read(self.answers, 1 << 20)
            assert chunk, "Chromium has gone"
            self.rest += chunk
        text, _, self.rest = self.rest.partition(b"\0")
        message = json.loads(text)
        self.arrived.add(message.get("method"))
        if message.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}:
            self.complaints.append(message["params"])
        return message

    def open(self, path, *, width=1280, dark=False, to=""):
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        # Within one page only the place would change, and no event would tell of it.
        for address in ("about:blank", path.as_uri() + to):
            self.arrived.clear()
            self.call("Page.navigate", url=address)
            while "Page.loadEventFired" not in self.arrived:
                self.read()

    def evaluate(self, expression):
        found = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")


@contextmanager
def chromium(folder):
    """Give a browser with a new profile in `folder`; it ends with the block."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)))
    ours_in, theirs_out = os.pipe()
    theirs_in, ours_out = os.pipe()
    script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'  # the protocol wants 3 and 4
    process = subprocess.Popen(
        ["bash", "-c", script, program, *ARGUMENTS, f"--user-data-dir={folder}"],
        pass_fds=(theirs_in, theirs_out),
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        process.kill()
        process.wait()
        os.close(ours_in)
        os.close(ours_out)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    place = tmp_path_factory.mktemp("policy") / "report.html"
    place.write_bytes(policy_page(PAGE))
    return place


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page


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
