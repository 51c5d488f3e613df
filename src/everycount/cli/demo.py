"""The command that shows the whole chain on shipped figures: frameworks, index, averages, page."""

from collections import Counter
from collections.abc import Mapping
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click
import polars as pl

from everycount.audit.words import counted
from everycount.cli.audit import HTML, PDF, report_files
from everycount.cli.demo_data import DATA_FILES, data_demo
from everycount.cli.demo_policy import POLICY_FILES, policy_demo
from everycount.cli.demo_view import Progress, ends_of, say_end
from everycount.errors import Unavailable
from everycount.io.audit_run import AuditRun, audit_files, audit_run
from everycount.io.files import read_bytes, staged_folder
from everycount.io.frameworks import shipped_crosswalk, shipped_frameworks
from everycount.io.index_run import IndexRun, build_index
from everycount.io.methods import read_method
from everycount.io.observations import read_observations
from everycount.io.results import json_bytes, result_files
from everycount.io.sample import sample_path
from everycount.reports.index_page import File
from everycount.reports.index_report import Words, index_report
from everycount.reports.wording import plural
from everycount.repository.framework_check import SEVERITIES, check_framework

METHOD: Final = "sdg-gender-index-2019-open"
ORIGINAL: Final = "sdg-gender-index-2019"
FOLDER: Final = "everycount-demo"
DATA: Final = "data"
POLICY: Final = "policy"
SURVEY: Final = "survey"
SURVEY_FILES: Final = {
    "report.html": "A simulated survey: figures for groups within groups, with their errors",
    "estimates.csv": "Every outcome by one and two characteristics, with errors",
    "estimates.trace.json": "The trace of the estimates: inputs, sample, rows left out",
    "differences.csv": "Differences between groups, each with its test",
    "observations.csv": "The estimates as observations in the shape of SDMX",
    "women.parquet": "The simulated microdata: no country, no respondents",
    "survey.toml": "The design of the survey, to read or to change",
}
FILES: Final = {
    "scores.csv": "Scores, ranks and coverage of every area, for the index and each goal",
    "data.csv": "Every figure as a score",
    "figures.csv": "Every figure with its year and source",
    "averages.csv": "Averages by region and income group",
    "group_ranks.csv": "Ranks within each region and income group",
    "result.json": "The trace: inputs, steps, weights, counts",
    "method.toml": "The method, to read or to change",
    "observations.csv": "The figures that went in",
    "units.csv": "Areas with region, income group and population",
    "sources.csv": "Producer, series and licence of every figure",
    "audit/report.html": "The audit: whether one may believe the ranking",
    "audit/report.pdf": "The audit, to print",
    "audit/verdict.json": "The verdict of the audit, every finding and limit",
    **{f"{DATA}/{name}": what for name, what in DATA_FILES.items()},
    **{f"{POLICY}/{name}": what for name, what in POLICY_FILES.items()},
    **{f"{SURVEY}/{name}": what for name, what in SURVEY_FILES.items()},
}
AUDIT: Final = "audit"
COMPILER: Final = "numba"
"""What the extra `survey` brings and disaggregation cannot do without."""
WORDS: Final = Words(
    part="goal",
    notes={
        "region": "Regions as in the 2019 index, where its owner states them; else Everycount's "
        "reading",
        "income": "World Bank groups of fiscal year 2023",
    },
    absent="no figures under an open licence",
)


