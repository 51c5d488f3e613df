"""What pages show of organisations."""

from datetime import date

from django.db.models import Q, QuerySet

from everycount_hub.models import Organisation


def organisations_on(day: date) -> QuerySet[Organisation]:
    """Return the organisations that exist on a day."""
    return Organisation.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
    )


def all_organisations() -> list[Organisation]:
    """Return every organisation with what it came from, those that exist first."""
    rows = Organisation.objects.prefetch_related("predecessors", "successors")
    return sorted(rows, key=lambda each: (each.valid_to is not None, str(each).casefold()))
