"""The Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EverycountHub(AppConfig):
    """Everycount's hub."""

    name = "everycount_hub"
    verbose_name = "Everycount"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard the audit log anew after every migration, which may have rebuilt its table."""
        # Models must be ready before these are imported.
        from everycount_hub import sign_in_events  # noqa: F401, PLC0415
        from everycount_hub.audit_guard import after_migrate  # noqa: PLC0415

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="audit_guard")
