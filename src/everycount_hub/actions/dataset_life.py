"""The life of a dataset version: which state may follow which, and how one is entered."""

from enum import StrEnum, auto

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount_hub.actions.audit import record
from everycount_hub.actions.notifications import notify
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Dataset, DatasetVersion, User
from everycount_hub.permissions import Permission, people_with

State = DatasetVersion.State


class Step(StrEnum):
    """What happens to a version."""

    CHECK_AGAIN = auto()
    PASS_CHECK = auto()
    FAIL_CHECK = auto()
    ACCEPT = auto()
    DECLINE = auto()
    FIND_FIT = auto()
    SEND_BACK = auto()
    APPROVE = auto()
    EMBARGO = auto()
    RELEASE = auto()
    PUBLISH = auto()
    CALL_OFF = auto()
    WITHDRAW = auto()


LIFE: dict[Step, tuple[frozenset[State], State]] = {
    Step.CHECK_AGAIN: (frozenset({State.SUBMITTED, State.FAULTY}), State.SUBMITTED),
    Step.PASS_CHECK: (frozenset({State.SUBMITTED}), State.CHECKED),
    Step.FAIL_CHECK: (frozenset({State.SUBMITTED}), State.FAULTY),
    Step.ACCEPT: (frozenset({State.CHECKED, State.APPRAISED, State.DECLINED}), State.APPRAISED),
    Step.DECLINE: (frozenset({State.CHECKED, State.APPRAISED, State.DECLINED}), State.DECLINED),
    Step.FIND_FIT: (frozenset({State.CHECKED, State.APPRAISED}), State.REVIEWED),
    Step.SEND_BACK: (frozenset({State.CHECKED, State.APPRAISED, State.REVIEWED}), State.RETURNED),
    Step.APPROVE: (frozenset({State.REVIEWED}), State.APPROVED),
    Step.EMBARGO: (frozenset({State.APPROVED}), State.EMBARGOED),
    Step.RELEASE: (frozenset({State.APPROVED}), State.RELEASED),
    Step.PUBLISH: (frozenset({State.EMBARGOED}), State.RELEASED),
    Step.CALL_OFF: (frozenset({State.EMBARGOED}), State.APPROVED),
    Step.WITHDRAW: (frozenset(State) - {State.EMBARGOED, State.WITHDRAWN}, State.WITHDRAWN),
}
"""From which states a step leads to which. A version sent back is not mended but followed by
another; an embargoed one is withdrawn by calling off its release first; one that was declined may
be appraised again, which is the appeal."""

NEXT: dict[State, Promise] = {
    State.SUBMITTED: gettext_lazy("Wait until its check is done."),
    State.FAULTY: gettext_lazy("Put its faults right and send the file as the next version."),
    State.CHECKED: gettext_lazy("It is to be reviewed next."),
    State.APPRAISED: gettext_lazy("It is to be reviewed next."),
    State.DECLINED: gettext_lazy("Appraise it again, or send the figures as the next version."),
    State.REVIEWED: gettext_lazy("It is to be approved next."),
    State.RETURNED: gettext_lazy("Put right what the review says and send it as the next version."),
    State.APPROVED: gettext_lazy("It can be released; a correction is sent as the next version."),
    State.EMBARGOED: gettext_lazy("Call off its release first."),
    State.RELEASED: gettext_lazy("What was released stays: send a correction as the next version."),
    State.WITHDRAWN: gettext_lazy("That is for good: send the figures as the next version."),
}
"""What is sensible to do with a version in a state; told where another step was asked for."""
TO_APPRAISE = gettext_lazy("It is to be appraised next.")
"""In the place of a review, for third-party data that are checked."""


def lock(version: DatasetVersion) -> DatasetVersion:
    """Return a version as it is now, held until the transaction ends."""
    held = DatasetVersion.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "dataset__workspace", "author", "submitted_by"
    )
    return held.get(pk=version.pk)


def enter(version: DatasetVersion, step: Step) -> None:
    """Take a step with a locked version.

    Raises
    ------
    ActionRefused
        If the step is not open to it in the state it is in.
    """
    demand_open(version, step)
    version.state = LIFE[step][1]


def demand_open(version: DatasetVersion, step: Step) -> None:
    """Make sure that a step is open to a version in the state it is in.

    Raises
    ------
    ActionRefused
        If it is not.
    """
    before, after = LIFE[step]
    now = State(version.state)
    if now in before:
        return
    if now == after:
        words = _("“{version}” is {now} already. {next}")
    else:
        words = _("“{version}” is {now}, so it cannot become {after}. {next}")
    third_party = version.dataset.kind == Dataset.Kind.THIRD_PARTY
    following = TO_APPRAISE if now == State.CHECKED and third_party else NEXT[now]
    raise ActionRefused(
        words.format(version=version, now=now.label, after=after.label, next=following)
    )


def refuse_own(version: DatasetVersion, by: User, doing: str) -> None:
    """Refuse that a person decides about figures they wrote or sent."""
    if by.pk in {version.author_id, version.submitted_by_id}:
        raise ActionRefused(
            _("You wrote or sent “{version}”: somebody else has to {doing} it.").format(
                version=version, doing=doing
            )
        )


def log(
    version: DatasetVersion, verb: str, *, by: User | None, note: str = "", **facts: object
) -> None:
    """Record what happened to a version."""
    about = {
        "dataset": version.dataset.slug,
        "number": version.number,
        "digest": version.digest,
        **facts,
    }
    record(
        by=by,
        verb=f"dataset_version.{verb}",
        target=version,
        workspace=version.dataset.workspace,
        note=note,
        facts=about,
        at=timezone.now(),
    )


def tell(
    version: DatasetVersion,
    verb: str,
    text: str | Promise,
    *,
    able_to: Permission | None = None,
    but: User | None = None,
) -> None:
    """Tell those who wrote and sent a version, and those who can do what comes next."""
    people = {version.author_id: version.author, version.submitted_by_id: version.submitted_by}
    if able_to is not None:
        workspace = version.dataset.workspace
        people |= {each.pk: each for each in people_with(able_to, workspace=workspace)}
    for key in sorted(people):
        if but is None or key != but.pk:
            notify(
                to=people[key],
                verb=f"dataset_version.{verb}",
                target=version,
                text=text,
                link=version.get_absolute_url(),
            )
