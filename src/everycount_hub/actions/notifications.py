"""Telling people: a row for the workbench now, a mail from the worker soon after."""

from datetime import datetime
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from everycount_hub.actions.audit import name_of
from everycount_hub.models import Notification, User


def notify(
    *, to: User, verb: str, target: models.Model | str, text: str | Promise, link: str = ""
) -> Notification:
    """Tell a person something, in their language if `text` is a lazy translation.

    It is safe inside the action's transaction: no mail leaves from here, so a rollback takes
    the notification back too.

    Parameters
    ----------
    to : User
        Who is told.
    verb : str
        What was done, as in the audit log.
    target : Model or str
        To what.
    text : str or lazy str
        One or two sentences.
    link : str, optional
        The page to look at, beginning with ``/``.
    """
    with translation.override(to.language or settings.LANGUAGE_CODE):
        words = str(text)
    return Notification.objects.create(
        to=to,
        verb=verb,
        target=name_of(target),
        text=words,
        link=link,
        created_at=timezone.now(),
    )


@transaction.atomic
def mark_read(*, to: User, at: datetime | None = None) -> int:
    """Mark all messages to a person as read; return how many were not."""
    waiting = Notification.objects.filter(to=to, read_at__isnull=True)
    return waiting.update(read_at=at or timezone.now())


def mail_waiting(*, limit: int = 100) -> int:
    """Send what waits by mail; return how many left.

    Each is marked in its own transaction after it left: a crash in between sends one twice and
    loses none. People without a working account get none.
    """
    waiting = Notification.objects.filter(mailed_at__isnull=True).order_by("created_at", "pk")
    keys = list(waiting.values_list("pk", flat=True)[:limit])
    return sum(map(_mail, keys))


@transaction.atomic
def _mail(key: int) -> bool:
    """Send one message, unless another process does or did; tell whether it left."""
    lock = partial(Notification.objects.select_for_update, of=("self",), skip_locked=True)
    message = lock().select_related("to").filter(pk=key, mailed_at__isnull=True).first()
    if message is None:
        return False
    if message.to.is_active:
        try:
            _letter(message).send()
        except (OSError, SMTPException):
            # The relay is away: the message waits for the next round, and so do those after it.
            return False
    message.mailed_at = timezone.now()
    message.save(update_fields=["mailed_at"])
    return message.to.is_active


def _letter(message: Notification) -> EmailMessage:
    """Return the mail of a notification."""
    with translation.override(message.to.language or settings.LANGUAGE_CODE):
        subject = _("Everycount: %(text)s") % {"text": _shortened(message.text)}
    link = f"\n\n{settings.PUBLIC_URL}{message.link}" if message.link else ""
    return EmailMessage(subject=subject, body=f"{message.text}{link}\n", to=[message.to.email])


def _shortened(text: str, length: int = 70) -> str:
    """Return the first line of a text, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0] + "…"
