"""Editions: what the portal shows, made from what is published and from nothing else."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Edition(models.Model):
    """One edition of the portal; the newest row is the one that is shown.

    `digest` is that of everything the edition was made from, and the name of its folder. The
    folder can be made again from the store at any time, so a backup does without it.
    """

    digest = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField()
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.digest[:12]
