"""The one error of the hub that people see."""


class ActionRefused(Exception):
    """The action makes no sense in the present state. Its message is shown to the user."""
