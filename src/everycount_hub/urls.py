"""Addresses of the hub."""

from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="workbench")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("api/", include("everycount_hub.api.urls")),
    path("", include("everycount_hub.workbench.urls")),
]
