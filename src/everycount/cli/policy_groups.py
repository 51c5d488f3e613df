"""Commands for work in groups: merge reviews, sign them off, record a dissent."""

from dataclasses import asdict
from math import isnan
from typing import get_args

import click

from everycount.cli.policy_view import (
    as_json,
    by,
    name_of,
    on,
    output,
    refuse_existing,
    save_review,
    say,
    text_of,
)
from everycount.io.files import digest
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review, review_bytes
from everycount.model.agreement import Agreement, Merged
from everycount.model.review import SignOff, Verdict
from everycount.model.strict import Faults
from everycount.policy.amend import sign as sign_review
from everycount.policy.merging import merge as merge_reviews
from everycount.reports.wording import plural


@click.command(
    epilog="""\b
Example:
  everycount policy merge group-a.json group-b.json -o all.review.json""",
)
@click.argument("reviews", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="FILE", help="Merged review to write.")
@on
@as_json
def merge(reviews: tuple[str, ...], *, output: str, on: str, as_json: bool) -> None:
    """Merge the reviews of one document by several groups.

    What the groups that decided agree on stands; what they differ on is open again, with who said
    what. Prints how far they agree, beyond chance by Cohen's kappa (two groups) or Fleiss's
    (more), and every difference.
    """
    refuse_existing(output)
    made, merged = merge_reviews([read_review(each) for each in reviews], on=on)
    save_review(made, output)
    if as_json:
        click.echo(json_bytes(asdict(merged)), nl=False)
    else:
        _show(merged)
    say(f"{plural(len(merged.groups), 'group')}, {plural(len(merged.differences), 'difference')}")


def _show(merged: Merged) -> None:
    """Print how far groups agree, and where they differ."""
    for each in merged.agreements:
        click.echo(_line(each))
    for difference in merged.differences:
        said = "; ".join(f"{group}: {answer}" for group, answer in difference.answers)
        click.echo(f"{difference.question}, {difference.what}: {said}")


def _line(each: Agreement) -> str:
    """Return the agreement on one question in words."""
    if not each.units:
        return f"{each.question}: nothing that all groups decided on"
    kappa = "not defined, all say the same" if isnan(each.kappa) else f"{each.kappa:.2f}"
    return (
        f"{each.question}: agree on {100 * each.share:.0f} % of {each.units}, kappa {kappa}; "
        f"{each.left_out} not decided by all"
    )


@click.command(
    epilog="""\b
Examples:
  everycount policy sign law.review.json --by Lan --organisation "Ministry of Labour" \\
    --verdict agrees
  everycount policy sign law.review.json --by Hoa --organisation "Women's Union" \\
    --verdict dissents --about 12.b --words "tax relief does not reach home workers" """,
)
@click.argument("review")
@by
@click.option("--organisation", required=True, callback=name_of, metavar="NAME", help="For whom.")
@click.option("--verdict", type=click.Choice(get_args(Verdict)), required=True)
@click.option("--about", default="", metavar="WHAT", help="Issue, or ISSUE FRAMEWORK KEY; all.")
@click.option(
    "--words", default="", callback=text_of, help="The remark, or the ground of a dissent."
)
@on
@output
@as_json
def sign(
    review: str,
    *,
    by: str,
    organisation: str,
    verdict: Verdict,
    about: str,
    words: str,
    on: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Sign a review off in the validation session, or record a dissent.

    The sign-off names the version that was signed by its digest: what changes later was not
    agreed to. A dissent stays beside what the others agreed on.
    """
    refuse_existing(output or review, unless=review)
    found = read_review(review)
    try:
        signed = SignOff(
            by=by,
            organisation=organisation,
            verdict=verdict,
            on=on,
            about=about,
            words=words,
            of=digest(review_bytes(found)),
        )
    except Faults as error:
        faults = "; ".join(
            f"--{path[0]}: found {was}, expected {expected}" for path, was, expected in error.faults
        )
        raise click.UsageError(faults) from error
    made = sign_review(found, signed)
    save_review(made, output or review)
    if as_json:
        click.echo(json_bytes(asdict(signed)), nl=False)
    dissents = sum(each.verdict == "dissents" for each in made.sign_offs)
    say(f"{plural(len(made.sign_offs), 'sign-off')}, {plural(dissents, 'dissent')}")
