import json

import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError, NotFound
from everycount.io.files import digest
from everycount.io.survey_areas import BenchmarkChoice, model_area_files
from everycount.survey.small_area import AreaBenchmark, SmallAreaOptions, model_areas

AREAS = ("region", "group")


@pytest.fixture
def folder(tmp_path):
    """Return a folder with estimates of 12 of 15 areas, and covariates of all."""
    random = np.random.default_rng(3)
    names = [(str(1 + at // 3), "abc"[at % 3]) for at in range(15)]
    lights = random.normal(size=15)
    share = np.clip(0.5 + 0.12 * lights + random.normal(size=15) * 0.05, 0.1, 0.9)
    n = random.integers(20, 90, 15)
    direct = np.clip(share + random.normal(size=15) * np.sqrt(share * (1 - share) / n), 0.02, 0.98)
    rows = [("_T", "_T", 0.5, 800)]
    rows += [(*key, y, size) for key, y, size in zip(names, direct, n, strict=True)][:12]
    estimates = pl.DataFrame(rows, schema=["region", "group", "estimate", "n"], orient="row")
    estimates = estimates.select(
        outcome=pl.lit("reads"),
        statistic=pl.lit("proportion"),
        region="region",
        group="group",
        estimate="estimate",
        std_error=(pl.col("estimate") * (1 - pl.col("estimate")) / pl.col("n")).sqrt(),
        ci_low=pl.col("estimate") - 0.1,
        ci_high=pl.col("estimate") + 0.1,
        df=pl.lit(30),
        deff=pl.lit(1.2),
        n="n",
        cv=pl.lit(0.1),
        flag=pl.lit(""),
    )
    estimates.write_csv(tmp_path / "estimates.csv")
    estimates.write_parquet(tmp_path / "estimates.parquet")
    known = pl.DataFrame(names, schema=["region", "group"], orient="row").with_columns(
        lights=pl.Series(lights), women=pl.Series(random.integers(500, 5000, 15))
    )
    known.write_csv(tmp_path / "census.csv")
    return tmp_path


def model(folder, estimates="estimates.csv", covariates="census.csv", **options):
    chosen = {"covariates": ("lights",), "replicates": 20, **options.pop("options", {})}
    return model_area_files(
        folder / estimates,
        folder / covariates,
        options.pop("areas", AREAS),
        options=SmallAreaOptions(**chosen),
        **options,
    )


def change(folder, **columns):
    """Write the estimates anew with some columns changed where region is 2 and group is b."""
    table = pl.read_csv(folder / "estimates.csv", schema_overrides={"region": pl.String})
    here = (pl.col("region") == "2") & (pl.col("group") == "b")
    table.with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in columns.items()
    ).write_csv(folder / "estimates.csv")


def test_figures_are_those_of_the_model(folder):
    run = model(folder)
    table = pl.read_parquet(folder / "estimates.parquet").filter(pl.col("region") != "_T")
    known = pl.read_csv(folder / "census.csv")
    expected = model_areas(
        table, known, AREAS, options=SmallAreaOptions(covariates=("lights",), replicates=20)
    )
    assert run.modelled.table.equals(expected.table.with_columns(pl.col("region").cast(pl.String)))
    assert model(folder, "estimates.parquet").table.equals(run.table)


def test_direct_and_modelled_figures_are_marked(folder):
    table = model(folder).table
    assert table["nature"].value_counts(sort=True).rows() == [("M", 15), ("direct", 12)]
    assert table["flag"].null_count() == 0
    assert table.columns == [
        *("outcome", "statistic", "region", "group", "estimate", "std_error", "ci_low", "ci_high"),
        *("df", "deff", "n", "cv", "flag", "nature"),
        *("gamma", "direct_estimate", "direct_std_error"),
    ]


def test_a_hidden_figure_has_no_part_in_anything(folder):
    change(folder, flag="not_shown")
    run = model(folder)
    assert run.direct.hidden == ("2 / b",)
    own = run.table.filter((pl.col("region") == "2") & (pl.col("group") == "b"))
    figures = own.select("estimate", "std_error", "ci_low", "df", "n", "cv", "flag", "nature")
    assert figures.row(0) == (None, None, None, None, None, None, "not_shown", "direct")
    modelled = own.row(1, named=True)
    assert (modelled["n"], modelled["gamma"], modelled["direct_estimate"]) == (None, 0.0, None)
    change(folder, estimate=None, std_error=None, n=None)
    assert model(folder).table.equals(run.table)


def test_a_figure_without_an_error_is_not_used(folder):
    change(folder, std_error=None)
    run = model(folder)
    assert (run.direct.hidden, run.direct.without_error) == ((), ("2 / b",))
    own = run.modelled.table.filter((pl.col("region") == "2") & (pl.col("group") == "b"))
    assert own["gamma"].item() == 0
    assert run.modelled.report.areas_direct == 11


def test_a_benchmark_is_the_direct_figure_over_all(folder):
    run = model(folder, benchmark=BenchmarkChoice(kind="difference", population="women"))
    women = pl.read_csv(folder / "census.csv")["women"]
    assert (run.modelled.table["estimate"] * women).sum() / women.sum() == pytest.approx(0.5)
    assert run.options.benchmark == AreaBenchmark(target=0.5, kind="difference", population="women")
    with pytest.raises(MethodError, match="found no population"):
        model(folder, benchmark=BenchmarkChoice())


def test_a_benchmark_needs_a_figure_over_all(folder):
    table = pl.read_csv(folder / "estimates.csv").filter(pl.col("region") != "_T")
    table.write_csv(folder / "estimates.csv")
    with pytest.raises(InputError, match="benchmark: found no figure over all areas"):
        model(folder, benchmark=BenchmarkChoice(population="women"))


def test_the_seed_makes_the_bootstrap(folder):
    options = {"transformation": "arcsine"}
    first, again = (model(folder, options=options, seed=4).table for _ in range(2))
    other = model(folder, options=options, seed=5).table
    assert first.equals(again)
    assert not first["std_error"].equals(other["std_error"])
    assert first["estimate"].equals(other["estimate"])


def test_all_columns_are_covariates_if_none_is_named(folder):
    run = model_area_files(folder / "estimates.csv", folder / "census.csv", AREAS)
    names = [each.name for each in run.modelled.report.coefficients]
    assert names == ["(intercept)", "lights", "women"]
    run = model(
        folder,
        options={"covariates": None},
        benchmark=BenchmarkChoice(population="women"),
        outcome="reads",
    )
    assert [each.name for each in run.modelled.report.coefficients] == ["(intercept)", "lights"]


def test_what_is_written(folder):
    run = model(folder)
    assert run.write(folder / "areas.csv") == (folder / "areas.csv", folder / "areas.trace.json")
    again = pl.read_csv(folder / "areas.csv", schema_overrides={"region": pl.String})
    assert again["estimate"].to_list() == run.table["estimate"].to_list()
    trace = json.loads((folder / "areas.trace.json").read_text())
    assert trace["inputs"] == [
        {"role": role, "name": name, "sha256": digest((folder / name).read_bytes())}
        for role, name in (("estimates", "estimates.csv"), ("covariates", "census.csv"))
    ]
    assert (trace["areas"], trace["seed"]) == (["region", "group"], None)
    assert trace["options"]["method"] == "reml"
    assert trace["report"]["areas_synthetic"] == 3
    assert trace["report"]["words"][0].startswith("Modelled figures:")
    run.write(folder / "areas.parquet")
    assert pl.read_parquet(folder / "areas.parquet").equals(run.table)
    with pytest.raises(InputError, match="a file or folder that is read"):
        run.write(folder / "census.csv")


def test_the_seed_is_in_the_trace_where_it_was_used(folder):
    trace = model(folder, options={"transformation": "logit"}, seed=7).trace
    assert trace["seed"] == 7


def test_modelled_figures_are_not_modelled_again(folder):
    model(folder).write(folder / "areas.csv")
    with pytest.raises(InputError, match="column nature: found M, expected nothing but direct"):
        model(folder, "areas.csv")


def test_faults_of_estimates(folder):
    with pytest.raises(NotFound):
        model(folder, "none.csv")
    (folder / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no column outcome"):
        model(folder, "x.csv")
    change(folder, estimate="many", n="3.5")
    with pytest.raises(InputError) as caught:
        model(folder)
    assert [str(each) for each in caught.value.problems] == [
        "row 6, estimate: found 'many', expected a number",
        "row 6, n: found '3.5', expected a whole number",
    ]


def test_faults_of_covariates(folder):
    text = (folder / "census.csv").read_text().splitlines()
    rows = [f"{line},{name}" for line, name in zip(text, ["name", *"abcdefghijklmno"], strict=True)]
    rows[2] = "1,b,n/a,12,b"
    (folder / "census.csv").write_text("\n".join(rows))
    with pytest.raises(InputError) as caught:
        model(folder, options={"covariates": None})
    assert [str(each) for each in caught.value.problems] == [
        "1 / b, lights: found 'n/a', expected a number",
        "column name: found text such as 'a', expected numbers; name the covariates to use if it "
        "is none of them",
    ]
    (folder / "census.csv").write_text("region,lights\n1,x\n,2\n")
    with pytest.raises(InputError, match="1, lights: found 'x'"):
        model(folder)
    (folder / "census.csv").write_text("region,light\n1,x\n2,2\n")
    with pytest.raises(InputError) as caught:
        model(folder, benchmark=BenchmarkChoice(population="light"))
    assert [str(each) for each in caught.value.problems] == [
        "column group: found no such column, expected one of region, light",
        "column lights: found no such column, expected one of region, light; nearest is light",
        "1, light: found 'x', expected a number",
    ]
    (folder / "census.csv").write_text("lights\n1\nx\n")
    with pytest.raises(InputError, match="row 2, lights: found 'x'"):
        model(folder)


def test_areas_in_other_codes_than_the_design_has(folder):
    """A census in raw values, and levels that were joined in the estimates."""
    table = pl.read_csv(folder / "estimates.csv", schema_overrides={"region": pl.String})
    coded = pl.when(pl.col("region") != "_T").then("R" + pl.col("region")).otherwise("region")
    joined = pl.col("group").replace({"b": "b+c"})
    table.filter(pl.col("group") != "c").with_columns(region=coded, group=joined).write_csv(
        folder / "coded.csv"
    )
    with pytest.raises(InputError) as caught:
        model(folder, "coded.csv")
    assert caught.value.subject == "census.csv"
    codes = "the codes of the estimates, which are those of the levels in the design"
    assert [str(each) for each in caught.value.problems] == [
        f"column region: found 1, 2, 3, 4, 5, and no R1, R2, R3, R4, expected {codes}",
        f"column group: found a, b, c, and no b+c, expected {codes}; b+c are levels joined there, "
        "so one area here too",
    ]


def test_a_message_names_ten_codes(folder):
    rows = "".join(f"{code},a,1,1\n" for code in range(100, 112))
    (folder / "census.csv").write_text(f"region,group,lights,women\n{rows}")
    with pytest.raises(InputError, match=r"found 100, 101, .*, 109 and 2 more, and no 1, 2, 3, 4"):
        model(folder)
