"""Options of the commands of `everycount chart`, and what they say."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from everycount.charts.picture import CARDS, Caption
from everycount.charts.targets import Target
from everycount.cli.chart_kinds import SEX, Choices
from everycount.cli.chart_maps import MapChoices
from everycount.cli.chart_output import ENDINGS
from everycount.cli.chart_rows import Asked, Row, read_rows
from everycount.cli.data_reading import reading_options
from everycount.language.catalogue import N_
from everycount.language.language import LANGUAGES, Language, language

Command = TypeVar("Command", bound=Callable[..., Any])


def chart_options(x: str, series: str, *, needs_series: bool) -> Callable[[Command], Command]:
    """Return what adds the options of a chart to a command."""
    options = [
        click.argument("place", metavar="FILE"),
        click.option("--x", required=True, metavar="COLUMN", help=f"Column of {x}."),
        click.option("--y", required=True, metavar="COLUMN", help="Column of the figures."),
    ]
    if series:
        options.append(
            click.option(
                "--series", required=needs_series, metavar="COLUMN", help=f"Column of {series}."
            )
        )
    options += SHARED

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return reading_options(command)

    return add


SHARED = [
    click.option("--title", required=True, help="What one sees: the finding, with its year."),
    click.option("--source", required=True, help="Producer, series, year of the copy."),
    click.option("--subtitle", default="", help="Unit, area and years."),
    click.option("--licence", default="", help="Licence of the figures."),
    click.option(
        "--description",
        default="",
        help="The chart in a sentence, for who cannot see it; the title if left out.",
    ),
    click.option(
        "--where",
        "filters",
        multiple=True,
        metavar="COLUMN=VALUE",
        help="Only rows with this value; may repeat.",
    ),
    click.option(
        "--focus", multiple=True, metavar="CODE", help="Area or series to pick out; may repeat."
    ),
    click.option(
        "--target", metavar="NUMBER", help="What is aimed at: 50, or a band such as 47:53."
    ),
    click.option("--target-words", default="target", show_default=True, help="Its name."),
    click.option("--unit", default="", help="Unit, such as %."),
    click.option(
        "--decimals", type=click.IntRange(0, 6), default=1, show_default=True, help="Of figures."
    ),
    click.option(
        "--language",
        "code",
        type=click.Choice(list(LANGUAGES)),
        default="en",
        show_default=True,
        help="Of numbers, periods, names of areas, and the direction of words.",
    ),
    click.option(
        "--width",
        type=click.IntRange(300, 2000),
        default=720,
        show_default=True,
        help="Of the chart in CSS pixels.",
    ),
    click.option(
        "--size",
        metavar="SIZE",
        help=f"Of the picture in pixels: {', '.join(CARDS)}, or WIDTHxHEIGHT.",
    ),
    click.option(
        "-o",
        "--output",
        "places",
        multiple=True,
        required=True,
        metavar="FILE",
        help=f"File ending in {', '.join(ENDINGS)} (the specification in Vega-Lite), or - for the "
        "specification on standard output; may repeat.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON."),
]


def map_options(*, with_layout: bool) -> Callable[[Command], Command]:
    """Return what adds the options of maps, with a layout of tiles or without, to a command."""
    options = [
        click.option(
            "--areas",
            type=click.Choice(["m49", "iso3"]),
            default="m49",
            show_default=True,
            help="How the file writes the countries of the shipped map.",
        ),
        click.option("--geometry", metavar="FILE", help="Own shapes: GeoJSON or TopoJSON."),
        click.option("--code", "code_of", metavar="PROPERTY", help="Its property with the codes."),
        click.option("--layer", metavar="NAME", help="Its object, if TopoJSON has several."),
        click.option("--region", metavar="CODE", help="Only areas of this region (M49)."),
        click.option(
            "--breaks", metavar="NUMBERS", help="Lower bounds of classes, such as 10,20,30."
        ),
        click.option("--note", default="", help="What to say of the boundaries."),
    ]
    if with_layout:
        words = "CSV of squares: unit, column, row, from the top left."
        options.append(click.option("--layout", metavar="FILE", help=words))

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def find_rows(given: Mapping[str, Any], *, x_is_number: bool) -> list[Row]:
    """Return the rows of the file."""
    asked = Asked(x=given["x"], y=given["y"], series=given.get("series"), filters=given["filters"])
    return read_rows(
        given["place"],
        asked,
        format=given["format"],
        mapping_file=given["mapping_file"],
        x_is_number=x_is_number,
    )


def find_map(given: Mapping[str, Any]) -> MapChoices:
    """Return what the options say of a map."""
    return MapChoices(
        areas=given["areas"],
        geometry=given["geometry"],
        code=given["code_of"],
        layer=given["layer"],
        layout=given.get("layout"),
        region=given["region"],
        breaks=read_breaks(given["breaks"]),
        note=given["note"],
    )


def find_choices(given: Mapping[str, Any], rows: list[Row], target: Target | None) -> Choices:
    """Return what the options say of any chart."""
    spoken = language(given["code"])
    coded = [row.x for row in rows if given["x"] == "REF_AREA"]
    coded += [row.series for row in rows if given.get("series") == "REF_AREA"]
    return Choices(
        language=spoken,
        x=given["x"],
        y=given["y"],
        series=given.get("series"),
        decimals=given["decimals"],
        unit=given["unit"],
        target=target,
        focus=given["focus"],
        names={code: spoken.area(code) for code in coded} | _sexes(given, spoken),
        width=given["width"],
        description=given["description"] or given["title"],
    )


def _sexes(given: Mapping[str, Any], spoken: Language) -> dict[str, str]:
    """Return the names of the codes of sex, if a column holds these."""
    if SEX not in (given["x"], given.get("series")):
        return {}
    names = {"F": N_("Women"), "M": N_("Men"), "_T": N_("Both sexes")}
    return {code: spoken.gettext(name) for code, name in names.items()}


def read_target(text: str | None, words: str) -> Target | None:
    """Return what is aimed at, or refuse what is none."""
    if text is None:
        return None
    low, _, high = text.partition(":")
    try:
        return Target(words=words, low=float(low), high=float(high or low))
    except ValueError as error:
        message = f"found {text!r}, expected a number, or a band from low to high such as 47:53"
        raise click.BadParameter(message, param_hint="--target") from error


def read_breaks(text: str | None) -> tuple[float, ...]:
    """Return the breaks that were given, or refuse what is none."""
    if text is None:
        return ()
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        message = f"found {text!r}, expected numbers such as 10,20,30"
        raise click.BadParameter(message, param_hint="--breaks") from error


def read_size(text: str | None) -> tuple[int, int] | None:
    """Return width and height of a picture, or refuse what is none."""
    if text is None:
        return None
    if text in CARDS:
        return CARDS[text]
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()) or not all(
        200 <= int(side) <= 4000 for side in (width, height)
    ):
        message = f"found {text!r}, expected {', '.join(CARDS)}, or two sizes from 200 to 4000, "
        raise click.BadParameter(message + "such as 1200x630", param_hint="--size")
    return int(width), int(height)


def make_caption(given: Mapping[str, Any], **more: Any) -> Caption:
    """Return the words of the picture, or refuse none."""
    try:
        return Caption(
            title=given["title"],
            subtitle=given["subtitle"],
            source=given["source"],
            licence=given["licence"],
            language=given["code"],
            **more,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
