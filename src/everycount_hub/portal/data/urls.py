"""Addresses of the data catalogue."""

from django.urls import path, re_path

from everycount_hub.portal.data import views

DATASET = r"(?P<workspace>[A-Za-z0-9_-]+)/(?P<slug>[A-Za-z0-9_-]+)"
ENDINGS = r"csv|xlsx|sdmx\.csv|sdmx\.xml|stat\.json|zip"

urlpatterns = [
    path("", views.data, name="data"),
    re_path(r"^data\.(?P<ending>csv|xlsx|json)$", views.data_file, name="data_file"),
    re_path(r"^catalogue\.(?P<ending>jsonld|ttl)$", views.catalogue, name="catalogue"),
    re_path(rf"^{DATASET}/$", views.dataset, name="dataset"),
    re_path(
        rf"^{DATASET}/data\.(?P<ending>csv|xlsx|json)$", views.dataset_data, name="dataset_data"
    ),
    re_path(rf"^{DATASET}/cite\.(?P<ending>txt|bib|ris)$", views.cite, name="dataset_cite"),
    re_path(
        rf"^{DATASET}/(?P<digest>[0-9a-f]{{64}})\.(?P<ending>{ENDINGS})$",
        views.file,
        name="dataset_file",
    ),
]
