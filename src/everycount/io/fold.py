"""Fold to the global SDG structure and back, by the mapping that is shipped."""

from functools import cache

from everycount.io.areas import area_table
from everycount.io.code_lists import SHIPPED, code_lists
from everycount.io.csv import read_table
from everycount.model.dataset import Dataset
from everycount.model.fold_rules import FoldRules
from everycount.model.observation import OBSERVATION
from everycount.repository.fold import CustomCodes, fold
from everycount.repository.fold_report import FoldReport
from everycount.repository.unfold import unfold


@cache
def sdg_rules() -> FoldRules:
    """Return the published mapping to the global SDG structure.

    Its rules: rename, the same codes in a component of another name; number, areas without
    leading zeros; code, a code has its own code in another component; generate, other codes go
    into the custom breakdown; none, there is no place.

    Examples
    --------
    >>> sdg_rules().renamed, sdg_rules().codes["MIGRATION_STATUS"]["MIGRANT"]
    ({'INDICATOR': 'SERIES'}, ('COMPOSITE_BREAKDOWN', 'MS_MIGRANT'))
    """
    source = (SHIPPED / "fold_sdg.csv").read_bytes()
    rows = read_table(source, subject="fold_sdg.csv").to_dicts()
    codes: dict[str, dict[str, tuple[str, str]]] = {}
    for row in rows:
        if row["rule"] == "code":
            own = codes.setdefault(row["component"], {})
            own[row["code"]] = (row["to_component"], row["to_code"])
    return FoldRules(
        renamed={r["component"]: r["to_component"] for r in rows if r["rule"] == "rename"},
        codes=codes,
        generated=tuple(r["component"] for r in rows if r["rule"] == "generate"),
        lost=tuple(r["component"] for r in rows if r["rule"] == "none"),
        areas=frozenset(area_table()["code"]),
    )


def fold_to_sdg(dataset: Dataset, *, custom: CustomCodes = "named") -> tuple[Dataset, FoldReport]:
    r"""Return observations in the global SDG structure, and what has no place there.

    Parameters
    ----------
    dataset : Dataset
        Observations.
    custom : {"named", "numbered"}
        How breakdowns are called that the global structure has no dimension for: by what they
        are (ETHNICITY--KINH), or by the numbers of the global list (C01).

    Returns
    -------
    Dataset, FoldReport

    Raises
    ------
    MethodError
        If the dataset has another structure, or more custom breakdowns than there are numbers.

    Examples
    --------
    >>> from everycount.io.importers.read import read_dataset
    >>> from everycount.io.importers.source import Source
    >>> text = b"INDICATOR,REF_AREA,TIME_PERIOD,ETHNICITY,OBS_VALUE\n5a,004,2019,KINH,1.5\n"
    >>> folded, report = fold_to_sdg(read_dataset(Source(name="a.csv", content=text)))
    >>> folded.table.select("SERIES", "REF_AREA", "CUST_BREAKDOWN").rows()
    [('5a', '4', 'ETHNICITY--KINH')]
    >>> report.moved
    {'ETHNICITY': 1}
    """
    return fold(dataset, sdg_rules(), code_lists(OBSERVATION, dataset.codes), custom=custom)


def unfold_from_sdg(dataset: Dataset) -> Dataset:
    r"""Return observations of the global SDG structure in ours.

    Parameters
    ----------
    dataset : Dataset
        In the structure `everycount.model.sdg.SDG`; or as `read_dataset` reads a file of that
        structure.

    Returns
    -------
    Dataset

    Raises
    ------
    MethodError
        If the dataset has another structure or uses more dimensions, or if observations become
        the same.

    Examples
    --------
    >>> from everycount.io.importers.read import read_dataset
    >>> from everycount.io.importers.source import Source
    >>> text = b"INDICATOR,REF_AREA,TIME_PERIOD,COMPOSITE_BREAKDOWN,OBS_VALUE\n"
    >>> text += b"5a,4,2019,MS_MIGRANT,1.5\n"
    >>> table = unfold_from_sdg(read_dataset(Source(name="a.csv", content=text))).table
    >>> table.select("REF_AREA", "MIGRATION_STATUS", "COMPOSITE_BREAKDOWN").rows()
    [('004', 'MIGRANT', '_T')]
    """
    return unfold(dataset, sdg_rules(), code_lists(OBSERVATION))
