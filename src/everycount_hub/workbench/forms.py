"""Forms of the workbench."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from everycount_hub.languages import offered
from everycount_hub.models import Organisation, User, Workspace
from everycount_hub.permissions import Role

AREA = RegexValidator(r"^[A-Z0-9_-]{2,20}$", _("Expected a code such as VNM or VN-01."))


def language_choices() -> list[tuple[str, str]]:
    """Return the languages of the hub, each called by its own name."""
    return [(code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES]


def offered_choices() -> list[tuple[str, str]]:
    """Return the languages in which the workbench can be read, each called by its own name."""
    return [(code, name) for code, name in language_choices() if code in offered()]


class NamesForm(forms.Form):
    """A form with a name in each language of the hub; at least one is needed."""

    def __init__(self, *args: Any, names: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in language_choices():
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name, %(language)s") % {"language": label},
                max_length=200,
                required=False,
                initial=(names or {}).get(code, ""),
                widget=forms.TextInput({"lang": code, "dir": "auto"}),
            )

    def clean(self) -> dict[str, Any]:
        """Gather the names by language."""
        given = super().clean() or self.cleaned_data
        codes = [code for code, _ in settings.LANGUAGES]
        names = {code: given.get(f"name_{code}", "").strip() for code in codes}
        given["names"] = {code: name for code, name in names.items() if name}
        if not given["names"]:
            raise forms.ValidationError(_("Give a name in at least one language."))
        return given


class WorkspaceForm(NamesForm):
    """How a workspace is called and who sees it."""

    area = forms.CharField(
        label=_("Area code"),
        required=False,
        validators=[AREA],
        help_text=_("As in the data: VNM for Viet Nam. A network may leave it empty."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=language_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which names and metadata are kept."),
    )
    is_public = forms.BooleanField(label=_("Show it on the portal"), required=False)

    def __init__(self, *args: Any, workspace: Workspace | None = None, **kwargs: Any) -> None:
        if workspace is not None:
            initial = {
                "area": workspace.area,
                "languages": workspace.languages,
                "is_public": workspace.is_public,
            }
            kwargs = {**kwargs, "names": workspace.names, "initial": initial}
        super().__init__(*args, **kwargs)


class NewWorkspaceForm(WorkspaceForm):
    """A new workspace: also its kind and the short name in its address."""

    slug = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Part of addresses, such as viet-nam. It stays as it is."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Workspace.Kind.choices)
    field_order = ("kind", "slug", "area")


class InvitationForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("Used if the address has no account yet."),
    )
    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.ModelChoiceField(
        label=_("Acts for"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("nobody but themselves"),
    )
    note = forms.CharField(label=_("Why"), max_length=500, required=False)

    def __init__(
        self,
        *args: Any,
        roles: Iterable[Role],
        organisations: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
        self.fields["organisation"].queryset = organisations

    def clean_role(self) -> Role:
        """Return the role itself."""
        return Role(self.cleaned_data["role"])


class NoteForm(forms.Form):
    """Why something is done."""

    note = forms.CharField(label=_("Why"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    note = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("Stays in the audit log for good: no names or other personal data."),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account


class ForgetForm(ReasonForm):
    """What cannot be undone also asks for the address of the account."""

    email = forms.CharField(
        label=_("Address of the account"),
        max_length=254,
        help_text=_("Type it, so that the right person is forgotten."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        """Compare the address."""
        given: str = self.cleaned_data["email"].strip().lower()
        if given != self.account.email.lower():
            raise forms.ValidationError(_("This is not the address of this account."))
        return given


class ProfileForm(forms.Form):
    """How a person is called and addressed."""

    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=offered_choices)

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        initial = {
            "name": account.name,
            "language": account.language or settings.LANGUAGE_CODE,
        }
        super().__init__(*args, initial=initial, **kwargs)


class ApiTokenForm(forms.Form):
    """A token by which programs send figures."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=100,
        help_text=_("Such as the program or the computer that will use it."),
    )
    workspace = forms.ModelChoiceField(label=_("Workspace"), queryset=Workspace.objects.none())
    days = forms.ChoiceField(
        label=_("Valid for"),
        choices=[("30", _("a month")), ("90", _("three months")), ("365", _("a year"))],
        initial="90",
    )

    def __init__(self, *args: Any, places: QuerySet[Workspace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workspace"].queryset = places
