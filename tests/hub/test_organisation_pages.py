"""Pages of organisations: adding, correcting, new names, mergers, splits, ends, and the history."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from everycount_hub.actions import memberships, organisations
from everycount_hub.actions.organisations import Description
from everycount_hub.models import AuditEvent, Organisation
from everycount_hub.permissions import HUB_ROLES, Role
from everycount_hub.queries.organisations import history_of
from everycount_hub.workbench.organisations import CHANGES

pytestmark = pytest.mark.django_db
DAY = "2025-03-01"


@pytest.fixture
def client(make_member):
    client = Client()
    client.force_login(make_member(None, Role.SECRETARIAT))
    return client


def office(name, **given):
    described = Description(names={"en": name}, kind=Organisation.Kind.MINISTRY, country="VNM")
    return organisations.add(described=described, by=None, **given)


def text_of(answer):
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'"))


def page(organisation, name=""):
    address = f"organisation_{name}" if name else "organisation"
    return reverse(address, args=[organisation.pk])


def sent(**given):
    return {"kind": "ministry", "country": "VNM", "on": DAY, "note": "Decree 29/2025", **given}


def test_an_organisation_is_added_and_shown(client):
    given = {"kind": "ministry", "acronym": "MOHA", "country": "VNM", "name_en": "Home Affairs"}
    answer = client.post(reverse("organisations"), {**given, "on": "1945-08-28"}, follow=True)
    shown = text_of(answer)
    assert "Home Affairs (MOHA)" in shown
    assert "Began: Home Affairs" in shown
    assert "28 August 1945" in shown
    refused = client.post(reverse("organisations"), {"kind": "ministry", "country": "Viet Nam"})
    assert refused.status_code == 422
    assert "three letters of ISO 3166" in text_of(refused)
    assert "Give a name in at least one language." in text_of(refused)


def test_a_mistake_is_corrected_with_a_reason(client):
    typo = office("Minstry")
    asked = client.get(page(typo, "correct")).content.decode()
    assert 'value="Minstry"' in asked
    assert client.post(page(typo, "correct"), sent(name_en="Ministry", note="")).status_code == 422
    shown = text_of(client.post(page(typo, "correct"), sent(name_en="Ministry"), follow=True))
    assert "Saved." in shown
    assert str(Organisation.objects.get()) == "Ministry"
    event = AuditEvent.objects.latest("position")
    assert (event.verb, event.note) == ("organisation.corrected", "Decree 29/2025")


def test_a_new_name_holds_from_a_day_on(client, workspace, make_user):
    old = office("General Statistics Office")
    member = memberships.grant(
        user=make_user(), workspace=workspace, role=Role.PRODUCER, by=None, organisation=old
    )
    answer = client.post(page(old, "rename"), sent(name_en="National Statistics Office"))
    new = Organisation.objects.get(predecessors=old)
    assert answer["Location"] == page(new)
    member.refresh_from_db()
    assert member.organisation == new
    words = "New name: General Statistics Office → became National Statistics Office"
    for each in (old, new):
        shown = text_of(client.get(page(each)))
        assert words in shown
        assert "1 March 2025" in shown
        assert "Decree 29/2025" in shown
    before = text_of(client.get(page(old)))
    assert "It existed until 28 February 2025. In its place: National Statistics Office" in before
    assert "Merge with others" not in before
    again = client.post(page(old, "rename"), sent(name_en="X"))
    assert again.status_code == 422
    assert "ended on 2025-02-28 already" in text_of(again)


def test_several_merge(client):
    home, labour = office("Home Affairs"), office("Labour", valid_from=date(2020, 1, 1))
    gone = organisations.end(organisation=office("Gone"), on=date(2019, 1, 1), by=None)
    choices = text_of(client.get(page(home, "merge")))
    assert "Labour" in choices
    assert "Gone" not in choices
    given = sent(name_en="Home Affairs and Labour", others=[labour.pk])
    for change, words in (
        ({"others": []}, "This field is required"),
        ({"others": [gone.pk]}, "is not one of the available choices"),
        ({"on": "2019-01-01"}, "“Labour” began on 2020-01-01; the change must come later."),
        ({"on": "soon"}, "Enter a valid date"),
    ):
        refused = client.post(page(home, "merge"), {**given, **change})
        assert refused.status_code == 422
        assert words in text_of(refused)
    assert Organisation.objects.count() == 3
    shown = text_of(client.post(page(home, "merge"), given, follow=True))
    assert "Merger: Home Affairs and Labour → became Home Affairs and Labour" in shown
    assert "Merger:" in text_of(client.get(page(labour)))


def parts(*names, **given):
    described = {
        f"part{number}-{field}": value
        for number, name in enumerate(names)
        for field, value in (("name_en", name), ("kind", "ministry"), ("country", "VNM"))
    }
    return {"on": DAY, "note": "Law 7", "parts": str(len(names)), **described, **given}


def test_one_splits_and_its_people_are_placed(client, workspace, make_user):
    whole = office("Gender and Statistics")
    people = [
        memberships.grant(
            user=make_user(name=name), workspace=workspace, role=role, by=None, organisation=whole
        )
        for name, role in (("Lan", Role.PRODUCER), ("Minh", Role.READER), ("Thu", Role.READER))
    ]
    answer = client.post(page(whole, "split"), parts("Gender", "Statistics"), follow=True)
    shown = text_of(answer)
    assert "Split: Gender and Statistics → became Gender and Statistics" in shown
    assert "3 people still act for it: say for whom now" in shown
    gender, statistics = whole.successors.order_by("pk")
    asked = text_of(client.get(page(whole, "people")))
    assert "Lan, producer, Viet Nam" in asked
    choices = dict(
        zip(people, (str(statistics.pk), "nobody", "stay"), strict=True),
    )
    given = {f"role-{each.pk}": choice for each, choice in choices.items()}
    assert client.post(page(whole, "people"), {**given, "note": ""}).status_code == 422
    stranger = {**given, "note": "x", f"role-{people[0].pk}": str(office("Other").pk)}
    assert client.post(page(whole, "people"), stranger).status_code == 422
    shown = text_of(client.post(page(whole, "people"), {**given, "note": "Law 7"}, follow=True))
    assert "1 person still acts for it" in shown
    for each in people:
        each.refresh_from_db()
    assert [each.organisation for each in people] == [statistics, None, whole]
    event = AuditEvent.objects.latest("position")
    assert (event.verb, event.note) == ("organisation.members_placed", "Law 7")
    assert event.facts["memberships"] == {str(people[0].pk): statistics.pk, str(people[1].pk): None}
    assert "Nobody acts for it." in text_of(client.get(page(gender, "people")))


def test_a_split_asks_for_room_and_keeps_what_was_typed(client):
    whole = office("Whole")
    page_of = client.get(page(whole, "split")).text
    assert page_of.count("<legend>Part") == 2
    more = client.post(page(whole, "split"), parts("One", "Two", more="1"))
    assert more.status_code == 200
    assert more.text.count("<legend>Part") == 3
    assert 'value="Two"' in more.text
    assert "Nothing was saved yet" not in more.text
    most = client.post(page(whole, "split"), parts("One", "Two", more="1", parts="8"))
    assert most.text.count("<legend>Part") == 8
    assert "One more part" not in most.text
    for wrong in ("99", "x", "²", "-1", "1"):
        answer = client.post(page(whole, "split"), parts("One", "", parts=wrong))
        assert answer.status_code == 422
        assert answer.text.count("<legend>Part") in {2, 8}
    faulty = client.post(page(whole, "split"), parts("One", " ", on=""))
    assert "Give a name in at least one language." in text_of(faulty)
    assert "From which day on : This field" in text_of(faulty).replace("on:", "on :")
    done = client.post(page(whole, "split"), parts("One", "Two", "Three"))
    assert done.status_code == 302
    assert whole.successors.count() == 3
    again = client.post(page(whole, "split"), parts("Four", "Five"))
    assert again.status_code == 422
    assert "ended on 2025-02-28 already" in text_of(again)


def test_an_end_is_told(client):
    gone = office("Gone", valid_from=date(2001, 1, 1))
    assert client.post(page(gone, "end"), {"on": "", "note": "x"}).status_code == 422
    shown = text_of(client.post(page(gone, "end"), {"on": DAY, "note": "Law 7"}, follow=True))
    assert "Ended: Gone" in shown
    assert "It existed until 28 February 2025." in shown
    assert "Law 7" in shown


def test_a_history_goes_back_to_the_first_and_on_to_the_last(make_user):
    by = make_user()

    def succeed(name, day, *closed):
        return organisations.succeed(
            organisations=closed,
            described=Description(names={"en": name}),
            on=date.fromisoformat(day),
            by=by,
            note=name,
        )

    first, other = office("First", valid_from=date(1950, 1, 1)), office("Other")
    second = succeed("Second", "1980-01-01", first)
    third = succeed("Third", "2000-01-01", second, other)
    into = [Description(names={"en": name}) for name in ("Left", "Right")]
    made = organisations.split(
        organisation=third, into=into, on=date(2020, 1, 1), by=by, note="Law"
    )
    organisations.end(organisation=made[1], on=date(2024, 1, 1), by=by, note="End")
    unrelated = office("Unrelated", valid_from=date(1990, 1, 1))
    expected = [
        ("1950-01-01", "began", ["First"], ""),
        ("1980-01-01", "renamed", ["Second"], "Second"),
        ("2000-01-01", "merged", ["Third"], "Third"),
        ("2020-01-01", "split", ["Left", "Right"], "Law"),
        ("2024-01-01", "ended", [], "End"),
    ]
    told = [
        (each.on.isoformat(), each.turn, [str(one) for one in each.after], each.why)
        for each in history_of(third)
    ]
    assert told == expected
    merger = history_of(third)[2]
    assert {str(one) for one in merger.before} == {"Second", "Other"}
    assert [each.turn for each in history_of(made[0])] == [
        "began", "renamed", "merged", "split",
    ]  # fmt: skip
    assert [str(each.after[0]) for each in history_of(unrelated)] == ["Unrelated"]
    assert history_of(office("Always")) == []


def test_reasons_are_for_those_who_edit(client, make_user):
    old = office("Old")
    client.post(page(old, "rename"), sent(name_en="New"))
    reader = Client()
    reader.force_login(make_user())
    shown = text_of(reader.get(page(old)))
    assert "New name: Old → became New" in shown
    assert "Decree 29/2025" not in shown
    assert "What can be changed" not in shown


def test_a_page_of_an_organisation_costs_the_same(
    client, workspace, make_user, django_assert_num_queries
):
    organisation = office("First", valid_from=date(1950, 1, 1))
    client.get(page(organisation))
    with django_assert_num_queries(11):
        client.get(page(organisation))
    for number in range(5):
        organisation = organisations.succeed(
            organisations=[organisation],
            described=Description(names={"en": f"Name {number}"}),
            on=date(2000 + number, 1, 1),
            by=make_user(),
        )
        memberships.grant(
            user=make_user(),
            workspace=workspace,
            role=Role.READER,
            by=None,
            organisation=organisation,
        )
    with django_assert_num_queries(11):
        client.get(page(organisation))


@pytest.mark.parametrize(
    ("role", "is_of_hub"),
    [*((role, False) for role in Role), *((role, True) for role in sorted(HUB_ROLES))],
)
def test_organisations_are_changed_by_those_who_run_the_hub_alone(
    role, is_of_hub, workspace, make_member
):
    client, organisation = Client(), office("Office")
    client.force_login(make_member(None if is_of_hub else workspace, role))
    assert client.get(page(organisation)).status_code == 200
    for name in CHANGES:
        status = client.get(page(organisation, name)).status_code
        assert status == (200 if is_of_hub else 403), name
        status = client.post(page(organisation, name), {}).status_code
        assert status == (422 if is_of_hub else 403), name
    organisation.refresh_from_db()
    assert organisation.valid_to is None


def test_organisations_that_are_not_there(client):
    for name in ("", *CHANGES):
        assert client.get(page(type("Nobody", (), {"pk": 10**9}), name)).status_code == 404, name