@click.command(
    name="demo",
    epilog="Example: everycount demo --no-serve -o gender-index",
)
@click.option(
    "-o",
    "--output",
    default=FOLDER,
    show_default=True,
    metavar="DIR",
    help="Folder for the page and its files; made if it does not exist.",
)
@click.option("--no-serve", is_flag=True, help="Only write the files; start no web hub.")
@click.option("--port", default=8000, show_default=True, help="Port of the web hub.")
@click.option("--json", "as_json", is_flag=True, help="Also print what was done as JSON.")
def demo(*, output: str, no_serve: bool, port: int, as_json: bool) -> None:
    """Build the shipped example, from figures to a page, and audit it.

    Checks the shipped frameworks, builds the SDG Gender Index 2019 from openly licensed figures,
    averages it over regions and income groups, tests how far the ranking can be believed,
    reads two policies and reports which of their promises no figure shows, estimates for groups
    within groups from a simulated survey, and writes a page with the ranking, a map, the method
    and every source into DIR, and the reports of audit, policies and survey into DIR/audit,
    DIR/policy and DIR/survey; DIR/data has the figures in the formats that others read.
    """
    folder = Path(output)
    progress = Progress(facts={})
    _check_frameworks(progress)
    data = _read_figures(progress)
    with progress.step(3, "Building the index from the open figures"):
        run = build_index(METHOD, sample_path("observations.csv"), units=sample_path("units.csv"))
    _say_ranks(progress, run)
    _say_averages(progress, run)
    audited = _audit(progress, run)
    policy = _policy(progress)
    survey = _survey(progress)
    others = {f"{DATA}/{name}": content for name, content in data.items()}
    others |= {f"{POLICY}/{name}": content for name, content in policy.items()}
    others |= {f"{SURVEY}/{name}": content for name, content in survey.items()}
    with progress.step(8, "Writing the pages and their files"):
        files = demo_files(run, audited, others)
        with staged_folder(folder) as stage:
            for name, content in files.items():
                stage(name, content)
    progress.say(f"{len(files)} files in {folder}", folder=str(folder), files=sorted(files))
    if as_json:
        click.echo(json_bytes(progress.facts), nl=False)
    say_end(run, folder, has_survey=bool(survey))
    if not no_serve:
        _serve(folder, port)


