import subprocess
import sys

import pytest

import everycount


@pytest.mark.parametrize("name", everycount.__all__)
def test_every_public_name_is_where_it_says(name):
    found = getattr(everycount, name)
    assert found.__name__ == name
    assert everycount._HOMES[name] == found.__module__


def test_public_names_are_listed_in_order():
    assert dir(everycount) == sorted(everycount.__all__) == sorted(everycount._HOMES)


def test_a_name_that_is_not_public():
    with pytest.raises(AttributeError, match="module 'everycount' has no attribute 'nothing'"):
        everycount.nothing  # noqa: B018


def test_importing_the_package_loads_none_of_its_parts():
    code = "import sys, everycount; print([m for m in sys.modules if m in ('numpy', 'polars')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
