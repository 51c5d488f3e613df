"""Short pages of help in the hub itself."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

FILE = """\
Country;Year;Group;Share
Viet Nam;2021;Women;30,3
Viet Nam;2021;All;100
"""
"""A file whose columns have names of their own."""
MAPPING = """\
delimiter = ";"
decimal = ","
areas = "name"

[columns]
Country = "REF_AREA"
Year = "TIME_PERIOD"
Group = "SEX"
Share = "OBS_VALUE"

[constants]
INDICATOR = "SEATS"
UNIT_MEASURE = "PT"

[values.SEX]
Women = "F"
All = "_T"
"""
"""What reads it."""


@login_required
@require_safe
def mappings(request: HttpRequest) -> HttpResponse:
    """Say what a column mapping is, with an example that works."""
    return render(request, "workbench/help_mappings.html", {"file": FILE, "mapping": MAPPING})
