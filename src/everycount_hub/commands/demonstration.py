"""The demonstration: a hub whose portal shows what ``everycount demo`` made, served at once."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import polars as pl

from everycount.io.sample import sample_path
from everycount_hub.commands.ready import migrate, set_up
from everycount_hub.commands.serve import run_server

if TYPE_CHECKING:
    from everycount_hub.models import DatasetVersion, Organisation, User, Workspace

HOME = "hub"
"""The folder in that of the demonstration in which its hub keeps what it has."""
FRAMEWORK = "sdg-gender-index@2019"
KEY = ("REF_AREA", "INDICATOR", "TIME_PERIOD", "SEX")
PRODUCERS: Mapping[str, tuple[str, str]] = {
    "unsd-sdg": ("United Nations Statistics Division and custodian agencies", "un-sdg"),
    "unsd-minset": ("Inter-Parliamentary Union and ITU, by UN Statistics Division", "un-minset"),
    "wb-": ("World Bank", "world-bank"),
    "uis-": ("UNESCO Institute for Statistics", "unesco-uis"),
    "oecd-": ("OECD", "oecd"),
    "odin-": ("Open Data Watch", "open-data-watch"),
    "nd-gain": ("Notre Dame Global Adaptation Initiative", "nd-gain"),
    "unpd-": ("United Nations Population Division", "un-population"),
    "ilo-": ("International Labour Organization, by World Bank and Gapminder", "ilo"),
    "wdi-": ("World Bank, by Gapminder and the Quality of Government Institute", "wdi"),
}
"""Who produced the shipped figures, and the short name of the dataset, by how the names of their
sources begin."""
POLICIES = {"viet-nam": ("VNM", "Viet Nam", "Việt Nam"), "rwanda": ("RWA", "Rwanda", "Rwanda")}
WHY = "Part of the demonstration"
REFUSED = {"REF_AREA": "ZAF", "INDICATOR": "4a", "TIME_PERIOD": "2015"}
"""The one figure of the sources that the check refuses: a share of -0.7 per cent of girls out of
school, which their producer's models gave."""
NOTE = (
    "One figure of the sources is left out, as a share cannot be negative: girls out of school in "
    "South Africa, 2015."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """Whoever sends is not who approves, in the demonstration as anywhere."""

    author: "User"
    approver: "User"


def demo_serve(folder: Path, port: int) -> None:
    """Fill a hub with what the demonstration made, unless that is done, and serve it.

    Parameters
    ----------
    folder : Path
        Where ``everycount demo`` wrote its files.
    port : int
        Where the portal is to be.
    """
    os.environ.setdefault("EVERYCOUNT_HOME", str(folder.absolute() / HOME))
    # Citations on pages name the address, so it is known before the pages are drawn.
    os.environ.setdefault("EVERYCOUNT_URL", f"http://127.0.0.1:{port}")
    set_up()
    migrate()
    seed(folder)
    run_server(host="127.0.0.1", port=port)


def seed(folder: Path) -> None:
    """Publish figures, index, policies and survey of the demonstration, each through its life."""
    from everycount_hub.models import Edition, Workspace  # noqa: PLC0415

    if Workspace.objects.exists() and Edition.objects.exists():
        return
    click.echo("Publishing the demonstration …", err=True)
    people = _people()
    network = _workspace("demonstration", names={"en": "Demonstration"}, kind="network")
    sent = [
        *_figures(network, people),
        _index(network, people),
        *_survey(network, people, folder),
    ]
    title = "The 2019 SDG Gender Index from open figures"
    _publish(network, sent, people, title=title, note=NOTE)
    for slug, (area, english, own) in POLICIES.items():
        names = {"en": english, "vi": own} if own != english else {"en": english}
        country = _workspace(slug, names=names, kind="country", area=area)
        file = folder / "policy" / f"{slug}.review.json"
        review = _send(
            country, "policy", _titles(f"Policy review of {english}"), file.read_bytes(),
            name=file.name, content="policy", people=people,
        )  # fmt: skip
        _publish(country, [review], people, title=f"What the law of {english} promises")


def _people() -> _People:
    from everycount_hub.actions.accounts import open_account  # noqa: PLC0415

    # The domain is one that no mail can ever reach: RFC 2606. Nobody can sign in as either.
    return _People(
        author=open_account(email="author@demonstration.invalid", by=None, name="Author"),
        approver=open_account(email="approver@demonstration.invalid", by=None, name="Approver"),
    )


def _workspace(slug: str, *, names: Mapping[str, str], kind: str, area: str = "") -> "Workspace":
    from everycount_hub.actions import workspaces  # noqa: PLC0415
    from everycount_hub.models import Workspace  # noqa: PLC0415

    known = Workspace.objects.filter(slug=slug).first()
    return known or workspaces.create(
        slug=slug,
        kind=Workspace.Kind(kind),
        names=names,
        area=area,
        by=None,
        is_public=True,
        languages=["en", "vi"],
    )


def _figures(workspace: "Workspace", people: _People) -> Iterator["DatasetVersion"]:
    """Send the shipped figures, a dataset for each producer, with years where they are shipped."""
    sources = pl.read_csv(sample_path("sources.csv"), infer_schema=False)
    parts = [
        pl.read_csv(sample_path(name), infer_schema=False)
        for name in ("observations.csv", "panel.csv")
    ]
    refused = pl.all_horizontal(pl.col(name) == code for name, code in REFUSED.items())
    table = pl.concat(parts).unique(KEY, keep="first", maintain_order=True).filter(~refused)
    mapping = sample_path("observations.mapping.toml").read_text(encoding="utf-8")
    for begin, (producer, slug) in PRODUCERS.items():
        rows = table.filter(pl.col("SOURCE").str.starts_with(begin))
        about = sources.filter(pl.col("source").is_in(rows["SOURCE"].unique().implode()))
        yield _send(
            workspace,
            slug,
            _titles(f"Figures of {producer}"),
            rows.write_csv().encode(),
            name=f"{slug}.csv",
            people=people,
            options={"mapping": mapping},
            framework=FRAMEWORK,
            producer=producer,
            licence="; ".join(sorted(set(about["licence"]))),
            source_url=about["url"].drop_nulls().first() or "",
        )


def _index(workspace: "Workspace", people: _People) -> "DatasetVersion":
    from everycount.cli.demo import METHOD  # noqa: PLC0415
    from everycount.io.methods import read_method  # noqa: PLC0415

    files = {name: sample_path(name).read_bytes() for name in (
        "observations.csv", "units.csv", "sources.csv"
    )}  # fmt: skip
    files["method.toml"] = read_method(METHOD).content
    return _send(
        workspace,
        "sdg-gender-index-2019",
        _titles("SDG Gender Index 2019, rebuilt from open figures"),
        _zip(files),
        name="index.zip",
        content="index",
        framework=FRAMEWORK,
        people=people,
    )


def _survey(workspace: "Workspace", people: _People, folder: Path) -> Iterator["DatasetVersion"]:
    """Send the estimates of the simulated survey, where the installation could make them."""
    names = (
        "survey.toml", "estimates.csv", "estimates.trace.json", "differences.csv",
        "observations.csv",
    )  # fmt: skip
    files = {
        name: (folder / "survey" / name).read_bytes()
        for name in names
        if (folder / "survey" / name).is_file()
    }
    if files:
        yield _send(
            workspace,
            "simulated-survey",
            _titles("A simulated survey of women"),
            _zip(files),
            name="survey.zip",
            content="survey",
            people=people,
        )


def _send(  # one argument for each thing that is said of a dataset
    workspace: "Workspace",
    slug: str,
    titles: Mapping[str, str],
    content_bytes: bytes,
    *,
    name: str,
    people: _People,
    content: str = "figures",
    options: Mapping[str, object] | None = None,
    producer: str = "",
    **said: str,
) -> "DatasetVersion":
    from everycount_hub import store  # noqa: PLC0415
    from everycount_hub.actions import datasets  # noqa: PLC0415
    from everycount_hub.models import Dataset, DatasetVersion  # noqa: PLC0415

    dataset = Dataset.objects.filter(workspace=workspace, slug=slug).first()
    if dataset is None:
        described = datasets.Description(
            slug=slug,
            titles=titles,
            kind=Dataset.Kind.OWN,
            content=Dataset.Content(content),
            producer=_organisation(producer) if producer else None,
            **said,
        )
        dataset = datasets.create(workspace=workspace, description=described, by=people.author)
    stored = store.put_source([content_bytes], name=name)
    sent = datasets.Sent(
        digest=stored.digest,
        size=stored.size,
        name=name,
        origin=DatasetVersion.Origin.UPLOAD,
        options=options or {},
    )
    reason = WHY if dataset.versions.exists() else ""
    return datasets.submit(dataset=dataset, sent=sent, by=people.author, reason=reason)


def _organisation(name: str) -> "Organisation":
    from everycount_hub.actions import organisations  # noqa: PLC0415
    from everycount_hub.models import Organisation  # noqa: PLC0415

    known = next((each for each in Organisation.objects.all() if each.names["en"] == name), None)
    described = organisations.Description(names={"en": name})
    return known or organisations.add(described=described, by=None)


def _publish(
    workspace: "Workspace",
    sent: Sequence["DatasetVersion"],
    people: _People,
    *,
    title: str,
    note: str = "",
) -> None:
    """Check, review, approve and release what was sent."""
    from everycount_hub.actions import datasets, releases  # noqa: PLC0415
    from everycount_hub.jobs.worker import work_once  # noqa: PLC0415
    from everycount_hub.models import DatasetVersion, Review  # noqa: PLC0415

    work_once()
    versions = DatasetVersion.objects.filter(pk__in=[each.pk for each in sent])
    for version in versions.order_by("pk"):
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=people.approver)
        datasets.approve(version=version, by=people.approver)
    releases.make(
        workspace=workspace, versions=list(versions), title=title, note=note, by=people.approver
    )
    work_once()


def _titles(english: str) -> dict[str, str]:
    return {"en": english}


def _zip(files: Mapping[str, bytes]) -> bytes:
    from everycount_hub.contents.archive import pack  # noqa: PLC0415

    return pack(files)
