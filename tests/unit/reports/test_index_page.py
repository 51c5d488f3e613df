import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from everycount.charts import ranking, render
from everycount.reports import html
from everycount.reports import index_page as pages
from everycount.reports.index_page import (
    Area,
    Band,
    Drawing,
    File,
    Finding,
    Grouping,
    GroupMean,
    IndexPage,
    IndicatorRow,
    Level,
    SourceRow,
    Stat,
    index_page,
)  # fmt: skip

VOID = {"meta", "link", "br", "rect", "circle", "path", "line"}
SVG = render.svg(ranking.strips([ranking.Strip(name="Europe", scores=(93.9,))], description="One."))

PAGE = IndexPage(
    title="An index <script>alert(1)</script>",
    finding=Finding(before="The mean is", number="68.6 of 100", after=", no more."),
    notice="Rebuilt & not published",
    stats=(Stat(label="Ranked", value="2", note="of 3"), Stat(label="Indicators", value="34")),
    areas=(
        Area(unit="NOR", name="Norway", group="Europe", rank="1", score=93.94, band="Excellent",
             figures=29, of=34),
        Area(unit="CIV", name="Côte d'Ivoire <script>", rank="2", figures=30, of=34),
    ),
    ranking_note="An area needs 29 figures.",
    bands=(Band(name="Excellent", limits="90 and over"),),
    not_ranked=(
        Area(unit="NRU", name="Nauru", figures=4, of=34, reason="4 figures, 29 needed",
             lacks=("1a", "2b")),
        Area(unit="TUV", name="Tuvalu", figures=28, of=34, reason="28 figures, 29 needed"),
    ),
    map=Drawing(svg=SVG, title="Score", unit="0 to 100", legend=("under 60", "60 and over"),
                missing="Too few figures", source="Boundaries: Natural Earth."),
    spread=Drawing(svg=SVG, narrow=SVG, title="Scores by region"),
    groupings=(
        Grouping(title="Region", note="As read here", weight="population", rows=(
            GroupMean(name="Europe", areas=39, of=58, mean=84.04, weighted=83.66, covered=0.69),
            GroupMean(name="Asia", areas=0, of=56, mean=None),
        )),
        Grouping(title="Income", rows=(GroupMean(name="High", areas=1, of=2, mean=86.4),)),
    ),
    levels=(
        Level(code="1", name="No poverty", used=3, of=4, areas=80, mean=61.0, lowest=16.8,
              lowest_area="Niger", highest=93.4, highest_area="Uruguay"),
        Level(code="2", name="Zero hunger", used=1, of=3, areas=0, note="Too few indicators"),
        Level(code="6", name="Water", used=1, of=3, areas=0),
    ),
    levels_note="Three of four are needed.",
    steps=("Take the latest figure.", "Rank."),
    indicators=(
        IndicatorRow(code="1a", name="Poverty", level="1 No poverty", unit="percent", worst="69.3",
                     best="0", basis="SDG target 1.2", kind="formative", areas=122,
                     years="2010–2018"),
        IndicatorRow(code="1d", name="Food", level="1 No poverty", absent="proprietary"),
        IndicatorRow(code="2a", name="Hunger", level="2 Zero hunger"),
    ),
    sources=(
        SourceRow(indicators="1a", producer="UNSD", title="SDG database", series="SI_POV_NAHC",
                  licence="UN data terms"),
        SourceRow(indicators="1c", producer="World Bank", title="WBL", series="ASSETS",
                  licence="CC BY 4.0", licence_url="https://creativecommons.org/licenses/by/4.0/",
                  url="https://example.org/copy", retrieved="2026-11", note="Year of the report"),
        SourceRow(indicators="2a", producer="FAO", title="SOFI", series="X", licence="CC BY 4.0",
                  url="https://example.org/other"),
    ),
    files=(File(name="scores.csv", href="scores.csv", what="Scores and ranks"),),
    trace=(("Everycount", "0.1.0"),),
)  # fmt: skip
BARE = IndexPage(
    title="Bare",
    finding=Finding(before="No area has", number="29 figures"),
    areas=(),
    not_ranked=(Area(unit="NRU", name="Nauru", figures=4, of=34),),
    steps=("Rank.",),
)


