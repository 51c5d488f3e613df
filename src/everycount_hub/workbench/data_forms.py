"""Forms about datasets and releases."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from everycount_hub.actions.datasets import Description
from everycount_hub.actions.fetching import FETCHED, Request
from everycount_hub.models import Dataset, DatasetVersion, Organisation, Review
from everycount_hub.workbench.forms import NamesForm

SERVICES = [
    ("world-bank", "World Bank Indicators"),
    ("un-sdg", "UN Global SDG Indicators Database"),
    ("unsd", "UNdata (UN Statistics Division)"),
    ("who", "WHO Global Health Observatory"),
    ("sdmx", _("another SDMX service")),
]
"""Services that can be asked, by their names in the library."""
ANY_SDMX = "sdmx"
CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.,-]*")
"""A code of a series or an area as the services have them."""
LARGEST_MAPPING = 100_000
"""Bytes a column mapping may have; the longest known has some 3,000."""


class DatasetForm(NamesForm):
    """What a dataset is."""

    slug = forms.SlugField(
        label=_("Short name"),
        max_length=60,
        help_text=_("Part of addresses, such as time-use-2024. It stays as it is."),
    )
    content = forms.ChoiceField(
        label=_("Content"),
        choices=Dataset.Content.choices,
        initial=Dataset.Content.FIGURES,
        required=False,
        help_text=_("What its versions hold. It stays as it is."),
    )
    framework = forms.ChoiceField(
        label=_("Indicator set"),
        required=False,
        help_text=_("Whose keys the figures have as INDICATOR. None: codes of their source."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Dataset.Kind.choices,
        help_text=_("Third-party data are appraised before they are reviewed."),
    )
    producer = forms.ModelChoiceField(
        label=_("Producer"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("The page “Organisations” lists all, and says who adds one that is missing."),
    )
    licence = forms.CharField(
        label=_("Licence"),
        max_length=200,
        required=False,
        help_text=_("Such as CC-BY-4.0, or in the producer's words."),
    )
    source_url = forms.URLField(
        label=_("Address of the source"), max_length=500, required=False, assume_scheme="https"
    )
    field_order = ("content", "framework", "kind", "slug", "producer")

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        frameworks: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["producer"].queryset = organisations
        self.fields["framework"].choices = [("", _("none")), *((a, a) for a in frameworks)]

    def clean(self) -> dict[str, Any]:
        """Refuse third-party data that are no figures: the appraisal asks about figures."""
        given = super().clean()
        given["content"] = given.get("content") or Dataset.Content.FIGURES
        third_party = given.get("kind") == Dataset.Kind.THIRD_PARTY
        if third_party and given["content"] != Dataset.Content.FIGURES:
            self.add_error("kind", _("Only figures can be third-party data."))
        return given

    def described(self) -> Description:
        """Return the description for the action."""
        given = self.cleaned_data
        return Description(
            slug=given["slug"],
            titles=given["names"],
            kind=Dataset.Kind(given["kind"]),
            content=Dataset.Content(given["content"]),
            framework=given["framework"],
            producer=given["producer"],
            licence=given["licence"],
            source_url=given["source_url"],
        )


SENT = {
    Dataset.Content.FRAMEWORK: _("A framework file (TOML)."),
    Dataset.Content.HANDBOOK: _("A handbook file (JSON), as “everycount handbook” writes it."),
    Dataset.Content.INDEX: _(
        "A zip file with method.toml and observations.csv, and if there are any units.csv and "
        "sources.csv. The index is built and audited here."
    ),
    Dataset.Content.POLICY: _("A review file (JSON), as “everycount policy” writes it."),
    Dataset.Content.SURVEY: _(
        "A zip file with survey.toml, estimates.csv and estimates.trace.json, as “everycount "
        "survey disaggregate” writes them. Never microdata."
    ),
}
"""What is sent for a content that is not figures."""


class MappingForm(forms.Form):
    """A form with a column mapping."""

    mapping = forms.FileField(
        label=_("Column mapping"),
        required=False,
        help_text=_("A TOML file that says what the columns are, if the file does not itself."),
    )

    def clean_mapping(self) -> str:
        """Return the text of the mapping, empty if there is none; a check reads it."""
        file: UploadedFile | None = self.cleaned_data["mapping"]
        if file is None:
            return ""
        if file.size > LARGEST_MAPPING:
            raise forms.ValidationError(_("A column mapping is a short TOML file."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("Expected a TOML file, which is UTF-8.")) from error


class CheckForm(MappingForm):
    """How a file that was sent is to be read this time."""

    without = forms.BooleanField(
        label=_("Read it without the column mapping that was sent along."), required=False
    )

    def __init__(self, *args: Any, version: DatasetVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = dict(version.options)
        if not version.dataset.has_figures or FETCHED in self.kept:
            del self.fields["mapping"]
        if not self.kept.get("mapping"):
            del self.fields["without"]

    def clean(self) -> dict[str, Any]:
        """Refuse to read with a mapping and without one."""
        given = super().clean() or self.cleaned_data
        if given.get("mapping") and given.get("without"):
            self.add_error("without", _("Choose one: a new column mapping, or none."))
        return given

    def options(self) -> dict[str, Any] | None:
        """Return how the file is to be read now; None if nothing changes."""
        given = self.cleaned_data
        if given.get("mapping"):
            return {**self.kept, "mapping": given["mapping"]}
        if given.get("without"):
            return {name: said for name, said in self.kept.items() if name != "mapping"}
        return None


class SubmissionForm(MappingForm):
    """A file of figures, or of what else a dataset holds."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV, Excel, SDMX or another format that is known; up to 2 GB."),
    )
    reason = forms.CharField(
        label=_("Why there is a new version"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    field_order = ("file", "mapping", "reason")

    def __init__(self, *args: Any, dataset: Dataset, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]
        if not dataset.has_figures:
            del self.fields["mapping"]
            self.fields["file"].help_text = SENT[Dataset.Content(dataset.content)]

    def clean_file(self) -> UploadedFile:
        """Refuse a file beyond what a page takes."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size > settings.LARGEST_FILE:
            raise forms.ValidationError(
                _("The file has %(size)d MB; a page takes up to %(most)d MB."),
                params={"size": file.size // 2**20, "most": settings.LARGEST_FILE // 2**20},
            )
        return file


class FetchForm(forms.Form):
    """What is asked of which service."""

    service = forms.ChoiceField(label=_("Service"), choices=SERVICES)
    codes = forms.CharField(
        label=_("Series"),
        max_length=2000,
        help_text=_(
            "Codes as the service has them, with spaces between: SG.GEN.PARL.ZS. Of SDMX services "
            "dataflows: AGENCY,FLOW,VERSION."
        ),
    )
    areas = forms.CharField(
        label=_("Areas"),
        max_length=2000,
        required=False,
        help_text=_("Codes as the service has them, with spaces between. Empty: all."),
    )
    first = forms.IntegerField(label=_("From year"), min_value=1800, max_value=2200, required=False)
    last = forms.IntegerField(label=_("To year"), min_value=1800, max_value=2200, required=False)
    address = forms.CharField(
        label=_("Address of the SDMX service"),
        max_length=500,
        required=False,
        help_text=_("Only for another SDMX service; an administrator lists the hosts allowed."),
    )
    key = forms.RegexField(
        r"^[\w.+*-]*$",
        label=_("Key of the SDMX query"),
        max_length=500,
        required=False,
        help_text=_("Such as A..F. Empty: all."),
    )
    reason = forms.CharField(
        label=_("Why there is a new version"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]

    def clean_codes(self) -> tuple[str, ...]:
        """Return the codes one by one."""
        return _codes(self.cleaned_data["codes"])

    def clean_areas(self) -> tuple[str, ...]:
        """Return the areas one by one."""
        return _codes(self.cleaned_data["areas"])

    def clean(self) -> dict[str, Any]:
        """Demand an address where one is needed, and years in their order."""
        given = super().clean() or self.cleaned_data
        is_any = given.get("service") == ANY_SDMX
        if is_any and not given.get("address"):
            self.add_error("address", _("Give the address of the service."))
        if not is_any and (given.get("address") or given.get("key")):
            field = "address" if given.get("address") else "key"
            self.add_error(field, _("Leave it empty: this service has an address of its own."))
        first, last = given.get("first"), given.get("last")
        if first is not None and last is not None and first > last:
            self.add_error("last", _("It is before the first year."))
        return given

    def request(self) -> Request:
        """Return the request for the action."""
        return Request(**self.cleaned_data)


def _codes(text: str) -> tuple[str, ...]:
    """Return codes that stand in a text, each once; anything that could steer an address is none.

    Raises
    ------
    ValidationError
        With the first that is no code.
    """
    codes = tuple(dict.fromkeys(text.split()))
    for code in codes:
        if not CODE.fullmatch(code) or ".." in code:
            raise forms.ValidationError(
                _("“%(code)s” is no code: letters, figures and . , _ - alone."),
                params={"code": code},
            )
    return codes


class ReviewForm(forms.Form):
    """What a second reader says."""

    outcome = forms.ChoiceField(
        label=_("Decision"), choices=Review.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Needed if the version is sent back: what is to be put right."),
    )


class WithdrawalForm(forms.Form):
    """Why a version is withdrawn, and what becomes of its file."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The version's page will show it."),
    )
    file = forms.ChoiceField(
        label=_("The file"),
        choices=[
            ("keep", _("keep it, so that what was published can still be told")),
            ("remove", _("remove it for good, such as one that held personal data")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class ReleaseForm(forms.Form):
    """What is released, and when."""

    title = forms.CharField(label=_("Title"), max_length=200)
    note = forms.CharField(
        label=_("Note"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
    versions = forms.ModelMultipleChoiceField(
        label=_("Versions"),
        queryset=DatasetVersion.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Approved ones, and those released before that stay in the release."),
    )
    embargoed_until = forms.DateTimeField(
        label=_("Embargoed until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In UTC. Empty: released at once."),
    )

    def __init__(self, *args: Any, versions: QuerySet[DatasetVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["versions"].queryset = versions

    @property
    def until(self) -> datetime | None:
        """Return the end of the embargo, if there is one."""
        return self.cleaned_data["embargoed_until"]
