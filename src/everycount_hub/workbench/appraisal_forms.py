"""The form of an appraisal, made from the scheme: gate, levels, evidence, decision."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everycount.model.appraisal import LEVELS, GateAnswer, Score
from everycount.model.appraisal import Appraisal as Answers
from everycount.model.appraisal_scheme import Scheme
from everycount_hub.actions.appraisals import Finding
from everycount_hub.models import Appraisal, DatasetVersion
from everycount_hub.models.wording import wording

GATE = [
    ("", _("open")),
    ("yes", _("yes")),
    ("no", _("no")),
    ("not applicable", _("not applicable")),
]
LEVEL_WORDS = {
    "A0": _("A0 – none"),
    "A1": _("A1 – basic"),
    "A2": _("A2 – enhanced"),
    "A3": _("A3 – comprehensive"),
}
DEGREES = [("low", _("low")), ("medium", _("medium")), ("high", _("high"))]
KINDS = [
    ("administrative", _("administrative registers")),
    ("citizen", _("citizens and their organisations")),
    ("private", _("firms")),
    ("research", _("researchers")),
    ("international", _("international organisations")),
    ("other", _("others")),
]
ABOUT = ("kind", "risk", "profile", "is_sensitive", "indicators")
"""Fields about the data as a whole."""
NAMED = 40
"""Codes a hint names; more would hide the form."""
SAVE, DECIDE = "save", "decide"
"""What the two buttons of the form are called."""


class AnswersForm(forms.Form):
    """What is asked of the data: an answer and its evidence for each question of the scheme."""

    kind = forms.ChoiceField(label=_("Whose data"), choices=KINDS, initial="other")
    risk = forms.ChoiceField(
        label=_("Risk"),
        choices=DEGREES,
        initial="medium",
        help_text=_("How likely it is that something is wrong with the data."),
    )
    profile = forms.ChoiceField(
        label=_("Profile"),
        choices=DEGREES,
        initial="medium",
        help_text=_("How much depends on them: public interest and use."),
    )
    is_sensitive = forms.BooleanField(
        label=_("They are about violence or another matter that can harm people."), required=False
    )

    indicators = forms.CharField(
        label=_("Indicators"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
    )

    def __init__(
        self,
        *args: Any,
        scheme: Scheme,
        version: DatasetVersion,
        codes: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.scheme, self.version, self.codes = scheme, version, codes
        self.fields["indicators"].help_text = _codes_hint(codes)
        levels = [("", _("open")), *((level, LEVEL_WORDS[level]) for level in LEVELS)]
        for listed, begin, choices in (
            (scheme.gate, "gate", GATE),
            (scheme.criteria, "level", levels),
        ):
            for each in listed:
                self.fields[f"{begin}-{each.id}"] = forms.ChoiceField(
                    label=wording(each.title, get_language()),
                    choices=choices,
                    required=False,
                    help_text=wording(each.question, get_language()),
                )
                self.fields[f"{begin}-{each.id}-evidence"] = forms.CharField(
                    label=_("Evidence"),
                    max_length=4000,
                    required=False,
                    widget=forms.Textarea({"rows": 2}),
                )

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields about the data as a whole."""
        return [self[name] for name in ABOUT]

    @property
    def gate(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The questions of the gate, each with its evidence."""
        return [
            (self[f"gate-{each.id}"], self[f"gate-{each.id}-evidence"]) for each in self.scheme.gate
        ]

    @property
    def criteria(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The criteria, each with its evidence."""
        return [
            (self[f"level-{each.id}"], self[f"level-{each.id}-evidence"])
            for each in self.scheme.criteria
        ]

    def clean_indicators(self) -> tuple[str, ...]:
        """Return the codes, in order, if the data have them all."""
        given = sorted(set(re.split(r"[\s,;]+", self.cleaned_data["indicators"])) - {""})
        strangers = [code for code in given if code not in self.codes]
        if strangers:
            raise forms.ValidationError(
                _("The data have no figures of %(codes)s.") % {"codes": ", ".join(strangers)}
            )
        return tuple(given)

    def answers(self) -> Answers:
        """Return the answers as the library has them; questions left open are not among them."""
        given = self.cleaned_data
        dataset = self.version.dataset
        return Answers(
            id=f"{dataset.slug}-{self.version.number}",
            title=wording(dataset.titles, "en"),
            producer=str(dataset.producer or ""),
            kind=given["kind"],
            risk=given["risk"],
            profile=given["profile"],
            is_sensitive=given["is_sensitive"],
            indicators=given["indicators"],
            gate={
                each.id: GateAnswer(answer=answer, evidence=given[f"gate-{each.id}-evidence"])
                for each in self.scheme.gate
                if (answer := given[f"gate-{each.id}"])
            },
            scores={
                each.id: Score(level=level, evidence=given[f"level-{each.id}-evidence"])
                for each in self.scheme.criteria
                if (level := given[f"level-{each.id}"])
            },
        )


class FindingForm(forms.Form):
    """For what third-party data may be used."""

    outcome = forms.ChoiceField(
        label=_("Decision"), choices=Appraisal.Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea({"rows": 4}))
    conditions = forms.CharField(
        label=_("Conditions, or the note shown with every figure"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One on a line."),
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=1000,
        required=False,
        help_text=_("Needed for official data: the law and article."),
    )
    authority = forms.CharField(
        label=_("Authority"),
        max_length=300,
        required=False,
        help_text=_("Needed for official data: who decided under that law."),
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Needed unless the data are declined: after this day they are appraised anew."),
    )

    def finding(self) -> Finding:
        """Return the decision for the action."""
        given = self.cleaned_data
        return Finding(
            outcome=Appraisal.Outcome(given["outcome"]),
            reason=given["reason"],
            conditions=tuple(filter(None, map(str.strip, given["conditions"].splitlines()))),
            legal_basis=given["legal_basis"],
            authority=given["authority"],
            expires_on=given["expires_on"],
        )


def _codes_hint(codes: Collection[str]) -> str:
    """Say what may be written as indicators."""
    named = ", ".join(sorted(codes)[:NAMED])
    more = _(" and %(number)d more") % {"number": len(codes) - NAMED} if len(codes) > NAMED else ""
    words = _(
        "Codes, if the appraisal is about some indicators only; empty for all. The others need "
        "an appraisal of their own before the version goes on. The data have: %(codes)s%(more)s."
    )
    return words % {"codes": named or "–", "more": more}


def initial_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept answers as the fields of the form begin with."""
    begin: dict[str, Any] = {name: form[name] for name in ABOUT if name in form}
    begin["indicators"] = "\n".join(form.get("indicators", ()))
    for kept, start, key in (("gate", "gate", "answer"), ("scores", "level", "level")):
        for name, given in form.get(kept, {}).items():
            begin[f"{start}-{name}"] = given[key]
            begin[f"{start}-{name}-evidence"] = given.get("evidence", "")
    return begin
