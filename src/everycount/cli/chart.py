"""The command `everycount chart`: draw a file of figures as SVG, PNG, PDF or a specification."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from everycount.cli.chart_kinds import KINDS, Kind
from everycount.cli.chart_maps import Map, draw_map, draw_tiles
from everycount.cli.chart_options import (
    chart_options,
    find_choices,
    find_map,
    find_rows,
    make_caption,
    map_options,
    read_size,
    read_target,
)
from everycount.cli.chart_output import finish, refuse_places
from everycount.errors import InputError, Problem

MAPS = {
    "map": ("Rates in space: areas in classes.", draw_map),
    "tiles": ("Rates in space: an equal square for each area.", draw_tiles),
}


@click.group()
def chart() -> None:
    """Draw figures: lines, bars, maps and more, with title and source inside the picture.

    FILE is CSV with a header, or observations in a format that `data formats` lists; - is
    standard input. Each chart has the same options; --x, --y and --series name its columns.
    """


def _add_chart(name: str, kind: Kind) -> None:
    """Add the command of a kind of chart."""
    column = "--series SEX" if kind.needs_series else ""

    @chart.command(name=name, help=kind.summary, epilog=_example(name, f"--x AREA {column}"))
    @chart_options(kind.x, kind.series, needs_series=kind.needs_series)
    def draw(*, places: tuple[str, ...], as_json: bool, **given: Any) -> None:
        pixels = read_size(given["size"])
        target = read_target(given["target"], given["target_words"])
        refuse_places(places, given["place"])
        caption = make_caption(given)
        rows = find_rows(given, x_is_number=kind.x_is_number)
        try:
            spec = kind.draw(rows, find_choices(given, rows, target))
        except ValueError as error:
            raise _refused(error) from error
        facts = {"kind": name, "figures": len(rows)}
        finish(spec, caption, places, size=pixels, facts=facts, as_json=as_json)


def _add_map(name: str, summary: str, draw_it: Callable[..., Map]) -> None:
    """Add the command of a kind of map."""

    @chart.command(name=name, help=summary, epilog=_example(name, "--x REF_AREA --region 035"))
    @chart_options("codes of areas", "", needs_series=False)
    @map_options(with_layout=name == "tiles")
    def draw(*, places: tuple[str, ...], as_json: bool, **given: Any) -> None:
        pixels = read_size(given["size"])
        target = read_target(given["target"], given["target_words"])
        asked = find_map(given)
        refuse_places(places, given["place"], *asked.files)
        caption = make_caption(given)
        rows = find_rows(given, x_is_number=False)
        try:
            made = draw_it(rows, find_choices(given, rows, target), asked)
        except ValueError as error:
            raise _refused(error) from error
        lost = made.without_shape
        if lost:
            shown = ", ".join(lost[:10]) + (" …" if len(lost) > 10 else "")
            click.echo(f"not on the map: {len(lost)} of {len(rows)} areas ({shown})", err=True)
        facts = {"kind": name, "figures": len(rows), "not_on_the_map": list(lost)}
        whole = replace(caption, legend=made.legend, notes=made.notes)
        finish(made.spec, whole, places, size=pixels, facts=facts, as_json=as_json)


def _example(name: str, columns: str) -> str:
    """Return the example at the end of the help."""
    return (
        f"\b\nExample:\n  everycount chart {name} figures.csv {columns.strip()} --y VALUE \\\n"
        "    --title 'Women hold 26.7 % of the seats, 2020' --source 'IPU, copy of 2021' \\\n"
        "    -o chart.svg -o chart.png"
    )


def _refused(error: ValueError) -> InputError:
    """Return what a chart refuses as a fault of the figures."""
    problem = Problem("the figures", str(error), "figures that this chart can show")
    return InputError("the chart", [problem])


for _name, _kind in KINDS.items():
    _add_chart(_name, _kind)
for _name, (_summary, _draw) in MAPS.items():
    _add_map(_name, _summary, _draw)
