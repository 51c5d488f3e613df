"""Addresses of the API."""

from django.urls import include, path

from everycount_hub.api import versions

AT = "datasets/<slug:workspace>/<slug:dataset>/versions"

urlpatterns = [
    path("v1/", include("everycount_hub.api.rest.openapi")),
    path("", include("everycount_hub.api.docs")),
    path(AT, versions.submit),
    path(f"{AT}/", versions.submit, name="api_submit"),
    path(f"{AT}/<int:number>", versions.show),
    path(f"{AT}/<int:number>/", versions.show, name="api_version"),
]
