"""Rows and their constraints, one module a table."""

from everycount_hub.models.api_token import ApiToken
from everycount_hub.models.appraisal import Appraisal, AppraisalDraft
from everycount_hub.models.audit_event import AuditEvent, AuditHead
from everycount_hub.models.dataset import Dataset
from everycount_hub.models.dataset_version import DatasetVersion
from everycount_hub.models.edition import Edition
from everycount_hub.models.job import Job
from everycount_hub.models.membership import Membership
from everycount_hub.models.notification import Notification
from everycount_hub.models.organisation import Organisation
from everycount_hub.models.release import Release, ReleaseVersion
from everycount_hub.models.review import Review
from everycount_hub.models.user import User
from everycount_hub.models.workspace import Workspace

__all__ = [
    "ApiToken",
    "Appraisal",
    "AppraisalDraft",
    "AuditEvent",
    "AuditHead",
    "Dataset",
    "DatasetVersion",
    "Edition",
    "Job",
    "Membership",
    "Notification",
    "Organisation",
    "Release",
    "ReleaseVersion",
    "Review",
    "User",
    "Workspace",
]
