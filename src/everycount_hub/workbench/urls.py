"""Addresses of the signed-in pages."""

from django.urls import include, path

from everycount_hub.workbench import (
    accounts,
    api_tokens,
    audit,
    guidance,
    home,
    members,
    organisations,
    workspaces,
)

urlpatterns = [
    path("workbench/", home.workbench, name="workbench"),
    path("workbench/messages/", home.messages_page, name="messages"),
    path("workbench/messages/read/", home.messages_read, name="messages_read"),
    path("workbench/profile/", home.profile, name="profile"),
    path("workbench/profile/tokens/new/", api_tokens.make, name="token_make"),
    path("workbench/profile/tokens/<int:pk>/revoke/", api_tokens.revoke, name="token_revoke"),
    path("workbench/help/mappings/", guidance.mappings, name="help_mappings"),
    path("workbench/accounts/", accounts.list_page, name="accounts"),
    path("workbench/accounts/<int:pk>/", accounts.show, name="account"),
    *(
        path(
            f"workbench/accounts/<int:pk>/{name}/", accounts.act, {"name": name}, f"account_{name}"
        )
        for name in accounts.ACTS
    ),
    path("workbench/organisations/", organisations.organisations_page, name="organisations"),
    path("workbench/organisations/<int:pk>/", organisations.show, name="organisation"),
    *(
        path(
            f"workbench/organisations/<int:pk>/{name}/",
            getattr(organisations, name),
            name=f"organisation_{name}",
        )
        for name in organisations.CHANGES
    ),
    path("workbench/new-workspace/", workspaces.create, name="workspace_create"),
    path("workbench/members/", members.members, name="hub_members"),
    path("workbench/members/<int:pk>/end/", members.end, name="member_end"),
    path("workbench/audit/", audit.audit, name="hub_audit"),
    path("workspaces/<slug:slug>/", workspaces.show, name="workspace"),
    path("workspaces/<slug:slug>/edit/", workspaces.edit, name="workspace_edit"),
    path("workspaces/<slug:slug>/members/", members.members, name="members"),
    path("workspaces/<slug:slug>/audit/", audit.audit, name="audit"),
    path("", include("everycount_hub.workbench.data_urls")),
]
