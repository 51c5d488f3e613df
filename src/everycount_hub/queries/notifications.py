"""What people were told."""

from everycount_hub.models import Notification, User

SHOWN = 100  # newest messages on the page; older ones are seldom asked for


def unread_count(user: User) -> int:
    """Return how many messages a person has not read."""
    return Notification.objects.filter(to=user, read_at__isnull=True).count()


def latest(user: User, *, limit: int = SHOWN) -> list[Notification]:
    """Return the newest messages to a person."""
    return list(Notification.objects.filter(to=user)[:limit])
