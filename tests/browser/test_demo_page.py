"""The page that `everycount demo` writes, in Chromium: figures, widths, themes, no complaints."""

import csv
import re
from itertools import pairwise

import pytest
from click.testing import CliRunner

from everycount.cli.demo import demo

WIDTHS = (320, 360, 1280)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("demo")
    done = CliRunner().invoke(demo, ["--no-serve", "-o", str(place)])
    assert done.exit_code == 0, done.output
    return place


@pytest.fixture(
    params=["index.html", "audit/report.html", "survey/report.html"],
    ids=["index", "audit", "survey"],
)
def page(folder, request):
    return folder / request.param


def rows_of(folder, **wanted):
    with (folder / "scores.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def test_page_ranks_with_the_figures_of_scores_csv(browser, folder):
    browser.open(folder / "index.html")
    shown = browser.evaluate(
        "[...document.querySelectorAll('.tbl-rank tbody tr')].map(row => ({rank: "
        "row.cells[0].innerText, score: row.querySelectorAll('.num')[1].innerText}))"
    )
    ranked = [row for row in rows_of(folder, node="index") if row["rank"]]
    ranked.sort(key=lambda row: int(row["rank"]))
    assert len(shown) == len(ranked) > 100
    expected = [{"rank": r["rank"], "score": f"{float(r['score']):.1f}"} for r in ranked]
    assert shown == expected


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_page_never_scrolls_sideways(browser, page, width, dark):
    browser.open(page, width=width, dark=dark)
    assert browser.evaluate("document.documentElement.scrollWidth") == width


def test_page_has_nothing_to_complain_of(browser, page):
    browser.complaints.clear()
    browser.open(page)
    browser.evaluate("document.querySelector('details').open = true")
    assert browser.complaints == []


def test_page_links_lead_to_files_beside_it(browser, folder):
    browser.open(folder / "index.html")
    links = browser.evaluate(
        "[...document.querySelectorAll('#files a')].map(a => a.getAttribute('href'))"
    )
    assert len(links) == 37
    assert all((folder / link).is_file() for link in links)


def test_audit_shows_the_figures_of_ranks_csv(browser, folder):
    browser.open(folder / "audit" / "report.html")
    tables = browser.evaluate(
        "[...document.querySelectorAll('table')].map(t => [...t.rows].map(r => "
        "[...r.cells].map(c => c.textContent.trim())))"
    )
    with (folder / "audit" / "ranks.csv").open(encoding="utf-8") as file:
        ranks = {row["unit"]: row for row in csv.DictReader(file)}
    table = next(t for t in tables if "Median rank" in t[0])
    place = {name: table[0].index(name) for name in ("Rank", "Median rank", "5 %", "95 %")}
    keys = {"Rank": "nominal", "Median rank": "median", "5 %": "q05", "95 %": "q95"}
    assert len(table) - 1 == len(ranks) > 100
    for row in table[1:]:
        code = re.search(r"\((\w+)\)$", row[0])[1]
        for name, at in place.items():
            assert float(row[at].rstrip("*")) == pytest.approx(
                float(ranks[code][keys[name]]), abs=0.051
            ), row


def test_audit_links_lead_to_files_beside_it(browser, folder):
    browser.open(folder / "audit" / "report.html")
    links = browser.evaluate(
        "[...document.querySelectorAll('#files a, #provenance a')].map(a => a.getAttribute('href'))"
    )
    beside = [link for link in links if not link.startswith("#")]
    assert len(beside) >= 9
    assert all((folder / "audit" / link).is_file() for link in beside)


def test_survey_shows_the_figures_of_estimates_csv(browser, folder):
    browser.open(folder / "survey" / "report.html")
    shown = browser.evaluate(
        "[...document.querySelectorAll('#cells table')][0].querySelectorAll('tbody').values()"
        ".flatMap(part => [...part.rows].filter(row => row.cells.length > 1).map(row => ["
        "part.querySelector('[scope=rowgroup]')?.innerText ?? '', "
        "...[...row.cells].map(cell => cell.innerText)])).toArray()"
    )
    with (folder / "survey" / "estimates.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] == "internet"]
    names = list(rows[0])[2 : list(rows[0]).index("estimate")]
    alone = [row for row in rows if sum(row[name] != "_T" for name in names) < 2]
    assert len(shown) == len(alone) > 20
    assert [row[2] for row in shown] == [f"{100 * float(row['estimate']):.1f}" for row in alone]
    assert [row[4] for row in shown] == [f"{int(row['n']):,}" for row in alone]


def test_survey_draws_for_the_width_of_the_page_and_marks_what_is_not_shown(browser, folder):
    for width, drawn in ((360, "chart-n"), (1280, "chart-w")):
        browser.open(folder / "survey" / "report.html", width=width)
        seen = browser.evaluate(
            "[...document.querySelectorAll('figure .chart')].filter(svg => "
            "svg.getBoundingClientRect().width > 0).map(svg => svg.getAttribute('class'))"
        )
        assert len(seen) >= 4
        assert set(seen) == {f"chart {drawn}"}
    hatched = browser.evaluate(
        "[...document.querySelectorAll('#crossing .chart-w [fill=\"url(#hatch)\"]')].length"
    )
    assert hatched > 1  # one of them in the key


def test_survey_links_lead_to_files_beside_it(browser, folder):
    browser.open(folder / "survey" / "report.html")
    links = browser.evaluate(
        "[...document.querySelectorAll('#provenance a')].map(a => a.getAttribute('href'))"
    )
    assert len(links) == 6
    assert all((folder / "survey" / link).is_file() for link in links)


COLOURS = """(() => {
  const seen = [];
  for (const cell of document.querySelectorAll('h1,h2,p,td,th,a,dt,dd,li,summary,caption,small')) {
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
def test_page_text_can_be_read_in_both_schemes(browser, page, dark):
    browser.open(page, dark=dark)
    ground = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) < 0.05) is dark
    pairs = browser.evaluate(COLOURS)
    assert len(pairs) > 4
    for pair in pairs:
        high, low = sorted(map(luminance, pair.split("|")), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, pair  # WCAG 2.2, 1.4.3


def test_page_headings_descend_one_at_a_time_and_tables_have_captions(browser, page):
    browser.open(page)
    levels = browser.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert browser.evaluate("[...document.querySelectorAll('table')].every(t => t.caption)")


def test_page_targets_are_large_enough_to_touch(browser, page):
    browser.open(page, width=360)
    small = browser.evaluate(
        "[...document.querySelectorAll('nav a, #files a, summary')]"
        ".filter(a => a.offsetParent && a.getBoundingClientRect().height < 24)"
        ".map(a => a.innerText)"
    )
    assert small == []  # WCAG 2.2, 2.5.8


def test_page_prints_every_area(browser, page):
    browser.open(page, media="print")
    cut = browser.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(s => s.scrollHeight > s.clientHeight + 1)"
        ".length"
    )
    assert cut == 0
