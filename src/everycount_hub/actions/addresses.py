"""Short names that cannot be given, because their address is that of another page."""

from django.utils.translation import gettext as _

from everycount_hub.errors import ActionRefused

TAKEN = frozenset(
    {
        *("new", "edit", "submit", "fetch", "check", "appraise", "review", "approve", "withdraw"),
        *("workspaces", "datasets", "versions", "releases", "jobs", "members", "audit", "changes"),
        *("api", "sdmx", "accounts", "workbench", "static", "language", "help"),
    }
)
"""Words of which addresses are made. `new` stands where the short name of a dataset would; the
others are kept free, so that a page that comes later hides nothing that is there."""


def refuse_taken(slug: str) -> None:
    """Refuse a short name that is a word of addresses.

    Raises
    ------
    ActionRefused
        If it is one.
    """
    if slug.casefold() in TAKEN:
        raise ActionRefused(
            _(
                "“{slug}” is a word of the hub's own addresses: choose another short name, such "
                "as “{slug}-data”."
            ).format(slug=slug)
        )
