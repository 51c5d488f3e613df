"""The words within charts, in the reader's language."""

from django.utils.translation import gettext as _

from everycount.charts import bars, dumbbell, lines, small_multiples, strip_plot


def of_lines() -> lines.Words:
    """Return the words of a chart of lines."""
    return lines.Words(
        end=_("{name} {figure}"),
        ended=_("{name} {figure} ({period})"),
        none=_("{name}: no figure"),
        interval=_("pale band: 95 % interval"),
        few=_("hollow: few cases"),
        modelled=_("dashed: modelled"),
        cut=_("axis starts at {figure}, not at 0"),
    )


def of_strips() -> strip_plot.Words:
    """Return the words of a strip plot."""
    return strip_plot.Words(
        area=_("an area"),
        median=_("median"),
        missing=_("no figure: {count}"),
        few=_("hollow: few cases"),
        none=_("no figure"),
        picked=_("{name} {figure}"),
        below=_("under {high}"),
        between=_("{low} to under {high}"),
        above=_("{low} and over"),
    )


def of_sexes() -> dumbbell.Words:
    """Return the words of a dumbbell chart of women and men."""
    return dumbbell.Words(
        first=_("Women"),
        second=_("Men"),
        one=_("no figure: {kind}"),
        one_hidden=_("not shown: {kind}"),
        none=_("no figure"),
        hidden=_("not shown"),
        few=_("hollow, in brackets: few cases"),
        modelled=_("e: modelled"),
    )


def of_bars() -> bars.Words:
    """Return the words of a bar chart."""
    return bars.Words(
        few=_("outline, in brackets: few cases"),
        modelled=_("dashed, e: modelled"),
        target=_("target"),
        hidden=_("not shown"),
        none=_("no figure"),
    )


def of_multiples() -> small_multiples.Words:
    """Return the words of small multiples."""
    return small_multiples.Words(
        none=_("no figure"),
        few=_("hollow: few cases"),
        modelled=_("dashed: modelled"),
        shared=_("all panels from {low} to {high}"),
        own=_("each panel has its own scale"),
    )
