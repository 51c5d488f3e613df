"""Addresses of the pages of indicators."""

from django.urls import path, re_path

from everycount_hub.portal.indicators import views

SLUG = r"(?P<slug>[a-z0-9._-]+)"

urlpatterns = [
    path("", views.indicators, name="indicators"),
    re_path(rf"^{SLUG}/$", views.indicator, name="indicator"),
    re_path(rf"^{SLUG}/data\.(?P<ending>csv|xlsx|json)$", views.data, name="indicator_data"),
    re_path(rf"^{SLUG}/full\.csv$", views.full, name="indicator_full"),
    re_path(rf"^{SLUG}/embed/$", views.embed, name="indicator_embed"),
]