def demo_files(run: IndexRun, audited: AuditRun, others: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the page and the files beside it, by name; the same every time.

    Parameters
    ----------
    run : IndexRun
        The index.
    audited : AuditRun
        Its audit.
    others : mapping of str to bytes
        Files of the policies and, where it could be made, of the survey, by name.
    """
    tables = {**audit_files(audited, others=(HTML, PDF)), **report_files(audited)}
    files = {f"{AUDIT}/{name}": content for name, content in tables.items()}
    files |= others
    files |= result_files(run.result, run.trace)
    files["method.toml"] = read_method(METHOD).content
    for name in ("observations.csv", "units.csv", "sources.csv"):
        files[name] = read_bytes(sample_path(name))
    page = index_report(
        run.result,
        run.result.state.about,
        sources=pl.read_csv(files["sources.csv"], infer_schema=False),
        trace=run.trace,
        files=[File(name=n, href=n, what=what) for n, what in FILES.items() if n in files],
        original=read_method(ORIGINAL).methodology,
        words=WORDS,
    )
    return {"index.html": page, **files}


def _check_frameworks(progress: Progress) -> None:
    with progress.step(1, "Checking the frameworks"):
        shipped, links = shipped_frameworks(), shipped_crosswalk().links
        known = {each.reference: each for each in shipped}
        findings = [
            (each.reference, finding)
            for each in shipped
            for finding in check_framework(each, links=links, known=known)
        ]
    found = Counter(finding.severity for _, finding in findings)
    indicators = sum(len(each.indicators) for each in shipped)
    counted = ", ".join(plural(found[each], each) for each in SEVERITIES)
    progress.say(
        f"{plural(len(shipped), 'framework')} with {plural(indicators, 'indicator')} and "
        f"{plural(len(links), 'link')} between them: {counted}",
        frameworks=len(shipped),
        framework_indicators=indicators,
        links=len(links),
        findings={each: found[each] for each in SEVERITIES},
    )
    for reference, finding in findings:
        if finding.severity == "warning":
            progress.say(f"{reference}: {finding.words}")


def _read_figures(progress: Progress) -> Mapping[str, bytes]:
    """Read and check the figures, and return them in the formats that others read."""
    with progress.step(2, "Reading and checking the figures"):
        layout = read_method(METHOD).methodology.data
        read = read_observations(sample_path("observations.csv"), layout)
        sources = pl.read_csv(read_bytes(sample_path("sources.csv")), infer_schema=False)
        made = data_demo()
    licences = sources["licence"].unique().sort().to_list()
    progress.say(
        f"{plural(len(read.table), 'figure')} of {plural(len(read.variables), 'indicator')} for "
        f"{plural(len(read.units), 'area')}",
        figures=len(read.table),
        areas=len(read.units),
        indicators=len(read.variables),
    )
    progress.say(f"licences: {'; '.join(licences)}", licences=licences)
    for told in made.told:
        progress.say(told, data=made.facts)
    return made.files


def _say_ranks(progress: Progress, run: IndexRun) -> None:
    counts = run.result.trace().counts
    method = run.result.methodology
    progress.say(
        f"{method.title}: {counts.ranked} of {plural(counts.units, 'area')} ranked; the "
        "others have too few figures",
        method=method.id,
        ranked=counts.ranked,
        notice=method.notice,
        ranking=ends_of(run),
    )


def _audit(progress: Progress, run: IndexRun) -> AuditRun:
    """Test how far the ranking can be believed, and say what it comes to."""
    with progress.step(5, "Testing how far the ranking can be believed"):
        found = audit_run(run.inputs)
    audit = found.audit
    verdict = audit.verdict
    names = ", ".join(each.name for each in audit.result.methodology.audit.assumptions)
    progress.say(
        f"{counted(audit.uncertainty.builds, 'build')} with other choices: {names}",
        builds=audit.uncertainty.builds,
        assumptions=names,
    )
    progress.say(verdict.headline, verdict=verdict.headline, places=verdict.places)
    return found


def _policy(progress: Progress) -> Mapping[str, bytes]:
    """Read the two shipped policies and report which of their promises no figure shows."""
    with progress.step(6, "Reading two policies and matching indicators"):
        made = policy_demo()
    for told in made.told:
        progress.say(told, policies=made.facts)
    return made.files


def _survey(progress: Progress) -> Mapping[str, bytes]:
    """Disaggregate a simulated survey, where the part of the installation for it is there."""
    words = "Estimating for groups within groups of a simulated survey"
    if find_spec(COMPILER) is None:
        progress.leave_out(7, words)
        progress.say(
            "surveys are not part of this installation: everycount[survey] brings them; the "
            "rest goes on without",
            survey=None,
        )
        return {}
    with progress.step(7, words):
        # Not loaded before, as it cannot be without the extra.
        from everycount.cli.demo_survey import survey_demo  # noqa: PLC0415

        made = survey_demo(SURVEY_FILES)
    for told in made.told:
        progress.say(told, survey=made.facts)
    return made.files


def _say_averages(progress: Progress, run: IndexRun) -> None:
    with progress.step(4, "Averaging over regions and income groups"):
        table = run.result.averages().filter(pl.col("node") == "index")
    means = table.filter(pl.col("group") != "all")
    for by in dict.fromkeys(means["grouping"]):
        rows = means.filter(pl.col("grouping") == by).sort("score", descending=True)
        said = ", ".join(f"{row['group']} {row['score']:.1f}" for row in rows.to_dicts())
        progress.say(f"{by}: {said}")
    kept = table.select("grouping", "group", "units", "scored", "score", "weighted_score")
    progress.facts["averages"] = kept.to_dicts()


def _serve(folder: Path, port: int) -> None:
    """Hand the folder to the web hub.

    Raises
    ------
    Unavailable
        If no part of the installation serves it.
    """
    for each in entry_points(group="everycount.demo", name="serve"):
        each.load()(folder, port)
        return
    raise Unavailable(
        "the demonstration is not served yet, also not by everycount[hub], whose public pages are "
        f"to come; the page opens as a file: {folder / 'index.html'} ; --no-serve asks for no more"
    )
