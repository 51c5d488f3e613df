"""Addresses of the pages about the portal."""

from django.urls import path

from everycount_hub.portal.about import views

urlpatterns = [
    path("", views.part, {"name": "about"}, name="about"),
    path("method/", views.part, {"name": "method"}, name="method"),
    path("accessibility/", views.part, {"name": "accessibility"}, name="accessibility"),
    path("api/", views.part, {"name": "api"}, name="api"),
    path("corrections/", views.part, {"name": "corrections"}, name="corrections"),
    path("licence/", views.part, {"name": "licence"}, name="licence"),
]
