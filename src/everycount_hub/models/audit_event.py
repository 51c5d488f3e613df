"""The audit log: what was done, by whom and why, in one chain."""

from typing import ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(models.QuerySet["AuditEvent"]):
    """Reads, and adds one by one through `actions.audit.record`."""

    def update(self, **kwargs: object) -> NoReturn:  # noqa: ARG002 - Django's signature
        """Refuse."""
        raise TypeError("events of the audit log are never changed")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise TypeError("events of the audit log are never deleted")


class AuditEvent(models.Model):
    """One thing done. Written by `actions.audit.record` alone, and never changed.

    `digest` is the SHA-256 of the event's canonical JSON, which holds the digest of the event
    before it; `position` counts from 1 without gaps. People stand in it by number, so that
    personal data can be emptied without breaking the chain.
    """

    position = models.BigIntegerField(_("position"), unique=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verb = models.CharField(_("what was done"), max_length=60)
    target = models.CharField(_("to what"), max_length=200)
    workspace = models.ForeignKey(
        "Workspace", on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    previous = models.CharField(_("digest of the event before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64, unique=True)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "position"], name="audit_event_workspace"),
            models.Index(fields=["target", "position"], name="audit_event_target"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.verb} {self.target}"

    def save(self, **kwargs: object) -> None:  # noqa: ARG002 - Django's signature
        """Add the event; an event that exists stays as it is."""
        if not self._state.adding:
            raise TypeError("events of the audit log are never changed")
        super().save(force_insert=True)

    def delete(self, **kwargs: object) -> NoReturn:  # noqa: ARG002 - Django's signature
        """Refuse."""
        raise TypeError("events of the audit log are never deleted")


class AuditHead(models.Model):
    """The end of the chain: one row, locked by whoever adds the next event."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="audit_head_one", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.digest}"
