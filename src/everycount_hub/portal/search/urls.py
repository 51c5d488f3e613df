"""Addresses of search, below ``search/``."""

from django.urls import path

from everycount_hub.portal.search import views

urlpatterns = [
    path("", views.search, name="search"),
    path("index.js", views.index, name="search_index"),
]
