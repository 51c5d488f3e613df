"""Addresses of releases."""

from django.urls import path, re_path

from everycount_hub.portal.releases import views

RELEASE = r"(?P<workspace>[A-Za-z0-9_-]+)/(?P<number>[0-9]{1,9})"

urlpatterns = [
    path("", views.releases, name="releases"),
    path("feed.atom", views.feed, name="releases_feed"),
    path("calendar.ics", views.ics, name="releases_calendar"),
    re_path(rf"^{RELEASE}/$", views.release, name="release"),
    re_path(
        rf"^{RELEASE}/data\.(?P<ending>csv|xlsx|json)$", views.release_data, name="release_data"
    ),
    re_path(rf"^{RELEASE}/cite\.(?P<ending>txt|bib|ris|cff)$", views.cite, name="release_cite"),
    re_path(rf"^{RELEASE}/all\.zip$", views.bulk, name="release_bulk"),
]
