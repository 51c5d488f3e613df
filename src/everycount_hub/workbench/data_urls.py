"""Addresses of the signed-in pages about datasets, releases and jobs."""

from django.urls import path

from everycount_hub.workbench import appraisals, datasets, jobs, releases, steps, versions

AT = "workspaces/<slug:slug>/"

urlpatterns = [
    path(f"{AT}datasets/", datasets.list_page, name="datasets"),
    path(f"{AT}datasets/new/", datasets.create, name="dataset_create"),
    path(f"{AT}datasets/<slug:name>/", datasets.show, name="dataset"),
    path(f"{AT}datasets/<slug:name>/submit/", datasets.submit, name="dataset_submit"),
    path(f"{AT}datasets/<slug:name>/fetch/", datasets.fetch, name="dataset_fetch"),
    path(f"{AT}datasets/<slug:name>/<int:number>/", versions.show, name="version"),
    path(
        f"{AT}datasets/<slug:name>/<int:number>/figures/<slug:kind>/",
        versions.figures,
        name="version_figures",
    ),
    path(f"{AT}datasets/<slug:name>/<int:number>/source/", versions.source, name="version_source"),
    path(f"{AT}datasets/<slug:name>/<int:number>/bundle/", versions.bundle, name="version_bundle"),
    path(
        f"{AT}datasets/<slug:name>/<int:number>/bundle/<path:part>",
        versions.part,
        name="version_part",
    ),
    path(f"{AT}datasets/<slug:name>/<int:number>/check/", steps.check, name="version_check"),
    path(
        f"{AT}datasets/<slug:name>/<int:number>/appraise/",
        appraisals.appraise,
        name="version_appraise",
    ),
    path(f"{AT}datasets/<slug:name>/<int:number>/review/", steps.review, name="version_review"),
    path(f"{AT}datasets/<slug:name>/<int:number>/approve/", steps.approve, name="version_approve"),
    path(
        f"{AT}datasets/<slug:name>/<int:number>/withdraw/", steps.withdraw, name="version_withdraw"
    ),
    path(f"{AT}releases/", releases.list_page, name="releases"),
    path(f"{AT}releases/new/", releases.make, name="release_make"),
    path(f"{AT}releases/<int:number>/", releases.show, name="release"),
    path(f"{AT}releases/<int:number>/changes/", releases.changes, name="release_changes"),
    path(f"{AT}releases/<int:number>/call-off/", releases.call_off, name="release_call_off"),
    path(f"{AT}jobs/", jobs.list_page, name="jobs"),
    path("jobs/<int:pk>/", jobs.show, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<int:pk>/again/", jobs.again, name="job_again"),
]
