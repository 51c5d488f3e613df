"""Addresses of the hub."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.i18n import set_language

from everycount_hub.portal import sitemap
from everycount_hub.portal.home import entry

handler400 = "everycount_hub.faults.bad_request"
handler404 = "everycount_hub.faults.not_found"
urlpatterns = [
    path("", entry, name="entry"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path(".well-known/security.txt", sitemap.security, name="security_txt"),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("api/", include("everycount_hub.api.urls")),
    path("sdmx/", include("everycount_hub.api.sdmx.urls")),
    path("", include("everycount_hub.workbench.urls")),
    *i18n_patterns(path("", include("everycount_hub.portal.urls"))),
]
