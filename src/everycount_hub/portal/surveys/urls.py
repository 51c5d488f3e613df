"""Addresses of surveys, below ``surveys/``."""

from django.urls import path

from everycount_hub.portal.surveys import views

OWN = "<slug:workspace>/<slug:slug>/"
DATA = "data.<str:ending>"

urlpatterns = [
    path("", views.surveys, name="surveys"),
    path(DATA, views.surveys_data, name="surveys_data"),
    path(OWN, views.survey, name="survey"),
    path(f"{OWN}{DATA}", views.survey_data, name="survey_data"),
]
