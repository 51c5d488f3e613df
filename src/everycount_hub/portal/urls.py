"""Addresses of the public pages, below the code of a language."""

from django.urls import include, path

from everycount_hub.portal import home

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", include("everycount_hub.portal.search.urls")),
    path("data/", include("everycount_hub.portal.data.urls")),
    path("releases/", include("everycount_hub.portal.releases.urls")),
    path("about/", include("everycount_hub.portal.about.urls")),
    path("indicators/", include("everycount_hub.portal.indicators.urls")),
    path("areas/", include("everycount_hub.portal.areas.urls")),
    path("indices/", include("everycount_hub.portal.indices.urls")),
    path("policies/", include("everycount_hub.portal.policies.urls")),
    path("surveys/", include("everycount_hub.portal.surveys.urls")),
    path("frameworks/", include("everycount_hub.portal.frameworks.urls")),
]
