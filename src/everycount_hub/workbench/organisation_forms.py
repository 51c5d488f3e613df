"""Forms about organisations."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from everycount_hub.actions.organisations import Description
from everycount_hub.models import Membership, Organisation
from everycount_hub.workbench.forms import NamesForm

COUNTRY = RegexValidator(r"^[A-Z]{3}$", _("Expected the three letters of ISO 3166, such as VNM."))
STAY, NOBODY = "stay", "nobody"
"""Choices for a person who acted for an organisation, beside those that follow it."""


class DescriptionForm(NamesForm):
    """What an organisation is called and is."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    acronym = forms.CharField(label=_("Acronym"), max_length=40, required=False)
    country = forms.CharField(
        label=_("Country"),
        required=False,
        validators=[COUNTRY],
        help_text=_("Three letters, such as VNM; empty for an international body."),
    )
    field_order = ("kind", "acronym", "country")

    def __init__(self, *args: Any, like: Organisation | None = None, **kwargs: Any) -> None:
        if like is not None:
            initial = {"kind": like.kind, "acronym": like.acronym, "country": like.country}
            kwargs = {**kwargs, "names": like.names, "initial": initial}
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name.startswith("name_")]
        self.order_fields([*self.field_order, *names])

    def described(self) -> Description:
        """Return the description for the action."""
        given = self.cleaned_data
        return Description(
            names=given["names"],
            kind=Organisation.Kind(given["kind"]),
            acronym=given["acronym"],
            country=given["country"],
        )


class NewOrganisationForm(DescriptionForm):
    """An organisation that was not in the list."""

    on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Empty if it has been there as long as anyone knows."),
    )


class WhyForm(forms.Form):
    """Why, in words that stay."""

    note = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("Such as the law or decree. It stays in the history and the audit log."),
    )


class CorrectionForm(DescriptionForm, WhyForm):
    """What was written down wrongly."""


class DayForm(WhyForm):
    """From which day on something changes, and why."""

    on = forms.DateField(
        label=_("From which day on"),
        widget=forms.DateInput({"type": "date"}),
        help_text=_("The first day of the new order; the day before is the last of the old."),
    )
    field_order = ("on", "note")


class SuccessionForm(DescriptionForm, DayForm):
    """What an organisation is called from a day on."""

    field_order = ("on", "note", "kind", "acronym", "country")


class MergerForm(SuccessionForm):
    """With which others an organisation becomes one."""

    others = forms.ModelMultipleChoiceField(
        label=_("Merges with"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("others", *SuccessionForm.field_order)

    def __init__(self, *args: Any, others: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = others


class PlacesForm(WhyForm):
    """For whom each person acts who acted for an organisation."""

    def __init__(
        self,
        *args: Any,
        people: Iterable[Membership],
        successors: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.successors = list(people), {each.pk: each for each in successors}
        choices = [
            (STAY, _("leave as it is")),
            *((str(key), str(each)) for key, each in self.successors.items()),
            (NOBODY, _("nobody but themselves")),
        ]
        for each in self.people:
            place = each.workspace or _("the whole hub")
            self.fields[f"role-{each.pk}"] = forms.ChoiceField(
                label=f"{each.user}, {each.get_role_display()}, {place}", choices=choices
            )

    def moves(self) -> dict[int, Organisation | None]:
        """Return for whom each acts from now on, by the number of the role."""
        given = {each.pk: self.cleaned_data[f"role-{each.pk}"] for each in self.people}
        return {
            key: None if choice == NOBODY else self.successors[int(choice)]
            for key, choice in given.items()
            if choice != STAY
        }


def day_of(form: DayForm) -> date:
    """Return the first day of the new order."""
    day: date = form.cleaned_data["on"]
    return day
