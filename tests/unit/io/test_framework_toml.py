from everycount.io import declare
from everycount.io.framework_toml import framework_toml
from everycount.model.framework import Framework, Group, Source
from everycount.model.indicator import Indicator

CORE = Framework(
    id="core",
    version="2024",
    title={"vi": "Bộ chỉ tiêu", "en": "Core set"},
    publisher='NSO "of" the\\country',
    level="national",
    valid_from="2024-07-01",
    source=Source(citation="Decision 5\nof 2024", url="https://example.org"),
    description="Tab\there, DEL \x7f there",
    groups=(
        Group(code="1", title={"en": "Work"}),
        Group(code="1.1", title={"en": "Pay"}, parent="1"),
    ),
    indicators=(
        Indicator(
            key="8d",
            code="8d",
            title={"en": "Gap"},
            group="1.1",
            unit="%",
            kind="qualitative",
            stage="outcome",
            tier="I",
            target=12.5,
            worst=1e20,
            best=(47.0, 53.5),
            disaggregations=("sex", "age"),
            combined=(("sex", "age"),),
            source="page 3",
            note="read",
        ),
        Indicator(key="8e", code="8d", title={"en": "Gap"}, repeats="8d", worst="max", best=0.0),
    ),
)


def test_framework_survives_being_written():
    source = framework_toml(CORE)
    assert declare.read(source, Framework, subject="core.toml") == CORE
    assert framework_toml(declare.read(source, Framework, subject="core.toml")) == source


def test_layout_is_stable_and_leaves_out_what_is_not_said():
    text = framework_toml(CORE).decode()
    assert text.endswith(
        """\
[[groups]]
code = "1"
title.en = "Work"

[[groups]]
code = "1.1"
title.en = "Pay"
parent = "1"

[[indicators]]
key = "8d"
code = "8d"
title.en = "Gap"
group = "1.1"
unit = "%"
kind = "qualitative"
stage = "outcome"
tier = "I"
target = 12.5
worst = 1e+20
best = [47, 53.5]
disaggregations = ["sex", "age"]
combined = [["sex", "age"]]
source = "page 3"
note = "read"

[[indicators]]
key = "8e"
code = "8d"
title.en = "Gap"
repeats = "8d"
worst = "max"
best = 0
"""
    )
