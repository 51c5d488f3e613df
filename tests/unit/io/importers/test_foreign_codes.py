import polars as pl

from everycount.io.importers.foreign_codes import ForeignCodes
from everycount.model.codes import Code, CodeList


def label(code, **names):
    return Code(id=code, name=names)


STATUS = CodeList(id="CL_OBS_STATUS", codes=(label("A", en="Normal"),))


def test_code_with_label_moves_before_the_comment():
    foreign = ForeignCodes({"OBS_STATUS": {"x": label("x", vi="Khác")}})
    cells = pl.DataFrame({"OBS_STATUS": ["x", "A", "x"], "COMMENT_OBS": ["so", "as it was", None]})
    found = foreign.set_apart(cells, {"OBS_STATUS": STATUS})
    assert found.rows() == [
        (None, "OBS_STATUS x: Khác; so"),
        ("A", "as it was"),
        (None, "OBS_STATUS x: Khác"),
    ]
    assert foreign.notes() == [
        "OBS_STATUS: 2 codes that its list does not have (x) are kept in COMMENT_OBS"
    ]


def test_code_without_label_stays_to_be_refused():
    foreign = ForeignCodes({})
    cells = pl.DataFrame({"OBS_STATUS": ["x"]})
    assert foreign.set_apart(cells, {"OBS_STATUS": STATUS}).equals(cells)
    assert foreign.notes() == []


def test_open_list_takes_all():
    foreign = ForeignCodes({"OBS_STATUS": {"x": label("x", en="X")}})
    cells = pl.DataFrame({"OBS_STATUS": ["x"]})
    open_list = CodeList(id="CL_OBS_STATUS", codes=(), is_open=True)
    assert foreign.set_apart(cells, {"OBS_STATUS": open_list}).equals(cells)
