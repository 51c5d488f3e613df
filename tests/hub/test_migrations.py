"""The migrations make the tables that the models describe."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", "everycount_hub", check=True, dry_run=True)
    assert "No changes detected" in capsys.readouterr().out
