"""Where one can go from every public page: the name of an address, and its title."""

from django.utils.translation import gettext_lazy as _

MAIN = [
    ("portal:home", _("Home")),
    ("portal:indicators", _("Indicators")),
    ("portal:areas", _("Areas")),
    ("portal:indices", _("Indices")),
    ("portal:policies", _("Policies")),
    ("portal:surveys", _("Surveys")),
    ("portal:frameworks", _("Indicator sets")),
    ("portal:data", _("Data")),
]
"""In the head of a page."""
FOOT = [
    ("portal:home", _("Home")),
    ("portal:releases", _("Releases")),
    ("portal:about", _("About")),
    ("portal:method", _("Method")),
    ("portal:accessibility", _("Accessibility")),
    ("portal:api", _("API")),
    ("portal:corrections", _("Corrections")),
    ("portal:licence", _("Licence")),
]
"""At its foot."""
