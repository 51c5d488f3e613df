"""Folding to the global SDG structure and back gives the same observations."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from everycount.io.fold import fold_to_sdg, unfold_from_sdg
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.sdg import SDG

TRICKY = st.text(alphabet="AB-_", min_size=1, max_size=4)
CODES = {
    "REF_AREA": st.sampled_from(["004", "4", "704", "VN_01", "004X"]),
    "ETHNICITY": st.sampled_from(["_T", "KINH", "A--B"]) | TRICKY,
    "MIGRATION_STATUS": st.sampled_from(["_T", "MIGRANT", "NOMIGRANT", "INTERNAL"]),
    "MARITAL_STATUS": st.sampled_from(["_T", "MAR", "WID"]),
    "CUST_BREAKDOWN": st.sampled_from(
        ["_T", "C01", "REGION--NORTH", "ETHNICITY--KINH", "X---MARITAL_STATUS--MAR"]
    )
    | TRICKY,
    "COMPOSITE_BREAKDOWN": st.sampled_from(["_T", "MS_MIGRANT", "SKILL_READ"]),
}
ROW = st.fixed_dictionaries(
    {
        **CODES,
        "OBS_VALUE": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "LOWER_BOUND": st.none() | st.integers(0, 9).map(float),
        "COMMENT_OBS": st.none() | st.text(min_size=1, max_size=5),
    }
)


def observations(rows):
    filled = [
        {
            **{name: OBSERVATION.by_id[name].default or None for name in OBSERVATION.ids},
            "INDICATOR": "5a",
            "TIME_PERIOD": "2019",
            **row,
        }
        for row in rows
    ]
    table = pl.DataFrame(filled, schema=dict(OBSERVATION.schema))
    kinh = CodeList(id="CL_ETHNICITY", codes=(Code(id="KINH", name={"en": "Kinh"}),))
    unique = table.unique(OBSERVATION.key, keep="first", maintain_order=True)
    return Dataset(table=unique, codes={"ETHNICITY": kinh})


@given(st.lists(ROW, max_size=6), st.sampled_from(["named", "numbered"]))
def test_what_folds_unfolds_to_the_same(rows, custom):
    data = observations(rows)
    folded, report = fold_to_sdg(data, custom=custom)
    assert folded.structure is SDG
    assert report.folded + sum(report.left_out.values()) == report.observations
    assert not folded.table.select(SDG.key).is_duplicated().any()
    if report.altered or report.left_out:
        return
    assert unfold_from_sdg(folded).table.equals(data.table)


@given(st.lists(ROW, max_size=6))
def test_numbers_hide_no_breakdown(rows):
    data = observations(rows)
    named, _ = fold_to_sdg(data)
    numbered, _ = fold_to_sdg(data, custom="numbered")
    codes = numbered.table["CUST_BREAKDOWN"]
    assert codes.str.contains(r"^(_T|C\d{2,4})$").all()
    assert codes.n_unique() == named.table["CUST_BREAKDOWN"].n_unique()