class Outline(HTMLParser):
    """Collect what the checks below ask for, and whether every element is closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.ids, self.targets, self.open = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        self.targets += [
            v[1:] for n, v in attrs if n in {"href", "aria-labelledby"} and v[0] == "#"
        ]
        self.targets += [value for name, value in attrs if name == "aria-labelledby"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def written(page=PAGE):
    return index_page(page).decode()


def body(page=PAGE):
    """Return the page as text without the style sheet."""
    return re.sub(r"<style>.*?</style>", "", written(page), flags=re.DOTALL)


def row_of(html, name):
    """Return the words of the row that holds a name."""
    row = next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if name in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


@pytest.mark.parametrize("page", [PAGE, BARE], ids=["full", "bare"])
def test_page_is_well_formed_with_one_h1_and_no_script_or_style_attribute(page):
    outline = Outline(written(page))
    assert outline.open == []
    assert outline.tags.count("h1") == 1
    assert "script" not in outline.tags
    names = [name for name, _ in outline.attributes]
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) <= set(outline.ids)
    assert not [v for n, v in outline.attributes if n in {"src", "srcset"}]


def test_page_escapes_names_and_titles():
    html = body()
    assert "<script" not in html
    assert "An index &lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Côte d&#39;Ivoire &lt;script&gt;" in html
    assert "Rebuilt &amp; not published" in html


def test_page_prints_the_figures_given():
    html = body()
    assert row_of(html, "Norway") == "1 Norway Europe 93.9 Excellent 29 /34"
    assert row_of(html, "Ivoire") == "2 Côte d&#39;Ivoire &lt;script&gt; – 30 /34"
    assert row_of(html, ">Europe</th>") == "Europe 39 /58 84.0 83.7 69 %"
    assert row_of(html, ">Asia<") == "Asia 0 /56 – – –"
    assert row_of(html, "High") == "High 1 /2 86.4"
    assert row_of(html, "Uruguay") == "1 No poverty 3 /4 80 61.0 16.8 Niger 93.4 Uruguay"
    assert row_of(html, "Zero hunger<span") == "2 Zero hunger Too few indicators 1 /3 0 – – –"
    assert row_of(html, "6 Water").startswith("6 Water No score 1 /3")
    assert row_of(html, "Nauru") == "Nauru 4 /34 4 figures, 29 needed 1a, 2b"
    assert row_of(html, "1a Poverty") == (
        "1a Poverty percent; formative 69.3 0 SDG target 1.2 122 2010–2018"
    )
    assert row_of(html, "1d Food") == "1d Food Not in this build: proprietary"
    wbl = "1c World Bank WBL. Year of the report ASSETS CC BY 4.0 2026-11"
    assert row_of(html, "WBL") == wbl


def test_page_finding_holds_one_number_and_its_comma_stands_close():
    assert "The mean is <b>68.6 of 100</b>, no more." in body()
    other = replace(PAGE, finding=Finding(before="In all,", number="3", after="areas lead."))
    assert "In all, <b>3</b> areas lead." in body(other)


def test_page_bars_are_as_long_as_the_scores():
    html = body(replace(PAGE, scale=(50.0, 100.0)))
    assert 'width="87.9%"' in html
    assert 'width="22.0%"' in html


def test_page_bars_stay_on_the_scale():
    assert pages._percent_of(120, (0, 100)) == "100.0%"
    assert pages._percent_of(-5, (0, 100)) == "0.0%"


def test_page_charts_keep_their_description_and_say_for_which_width():
    html = body()
    assert html.count('role="img" aria-label="One."') == 3
    assert html.count('class="chart chart-w"') == html.count('class="chart chart-n"') == 1
    assert html.count('class="chart chart-all"') == 1
    assert html.count('id="hatch"') == 1
    assert 'fill="var(--q-4)"/></svg>under 60' in html
    assert 'fill="var(--q-5)"/></svg>60 and over' in html


def test_page_tables_have_captions_and_scopes():
    html = body()
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert len(tables) == 7
    for table in tables:
        assert "<caption" in table
        assert not re.search(r"<th(?![^>]*scope=)[ >]", table)


def test_page_licence_stands_beside_each_series():
    html = body()
    assert '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>' in html
    assert "<td>UN data terms</td>" in html
    assert '<a href="https://example.org/other">link</a>' in html


def test_page_policy_admits_only_its_own_style_sheet():
    html = written()
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html
    assert "default-src 'none'" in html


def test_page_without_ranked_areas_says_so_and_leaves_out_what_is_absent():
    html = body(BARE)
    assert "No area has enough figures to be ranked." in html
    assert "1 area is not ranked" in html
    for part in ("map", "averages", "levels", "sources", "files", "indicators"):
        assert f'id="{part}"' not in html


def test_page_without_means_by_weight_or_spread_leaves_them_out():
    plain = replace(PAGE, spread=None, groupings=PAGE.groupings[1:], levels_note="", bands=())
    html = body(plain)
    assert "Weighted" not in html
    assert ">Band<" not in html


def test_page_with_nothing_to_show_is_refused():
    with pytest.raises(ValueError, match="at least one area"):
        index_page(replace(BARE, not_ranked=()))


def test_page_twice_gives_the_same_bytes():
    assert index_page(PAGE) == index_page(PAGE)


def test_page_rows_of_all_areas_and_of_inner_groups_look_their_part():
    sums = replace(PAGE.groupings[0], rows=(*PAGE.groupings[0].rows[:1],
        GroupMean(name="All areas", areas=40, of=60, mean=70.0, is_all=True)))  # fmt: skip
    inner = replace(PAGE.levels[0], depth=2, used=4)
    html = body(replace(PAGE, groupings=(sums,), levels=(inner,)))
    assert '<tr class="sum"><th scope="row">All areas</th>' in html
    assert '<th scope="row" class="in">1 No poverty' in html
    assert row_of(html, "No poverty").startswith("1 No poverty 4 80")


def test_page_long_rankings_say_that_they_go_on():
    many = tuple(replace(PAGE.areas[0], unit=f"U{k}", name=f"Area {k}") for k in range(30))
    assert "scroll for all 30 areas" in body(replace(PAGE, areas=many))
    assert "scroll for all" not in body()


def test_page_without_goalposts_has_no_columns_for_them():
    plain = tuple(replace(row, worst="", best="", basis="") for row in PAGE.indicators)
    html = body(replace(PAGE, indicators=plain, indicators_note="All are formative."))
    assert '<h2 id="h-indicators">Indicators</h2>' in html
    assert ">Worst<" not in html
    assert "All are formative." in html
    assert row_of(html, "2a Hunger") == "2a Hunger 0"


def test_page_scores_below_zero_are_dots():
    html = body(replace(PAGE, scale=(-100.0, 100.0)))
    assert '<circle cx="97.0%" cy="50%" r="4" fill="var(--c-1)"/>' in html


def test_page_says_who_set_the_goalposts():
    rows = (replace(PAGE.indicators[0], basis_kind="Agreed target"),)
    html = body(replace(PAGE, indicators=rows))
    assert 'SDG target 1.2<span class="under">Agreed target</span>' in html


# ------------------------------------------------------------------ colours

TOKEN = re.compile(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})[;}]")
TEXT = (
    ("ink", "surface"), ("ink", "surface-2"), ("ink", "surface-3"), ("muted", "surface"),
    ("muted", "surface-2"), ("accent", "surface"), ("accent-2", "surface"),
    ("accent-2", "accent-soft"), ("ink", "accent-soft"), ("on-accent", "accent"),
    ("on-accent", "accent-2"), ("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"),
    ("bad", "surface"), ("c-band-ink", "c-band"), ("ink", "c-band"),
)  # fmt: skip
SHAPES = (
    ("c-1", "surface"), ("c-2", "surface"), ("c-3", "surface"), ("c-women", "surface"),
    ("c-men", "surface"), ("c-other", "surface"), ("edge", "surface"), ("focus", "surface"),
)  # fmt: skip


def themes():
    """Return the colour tokens of each theme: light, dark by the system, dark by choice."""
    style = html._style()
    blocks = re.findall(r":root[^{]*\{[^}]*--ink:#[^}]*\}", style)
    found = [dict(TOKEN.findall(block)) for block in blocks]
    return dict(zip(("light", "dark", "chosen"), found, strict=True))


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2.2 defines it."""

    def luminance(colour):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
        parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "chosen"])
@pytest.mark.parametrize(("colour", "ground"), TEXT)
def test_colours_of_text_can_be_read(theme, colour, ground):
    tokens = themes()[theme]
    assert contrast(tokens[colour], tokens[ground]) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("theme", ["light", "dark", "chosen"])
@pytest.mark.parametrize(("colour", "ground"), SHAPES)
def test_colours_of_marks_can_be_seen(theme, colour, ground):
    tokens = themes()[theme]
    assert contrast(tokens[colour], tokens[ground]) >= 3  # WCAG 2.2, 1.4.11


def test_colours_are_the_same_in_the_dark_whether_chosen_or_not():
    assert themes()["dark"] == themes()["chosen"]


def test_colours_of_classes_go_one_way():
    for theme, tokens in themes().items():
        steps = [contrast(tokens[f"q-{k}"], tokens["surface"]) for k in range(1, 6)]
        assert steps == sorted(steps), theme
