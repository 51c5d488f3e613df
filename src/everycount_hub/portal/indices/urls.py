"""Addresses of indices, below ``indices/``."""

from django.urls import path

from everycount_hub.portal.indices import comparing, downloads, views, weighing

urlpatterns = [
    path("", views.index_list, name="indices"),
    path("data.<str:ending>", downloads.list_data, name="indices-data"),
    path("<str:slug>/", views.index, name="index"),
    path("<str:slug>/data.<str:ending>", downloads.index_data, name="index-data"),
    path("<str:slug>/files/<path:name>", downloads.file, name="index-file"),
    path("<str:slug>/goals/", views.goals, name="index-goals"),
    path("<str:slug>/goals/data.<str:ending>", downloads.goals_data, name="index-goals-data"),
    path("<str:slug>/method/", views.method, name="index-method"),
    path("<str:slug>/audit/", views.audit, name="index-audit"),
    path("<str:slug>/audit/data.<str:ending>", downloads.audit_data, name="index-audit-data"),
    path("<str:slug>/compare/", comparing.compare, name="index-compare"),
    path("<str:slug>/compare/data.<str:ending>", comparing.compare_data, name="index-compare-data"),
    path("<str:slug>/editions/", comparing.editions, name="index-editions"),
    path(
        "<str:slug>/editions/data.<str:ending>", comparing.editions_data,
        name="index-editions-data",
    ),
    path("<str:slug>/weights/", weighing.weights, name="index-weights"),
    path("<str:slug>/weights/data.<str:ending>", weighing.weights_data, name="index-weights-data"),
    path("<str:slug>/<str:unit>/", views.unit, name="index-unit"),
    path("<str:slug>/<str:unit>/data.<str:ending>", downloads.unit_data, name="index-unit-data"),
]  # fmt: skip
