"""Addresses of policies, below ``policies/``."""

from django.urls import path

from everycount_hub.portal.policies import views

OWN = "<slug:workspace>/<slug:slug>/"
DATA = "data.<str:ending>"

urlpatterns = [
    path("", views.policies, name="policies"),
    path(DATA, views.policies_data, name="policies_data"),
    path(OWN, views.policy, name="policy"),
    path(f"{OWN}{DATA}", views.policy_data, name="policy_data"),
    path(f"{OWN}changes/", views.changes, name="policy_changes"),
    path(f"{OWN}changes/{DATA}", views.changes_data, name="policy_changes_data"),
    path(f"{OWN}gaps/<slug:name>/", views.gap, name="policy_gap"),
    path(f"{OWN}gaps/<slug:name>/{DATA}", views.gap_data, name="policy_gap_data"),
    path(f"{OWN}clauses/<path:number>/", views.clause, name="policy_clause"),
    path(f"{OWN}clauses/<path:number>/{DATA}", views.clause_data, name="policy_clause_data"),
]
