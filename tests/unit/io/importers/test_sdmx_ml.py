import gzip
import tracemalloc

import pytest

from everycount.errors import InputError
from everycount.io.importers import sdmx_ml, sdmx_ml_target
from everycount.io.importers.read import open_dataset, read_dataset
from everycount.io.importers.sdmx_read import open_sdmx
from everycount.io.importers.sdmx_structures import read_structures
from everycount.io.importers.source import Source

PLACE = "http://www.sdmx.org/resources/sdmxml/schemas/v{}"
HEADER = (
    "<m:Header><m:ID>X</m:ID><m:Test>false</m:Test><m:Prepared>2026-01-01T00:00:00</m:Prepared>"
    '<m:Sender id="GSO"><c:Name xml:lang="en">General Statistics Office</c:Name>'
    "<m:Contact><c:Name>Desk</c:Name></m:Contact></m:Sender>{structure}</m:Header>"
)
REF = (
    '<m:Structure structureID="S" dimensionAtObservation="{at}">'
    '<c:StructureUsage><Ref agencyID="GSO" id="GENDER" version="1.0"/></c:StructureUsage>'
    "</m:Structure>"
)
URN = (
    '<m:Structure structureID="S" dimensionAtObservation="{at}"><c:StructureUsage>'
    "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=GSO:GENDER(1.0)"
    "</c:StructureUsage></m:Structure>"
)
FLOW_URN = (
    '<m:Structure structureID="S" dimensionAtObservation="{at}"><c:Structure><URN>'
    "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=GSO:GENDER(1.0)"
    "</URN></c:Structure></m:Structure>"
)


