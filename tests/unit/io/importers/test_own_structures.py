import json

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.importers.own_structures import read_all_structures
from everycount.io.importers.read import open_dataset
from everycount.io.importers.source import Source

ROWS = b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE\nSEATS,704,2019,F,1.5\n"


def code_list(id, **names):
    codes = [{"id": code, "name": name, "names": {"en": name}} for code, name in names.items()]
    return {"id": id, "agencyID": "NSO", "version": "1.0", "name": id, "codes": codes}


def structure(codes):
    scheme = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=NSO:CS(1.0)."
    dimension = {
        "id": "INDICATOR",
        "conceptIdentity": f"{scheme}INDICATOR",
        "localRepresentation": {
            "enumeration": f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist=NSO:{codes}(1.0)"
        },
    }
    lists = {"dimensionList": {"id": "DimensionDescriptor", "dimensions": [dimension]}}
    return {
        "id": "OWN", "agencyID": "NSO", "version": "1.0", "name": "Own",
        "dataStructureComponents": lists,
    }  # fmt: skip


def message(path, *lists, structures=()):
    data = {"codelists": list(lists), "dataStructures": list(structures)}
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    return str(path)


def labels(content, structures):
    reading = open_dataset(Source(name="figures.csv", content=content), structures=structures)
    list(reading)
    return reading.codes["INDICATOR"]


def test_lists_without_a_structure_belong_by_their_own_name(tmp_path):
    place = message(tmp_path / "a.json", code_list("CL_INDICATOR", SEATS="Seats held"))
    assert labels(ROWS, read_all_structures([place])).label("SEATS") == "Seats held"


def test_lists_of_a_structure_belong_to_its_components(tmp_path):
    lists = (code_list("CL_MINE", SEATS="Seats held"), code_list("CL_INDICATOR", SEATS="Other"))
    place = message(tmp_path / "a.json", *lists, structures=[structure("CL_MINE")])
    assert labels(ROWS, read_all_structures([place])).label("SEATS") == "Seats held"


def test_a_format_of_sdmx_looks_its_structure_up(tmp_path):
    place = message(
        tmp_path / "a.json",
        code_list("CL_MINE", SEATS="Seats held"),
        structures=[structure("CL_MINE")],
    )
    rows = ROWS.replace(b"INDICATOR,", b"STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,").replace(
        b"SEATS,", b"datastructure,NSO:OWN(1.0),I,SEATS,"
    )
    assert labels(rows, read_all_structures([place])).label("SEATS") == "Seats held"


def test_several_files_are_one_collection(tmp_path):
    first = message(tmp_path / "a.json", code_list("CL_INDICATOR", SEATS="Seats"))
    second = message(tmp_path / "b.json", code_list("CL_AREA", X="Land"))
    found = read_all_structures([first, second])
    assert [each.id for each in found.code_lists] == ["CL_INDICATOR", "CL_AREA"]
    assert read_all_structures([]) is None


def test_what_is_not_there_or_no_structure_is_refused(tmp_path):
    with pytest.raises(NotFound):
        read_all_structures([str(tmp_path / "absent.xml")])
    place = tmp_path / "a.csv"
    place.write_bytes(ROWS)
    with pytest.raises(InputError, match="expected structures in SDMX-ML or SDMX-JSON"):
        read_all_structures([str(place)])
