"""The account that lets the others in."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from everycount.errors import InputError, Problem
from everycount_hub.actions.accounts import open_account, password_link
from everycount_hub.actions.memberships import grant
from everycount_hub.errors import ActionRefused
from everycount_hub.permissions import Role


def make_administrator(email: str, *, name: str, password: str | None) -> str | None:
    """Let an account administer the hub; return the link to set a password if it has none.

    Raises
    ------
    InputError
        If the address or the password will not do, or the account administers the hub already.
    """
    problems = [*_faults(email, password)]
    if problems:
        raise InputError("the account", problems)
    account = open_account(email=email, by=None, name=name, password=password)
    try:
        grant(user=account, workspace=None, role=Role.ADMINISTRATOR, by=None)
    except ActionRefused as error:
        problem = Problem(email, str(error), "an account without this role")
        raise InputError("the account", [problem]) from error
    return None if account.has_usable_password() else password_link(account)


def _faults(email: str, password: str | None) -> list[Problem]:
    """Return what is wrong with an address and a password, all of it."""
    problems = []
    try:
        validate_email(email)
    except ValidationError:
        problems.append(Problem("ADDRESS", repr(email), "an e-mail address"))
    if password is not None:
        try:
            validate_password(password)
        except ValidationError as error:
            expected = "a password of at least 12 characters that few people use"
            problems.append(Problem("the password", " ".join(error.messages), expected))
    return problems
