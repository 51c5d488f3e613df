"""The availability of the UN Minimum Set for every area, against a count made row by row."""

import csv
import gzip
from datetime import date

import pytest

from everycount.io.frameworks import load_framework
from everycount.io.importers.read import read_dataset
from everycount.repository.availability import availability

pytestmark = [pytest.mark.parity, pytest.mark.shared]
SINCE = 2017


def count_rows(folder):
    """Return, for each area and indicator, what the files say: years, and sexes."""
    known = {}
    for place in sorted(folder.glob("*.csv.gz")):
        with gzip.open(place, "rt", encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                has_figure = row.get("OBS_VALUE") or row.get("VALUE_CATEGORY")
                if has_figure:
                    found = known.setdefault(
                        (row["REF_AREA"], row["INDICATOR_LABEL"]), (set(), set())
                    )
                    found[0].add(int(row["TIME_PERIOD"][:4]))
                    found[1].add(row.get("SEX"))
    return known


def test_minimum_set_is_counted_as_by_hand(shared):
    folder = shared / "data" / "unsd_minimum_set" / "series"
    framework = load_framework("un-minimum-set@2021")
    datasets = [read_dataset(place) for place in sorted(folder.glob("*.csv.gz"))]
    found = availability(datasets, framework, today=date(2021, 9, 30), areas=["704", "008", "404"])
    known = count_rows(folder)
    for area in found.areas:
        own = {label: seen for (code, label), seen in known.items() if code.zfill(3) == area}
        counts = found.counts(area)
        assert counts["indicators"] == 62
        assert counts["collected"] == len(own)
        assert counts["by_sex"] == sum({"F", "M"} <= sexes for _, sexes in own.values())
        assert counts["up_to_date"] == sum(max(years) >= SINCE for years, _ in own.values())
    assert found.sentence("704", "Viet Nam").startswith(
        "Of 62 indicators for Viet Nam, 37 (60%) have figures and 25 have none; 15 (24%)"
    )
