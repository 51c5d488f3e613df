"""Addresses of the API."""

from django.urls import path

from everycount_hub.api import versions

AT = "datasets/<slug:workspace>/<slug:dataset>/versions"

urlpatterns = [
    path(AT, versions.submit),
    path(f"{AT}/", versions.submit, name="api_submit"),
    path(f"{AT}/<int:number>", versions.show),
    path(f"{AT}/<int:number>/", versions.show, name="api_version"),
]