def message(root, body, *, version="2_1", at="TIME_PERIOD", structure=REF):
    place = PLACE.format(version)
    spaces = (
        f'xmlns:m="{place}/message" xmlns:c="{place}/common" xmlns:g="{place}/data/generic" '
        f'xmlns:ss="{place}/data/structurespecific" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    header = HEADER.format(structure=structure.format(at=at))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<m:{root} {spaces}>{header}{body}</m:{root}>'


def source(text, name="data.xml"):
    return Source(name=name, content=text.encode() if isinstance(text, str) else text)


def read(text):
    return read_dataset(source(text))


def values(**named):
    return "".join(f'<g:Value id="{name}" value="{text}"/>' for name, text in named.items())


SERIES = 'FREQ="A" INDICATOR="5a" REF_AREA="704" SEX="F" UNIT_MEASURE="PT"'
SPECIFIC = (
    '<m:DataSet ss:structureRef="S" ss:dataScope="DataStructure" xsi:type="x:DataSetType">'
    f'<Series {SERIES}><Obs TIME_PERIOD="2019" OBS_VALUE="1.5" OBS_STATUS="A"/>'
    '<Obs TIME_PERIOD="2020" OBS_VALUE="NaN"/></Series></m:DataSet>'
)
GENERIC = (
    '<m:DataSet structureRef="S" action="Information">'
    f"<g:Attributes>{values(SOURCE_DETAIL='Survey')}</g:Attributes>"
    f"<g:Group type='Area'><g:GroupKey>{values(REF_AREA='704')}</g:GroupKey>"
    f"<g:Attributes>{values(COMMENT_TS='of Viet Nam')}</g:Attributes></g:Group>"
    f"<g:Series><g:SeriesKey>{values(FREQ='A', INDICATOR='5a', REF_AREA='704', CAUSE='X')}"
    f"</g:SeriesKey><g:Attributes>{values(UNIT_MEASURE='PT')}</g:Attributes>"
    '<g:Obs><g:ObsDimension value="2019"/><g:ObsValue value="1.5"/>'
    f"<g:Attributes>{values(OBS_STATUS='A')}</g:Attributes></g:Obs>"
    '<g:Obs><g:ObsDimension id="TIME_PERIOD" value="2020"/></g:Obs></g:Series>'
    f"<g:Series><g:SeriesKey>{values(FREQ='A', INDICATOR='5a', REF_AREA='404', CAUSE='_T')}"
    '</g:SeriesKey><g:Obs><g:ObsDimension value="2019"/><g:ObsValue value="3"/></g:Obs></g:Series>'
    "</m:DataSet>"
)


@pytest.mark.parametrize("version", ["2_1", "3_0", "3_1"])
@pytest.mark.parametrize("structure", [REF, URN, FLOW_URN])
def test_structure_specific_series_are_read(version, structure):
    data = read(message("StructureSpecificData", SPECIFIC, version=version, structure=structure))
    columns = ("INDICATOR", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    assert data.table.select(*columns, "UNIT_MEASURE").rows() == [
        ("5a", "704", "F", "2019", 1.5, "A", "PT"),
        ("5a", "704", "F", "2020", None, None, "PT"),
    ]
    assert data.origins[0].producer == "General Statistics Office"
    assert data.origins[0].title == "GSO:GENDER(1.0)"
    assert data.notes == ()


def test_structure_specific_observations_without_series_are_read():
    body = (
        '<m:DataSet ss:structureRef="S"><Group xsi:type="x:A" REF_AREA="704" SOURCE_DETAIL="S"/>'
        '<Obs INDICATOR="5a" REF_AREA="704" CAUSE="X" TIME_PERIOD="2019" OBS_VALUE="1" KIND="u"/>'
        '<Obs INDICATOR="5a" REF_AREA="404" CAUSE="Y" TIME_PERIOD="2019" OBS_VALUE="2"/>'
        "</m:DataSet>"
    )
    data = read(message("StructureSpecificData", body, at="AllDimensions"))
    assert data.table.select("REF_AREA", "CUST_BREAKDOWN", "SOURCE_DETAIL").rows() == [
        ("704", "CAUSE--X", "S"),
        ("404", "CAUSE--Y", None),
    ]
    assert "columns left out: KIND" in data.notes


def test_other_dimension_at_observation_is_read():
    body = (
        '<m:DataSet ss:structureRef="S"><Series INDICATOR="5a" SEX="F" TIME_PERIOD="2019">'
        '<Obs REF_AREA="704" OBS_VALUE="1"/><Obs REF_AREA="404" OBS_VALUE="2"/></Series>'
        "</m:DataSet>"
    )
    data = read(message("StructureSpecificData", body, at="REF_AREA"))
    assert data.table.select("REF_AREA", "OBS_VALUE").rows() == [("704", 1.0), ("404", 2.0)]


def test_data_set_may_name_its_own_dimension_at_observation():
    body = (
        '<m:DataSet ss:structureRef="S" ss:dimensionAtObservation="CAUSE">'
        '<Series INDICATOR="5a" REF_AREA="704" TIME_PERIOD="2019">'
        '<Obs CAUSE="X" OBS_VALUE="1"/><Obs CAUSE="Y" OBS_VALUE="2"/></Series></m:DataSet>'
    )
    data = read(message("StructureSpecificData", body))
    assert data.table["CUST_BREAKDOWN"].to_list() == ["CAUSE--X", "CAUSE--Y"]


def test_what_is_not_in_every_series_is_an_attribute():
    body = (
        '<m:DataSet ss:structureRef="S">'
        '<Series INDICATOR="5a" REF_AREA="704" CAUSE="X" REMARK="old">'
        '<Obs TIME_PERIOD="2019" OBS_VALUE="1"/></Series>'
        '<Series INDICATOR="5a" REF_AREA="404" CAUSE="X">'
        '<Obs TIME_PERIOD="2019" OBS_VALUE="2"/></Series></m:DataSet>'
    )
    data = read(message("StructureSpecificData", body))
    assert data.table["CUST_BREAKDOWN"].to_list() == ["CAUSE--X", "CAUSE--X"]
    assert "columns left out: REMARK" in data.notes


def test_attributes_of_set_groups_and_series_spread():
    body = (
        '<m:DataSet ss:structureRef="S" DATA_LAST_UPDATE="2026">'
        '<Atts SOURCE_DETAIL="Survey"/><Atts BASE_PER="2015"/>'
        '<Group REF_AREA="704" COMMENT_TS="north"/><Group REF_AREA="704" TIME_DETAIL="May"/>'
        '<Group SEX="F" UNIT_MULT="3"/>'
        '<Series INDICATOR="5a" REF_AREA="704" SEX="F"><Comp id="COMMENT_OBS">'
        "<Value>one</Value><Value> two </Value></Comp>"
        '<Obs TIME_PERIOD="2019" OBS_VALUE="1"/>'
        '<Obs TIME_PERIOD="2020" OBS_VALUE="2" COMMENT_OBS="own" SOURCE_DETAIL="Census"/></Series>'
        '<Series INDICATOR="5a" REF_AREA="404" SEX="M"><Obs TIME_PERIOD="2019" OBS_VALUE="3">'
        '<Comp id="COMMENT_OBS"><Value>three</Value></Comp></Obs></Series></m:DataSet>'
    )
    table = read(message("StructureSpecificData", body, version="3_0")).table
    columns = ("DATA_LAST_UPDATE", "SOURCE_DETAIL", "BASE_PER", "COMMENT_TS", "TIME_DETAIL")
    assert table.select(*columns, "UNIT_MULT", "COMMENT_OBS").rows() == [
        ("2026", "Survey", "2015", "north", "May", 3, "one; two"),
        ("2026", "Census", "2015", "north", "May", 3, "own"),
        ("2026", "Survey", "2015", None, None, None, "three"),
    ]


def test_group_of_no_known_dimension_touches_nothing():
    body = GENERIC.replace("<g:GroupKey>" + values(REF_AREA="704"), "<g:GroupKey>" + values(Q="1"))
    assert read(message("GenericData", body)).table["COMMENT_TS"].null_count() == 3


def test_generic_series_are_read():
    data = read(message("GenericData", GENERIC))
    columns = ("REF_AREA", "CUST_BREAKDOWN", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE")
    assert data.table.select(*columns, "OBS_STATUS", "COMMENT_TS", "SOURCE_DETAIL").rows() == [
        ("704", "CAUSE--X", "2019", 1.5, "PT", "A", "of Viet Nam", "Survey"),
        ("704", "CAUSE--X", "2020", None, "PT", None, "of Viet Nam", "Survey"),
        ("404", "_T", "2019", 3.0, None, None, None, "Survey"),
    ]


def test_generic_observations_without_series_are_read():
    key = values(INDICATOR="5a", REF_AREA="704", TIME_PERIOD="2019", SEX="T")
    body = (
        f'<m:DataSet structureRef="S"><g:Obs><g:ObsKey>{key}</g:ObsKey><g:ObsValue value="2"/>'
        f"<g:Attributes>{values(OBS_STATUS='E')}</g:Attributes></g:Obs></m:DataSet>"
    )
    table = read(message("GenericData", body, at="AllDimensions")).table
    assert table.select("SEX", "OBS_VALUE", "OBS_STATUS").rows() == [("_T", 2.0, "E")]


def test_unit_as_a_dimension_keeps_observations_apart():
    body = '<m:DataSet ss:structureRef="S">' + "".join(
        f'<Series INDICATOR="5a" REF_AREA="704" UNIT_MEASURE="{unit}">'
        f'<Obs TIME_PERIOD="2019" OBS_VALUE="{value}"/></Series>'
        for unit, value in (("PT", 1), ("PS", 2))
    )
    generic = (
        body.replace("<Series ", "<g:Series><g:SeriesKey>")
        .replace('INDICATOR="5a" REF_AREA="704" ', values(INDICATOR="5a", REF_AREA="704"))
        .replace('UNIT_MEASURE="PT">', values(UNIT_MEASURE="PT") + "</g:SeriesKey>")
        .replace('UNIT_MEASURE="PS">', values(UNIT_MEASURE="PS") + "</g:SeriesKey>")
        .replace("</Series>", "</g:Series>")
        .replace('<Obs TIME_PERIOD="2019"', '<g:Obs><g:ObsDimension value="2019"/><g:ObsValue')
        .replace("OBS_VALUE=", "value=")
        .replace("/></g:Series>", "/></g:Obs></g:Series>")
    )
    table = read(message("GenericData", generic + "</m:DataSet>")).table
    assert table.select("UNIT_MEASURE", "CUST_BREAKDOWN").rows() == [
        ("PT", "UNIT_MEASURE--PT"),
        ("PS", "UNIT_MEASURE--PS"),
    ]


def test_one_unit_as_a_dimension_is_an_attribute():
    key = values(INDICATOR="5a", REF_AREA="704", UNIT_MEASURE="PT")
    body = (
        f'<m:DataSet structureRef="S"><g:Series><g:SeriesKey>{key}</g:SeriesKey>'
        '<g:Obs><g:ObsDimension value="2019"/><g:ObsValue value="2"/></g:Obs></g:Series>'
        "</m:DataSet>"
    )
    table = read(message("GenericData", body)).table
    assert table.select("UNIT_MEASURE", "CUST_BREAKDOWN").row(0) == ("PT", "_T")


def test_data_sets_to_delete_are_left_out():
    body = SPECIFIC.replace('ss:structureRef="S"', 'ss:structureRef="S" ss:action="Delete"')
    data = read(message("StructureSpecificData", body + SPECIFIC))
    assert data.table.height == 2
    assert "2 observations of data sets to delete are left out" in data.notes


def test_several_data_sets_of_several_structures_are_read():
    second = URN.replace("GENDER", "POVERTY").replace('"S"', '"P"')
    body = (
        '<m:DataSet ss:structureRef="S"><Obs REF_AREA="704" TIME_PERIOD="2019" OBS_VALUE="1"/>'
        '</m:DataSet><m:DataSet ss:structureRef="P">'
        '<Obs REF_AREA="704" TIME_PERIOD="2019" OBS_VALUE="2"/></m:DataSet>'
    )
    data = read(message("StructureSpecificData", body, structure=REF + second))
    assert data.table["INDICATOR"].to_list() == ["GENDER", "POVERTY"]


def test_message_without_header_has_its_structure_as_flow():
    body = '<m:DataSet ss:structureRef="ABC"><Obs REF_AREA="4" TIME_PERIOD="2019" OBS_VALUE="1"/>'
    text = message("StructureSpecificData", body + "</m:DataSet>", structure="")
    start, end = text.index("<m:Header>"), text.index("</m:Header>") + len("</m:Header>")
    data = read(text[:start] + text[end:])
    assert data.table["INDICATOR"].to_list() == ["ABC"]
    assert data.origins[0].producer == ""


def test_message_without_observations_is_noted():
    data = read(message("StructureSpecificData", '<m:DataSet ss:structureRef="S"/>'))
    assert data.table.height == 0
    assert data.notes == ("the message has no observations",)
    bare = Source(name="a.xml", content=message("GenericData", "").encode())
    empty = bare.content.decode().replace('id="GSO"', "").replace("General Statistics Office", "")
    assert read(empty).origins == ()


def test_faults_name_the_observation():
    with pytest.raises(InputError, match="observation 1, SEX: found 'W'"):
        read(message("StructureSpecificData", SPECIFIC.replace('SEX="F"', 'SEX="W"')))


def test_stray_elements_outside_data_sets_change_nothing():
    stray = f"<Series {SERIES}><Obs TIME_PERIOD='2001' OBS_VALUE='9'/></Series><Group A='1'/>"
    stray += "<Comp><Value>x</Value></Comp><g:DataProvider><Ref id='x'/></g:DataProvider>"
    stray += "<g:ObsDimension value='1'/><g:SeriesKey/><g:Series/>"
    data = read(message("StructureSpecificData", stray + SPECIFIC))
    assert data.table.height == 2


def test_batches_are_handed_over_while_reading(monkeypatch):
    monkeypatch.setattr(sdmx_ml_target, "BATCH", 10)
    monkeypatch.setattr("everycount.io.importers.sdmx_xml.PIECE", 512)
    observations = "".join(f'<Obs TIME_PERIOD="{y}" OBS_VALUE="{y}"/>' for y in range(1900, 2000))
    series = f"<Series {SERIES}>{observations}</Series>"
    flat = "".join(
        f'<Obs INDICATOR="5b" REF_AREA="704" TIME_PERIOD="{y}" OBS_VALUE="{y}" '
        f'{"UNIT" if y > 1950 else "OBS_STATUS"}="A"/>'
        for y in range(1900, 2000)
    )
    for body, unit in ((series, "PT"), (flat, "A")):
        text = message(
            "StructureSpecificData", f'<m:DataSet ss:structureRef="S">{body}</m:DataSet>'
        )
        reading = open_dataset(source(text))
        batches = list(reading)
        assert len(batches) > 5
        years = [year for batch in batches for year in batch["TIME_PERIOD"]]
        assert years == [str(year) for year in range(1900, 2000)]
        assert batches[-1]["UNIT_MEASURE"].to_list()[-1] == unit


def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sdmx_ml_target, "BATCH", 2000)
    peaks = []
    for count in (10_000, 40_000):
        place = tmp_path / f"{count}.xml"
        observations = "".join(
            f'<Series INDICATOR="I{n // 80}" REF_AREA="704" SEX="F">'
            f'<Obs TIME_PERIOD="{1900 + n % 80}" OBS_VALUE="{n}"/></Series>\n'
            for n in range(count)
        )
        body = f'<m:DataSet ss:structureRef="S">{observations}</m:DataSet>'
        place.write_text(message("StructureSpecificData", body))
        parsed = sdmx_ml.parse(Source.at(place))
        tracemalloc.start()
        assert sum(batch.height for batch in parsed.batches) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_structure_tells_dimensions_and_labels():
    structures = read_structures(
        source(
            '{"data": {"dataStructures": [{"id": "GENDER", "agencyID": "GSO", "version": "1.0",'
            '"dataStructureComponents": {"dimensionList": {"dimensions": [{"id": "INDICATOR"},'
            '{"id": "REF_AREA"}, {"id": "SEX", "localRepresentation": {"enumeration": '
            '"urn:sdmx:org.sdmx.infomodel.codelist.Codelist=GSO:CL_SEX(1.0)"}}],'
            '"timeDimensions": [{"id": "TIME_PERIOD"}]}}}], "codelists": [{"id": "CL_SEX",'
            '"agencyID": "GSO", "version": "1.0",'
            '"codes": [{"id": "F", "names": {"vi": "Nữ", "en": "Female"}}]}]}}'
        )
    )
    body = SPECIFIC.replace('SEX="F"', 'SEX="F" LOCAL="x"')
    reading = open_sdmx(source(message("StructureSpecificData", body)), structures)
    table = next(iter(reading))
    assert table["CUST_BREAKDOWN"].to_list() == ["_T", "_T"]
    assert reading.codes["SEX"].label("F", "vi") == "Nữ"


# ------------------------------------------------------------------------- what is refused, and why

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB + "<GenericData>&j;</GenericData>", "document type declaration"),
        (BOMB + '<GenericData a="&j;"/>', "document type declaration"),
        ("<!DOCTYPE GenericData SYSTEM 'file:///etc/passwd'><GenericData/>", "type declaration"),
        ("<!DOCTYPE html><html><body>503</body></html>", "line 1: found a page of the web"),
        ("\ufeff<html><body>no</body></html>", "a page of the web"),
        ("<!-- x -->" + " " * 5000 + "<!DOCTYPE html><html/>", "a page of the web"),
        (message("GenericData", "<a>" * 1000), "more than 64 elements inside one another"),
        (message("GenericData", GENERIC)[:-300], "the end of the file, expected the rest"),
        (message("GenericData", "<a></b>"), "line 2, column"),
        (message("GenericData", "\x01"), "line 2, column"),
        (message("GenericData", "é").encode("latin-1"), "another encoding"),
        (message("GenericData", f'<a b="{"x" * 12_000_000}"/><a/>'), "more than ten million"),
        ("<catalogue><item/></catalogue>", "found catalogue, which is no message of SDMX"),
        ("<", "the end of the file"),
        ("<GenericData><1 wrong></GenericData>", "expected well-formed XML"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content, words):
    with pytest.raises(InputError) as caught:
        read(content)
    assert words in str(caught.value)


def test_five_megabytes_of_nesting_are_refused_soon():
    with pytest.raises(InputError, match="more than 64 elements"):
        read("<m:GenericData xmlns:m='urn:x'>" + "<a>" * 1_700_000)


@pytest.mark.parametrize(
    ("root", "version", "words"),
    [
        ("CompactData", "2_0", "CompactData of SDMX-ML 2.0, expected SDMX-ML 2.1 or 3.0"),
        ("GenericData", "2_0", "version=2.1"),
        ("Structure", "2_1", "a message of structures such as code lists"),
        ("GenericMetadata", "2_1", "a message of reference metadata"),
        ("Error", "2_1", "an error of the service"),
    ],
)
def test_other_messages_are_refused_with_advice(root, version, words):
    with pytest.raises(InputError) as caught:
        read(message(root, "", version=version))
    assert words in str(caught.value)


def test_old_namespace_in_capitals_is_known():
    text = '<CompactData xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"/>'
    with pytest.raises(InputError, match=r"CompactData of SDMX-ML 2\.0"):
        read(text)


def test_compact_data_without_namespace_is_old():
    with pytest.raises(InputError, match=r"CompactData of SDMX-ML 2\.0"):
        read("<CompactData/>")


def test_empty_file_is_refused():
    with pytest.raises(InputError, match=r"file: found nothing, expected a message in SDMX-ML"):
        read_dataset(source(b"  \n"), format="sdmx-ml")


def test_damaged_archive_is_refused():
    packed = gzip.compress(message("GenericData", GENERIC).encode() * 9)[:200]
    with pytest.raises(InputError, match="a gzip archive that is truncated or not gzip"):
        read_dataset(source(packed, "a.xml.gz"), format="sdmx-ml")


def test_archive_damaged_in_the_middle_is_refused(monkeypatch):
    packed = gzip.compress(message("GenericData", GENERIC).encode())
    whole = source(packed, "a.xml.gz")
    monkeypatch.setattr(Source, "head", lambda self, size=0: b"<GenericData>")
    cut = source(packed[:-30], "a.xml.gz")
    assert whole.name == cut.name
    with pytest.raises(InputError, match="a gzip archive that is truncated or not gzip"):
        list(sdmx_ml.parse(cut).batches)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_read(encoding):
    text = message("StructureSpecificData", SPECIFIC.replace('"PT"', '"PT" COMMENT_TS="Huế"'))
    content = text.replace('encoding="UTF-8"', f'encoding="{encoding[:6].strip("-s")}"')
    content = content if encoding == "utf-16" else text
    assert read(content.encode(encoding)).table["COMMENT_TS"].to_list() == ["Huế", "Huế"]


HOSTILE = [
    "Côte d'Ivoire",
    "say &quot;so&quot;",
    "tiếng Việt",
    "بيانات",
    "=1+1",
    "a&#10;b&#9;c",
    "&lt;",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_survives(words):
    body = SPECIFIC.replace('OBS_STATUS="A"', f'COMMENT_OBS="{words}"')
    found = read(message("StructureSpecificData", body)).table["COMMENT_OBS"][0]
    plain = {"&quot;": '"', "&#10;": "\n", "&#9;": "\t", "&lt;": "<"}
    for mark, character in plain.items():
        words = words.replace(mark, character)
    assert found == words
