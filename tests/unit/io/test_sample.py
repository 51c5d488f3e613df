import pytest

from everycount.errors import NotFound
from everycount.io.sample import sample_path


def test_a_shipped_file():
    assert sample_path("units.csv").read_text(encoding="utf-8").startswith("unit,")


def test_a_file_that_is_not_shipped():
    with pytest.raises(
        NotFound, match=r"no figures named 'q.csv' are shipped; there are README.md, o"
    ):
        sample_path("q.csv")
