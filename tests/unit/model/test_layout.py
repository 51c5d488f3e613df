import pytest

from everycount.model.layout import Layout
from everycount.model.strict import Faults


def test_layout_that_contradicts_itself():
    with pytest.raises(Faults) as caught:
        Layout(header_row=0, decimal=",", thousands=",")
    assert caught.value.faults == (
        (("header_row",), "0", "a whole number from 1"),
        (("thousands",), "','", "another mark than decimal"),
    )
