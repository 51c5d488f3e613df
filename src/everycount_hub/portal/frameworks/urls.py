"""Addresses of indicator sets, below ``frameworks/``."""

from django.urls import path

from everycount_hub.portal.frameworks import views

DATA = "data.<str:ending>"

urlpatterns = [
    path("", views.frameworks, name="frameworks"),
    path(DATA, views.frameworks_data, name="frameworks_data"),
    path("<str:name>/", views.framework, name="framework"),
    path(f"<str:name>/{DATA}", views.framework_data, name="framework_data"),
    path("<str:name>/links/<str:other>/", views.crosswalk, name="framework_links"),
    path(f"<str:name>/links/<str:other>/{DATA}", views.crosswalk_data, name="framework_links_data"),
    path("<str:name>/versions/<str:version>/", views.versions, name="framework_versions"),
    path(
        f"<str:name>/versions/<str:version>/{DATA}",
        views.versions_data,
        name="framework_versions_data",
    ),
]
