"""Addresses of the pages of areas."""

from django.urls import re_path

from everycount_hub.portal.areas import views

SLUG = r"(?P<slug>[a-z0-9._-]+)"

urlpatterns = [
    re_path(r"^$", views.areas, name="areas"),
    re_path(rf"^{SLUG}/$", views.area, name="area"),
    re_path(rf"^{SLUG}/data\.(?P<ending>csv|xlsx|json)$", views.data, name="area_data"),
]
