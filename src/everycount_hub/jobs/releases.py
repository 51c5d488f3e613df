"""Publishing what was embargoed."""

from collections.abc import Mapping

from everycount_hub.actions import releases
from everycount_hub.jobs import Record, Say
from everycount_hub.models import Release


def publish_release(say: Say, *, release: int) -> Record:
    """Publish a release whose embargo has ended; one that was called off stays so."""

    def record() -> Mapping[str, object]:
        published = releases.publish_due(release=Release.objects.get(pk=release))
        return {"release": published.pk, "state": published.state}

    say(0.0, "Publishing")
    return record
