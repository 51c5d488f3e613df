"""Gender data analytics: policies, indicator frameworks, surveys, composite indices, audits.

Names are loaded when first used, so that a command need not wait for parts it does not call.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from everycount.audit.audit import Audit
    from everycount.audit.verdict import Verdict
    from everycount.errors import (
        EverycountError,
        InputError,
        MethodError,
        NotFound,
        Problem,
        Unavailable,
    )
    from everycount.index.build import build
    from everycount.index.explanation import Explanation, explain
    from everycount.index.methodology import Methodology
    from everycount.index.result import IndexResult
    from everycount.index.trends import Trend, trend
    from everycount.io.appraisals import read_appraisal
    from everycount.io.audit_run import AuditRun, audit_files, audit_index
    from everycount.io.client import Hub, connect
    from everycount.io.designs import read_design
    from everycount.io.documents import read_document
    from everycount.io.exporters.write import write_dataset
    from everycount.io.fetching.fetch import fetch_dataset
    from everycount.io.fold import fold_to_sdg
    from everycount.io.frameworks import find_framework, load_framework, shipped_frameworks
    from everycount.io.handbooks import read_handbook
    from everycount.io.importers.read import open_dataset, read_dataset
    from everycount.io.index_run import IndexRun, build_index
    from everycount.io.methods import MethodFile, read_method, shipped_methods
    from everycount.io.observations import read_observations
    from everycount.io.policy_run import match_review, match_set, reread_review, start_review
    from everycount.io.results import result_files
    from everycount.io.review_file import read_review, review_bytes
    from everycount.io.sample import sample_path
    from everycount.io.survey_areas import model_area_files
    from everycount.io.survey_derive import derive_file
    from everycount.io.survey_estimate import estimate_file
    from everycount.io.survey_furthest import furthest_files
    from everycount.io.survey_run import disaggregate_file
    from everycount.io.units import read_units
    from everycount.model.appraisal import Appraisal
    from everycount.model.codes import Code, CodeList
    from everycount.model.column_mapping import ColumnMapping
    from everycount.model.crosswalk import Crosswalk
    from everycount.model.dataset import Dataset
    from everycount.model.design import SurveyDesign
    from everycount.model.document import Document
    from everycount.model.framework import Framework
    from everycount.model.handbook import Handbook
    from everycount.model.indicator import Indicator
    from everycount.model.layout import Layout
    from everycount.model.match import Match
    from everycount.model.observations import Observations
    from everycount.model.origin import Origin
    from everycount.model.review import Review
    from everycount.model.units import Units
    from everycount.policy.gaps import gaps
    from everycount.reports.audit_page import audit_page, audit_pdf
    from everycount.reports.audit_report import audit_report
    from everycount.reports.policy_page import policy_page
    from everycount.reports.policy_report import policy_report
    from everycount.reports.survey_page import survey_page
    from everycount.reports.survey_report import survey_report
    from everycount.repository.availability import availability
    from everycount.repository.check import check_dataset
    from everycount.repository.compare import compare_versions
    from everycount.repository.framework_check import check_framework

__all__ = [
    "Appraisal",
    "Audit",
    "AuditRun",
    "Code",
    "CodeList",
    "ColumnMapping",
    "Crosswalk",
    "Dataset",
    "Document",
    "EverycountError",
    "Explanation",
    "Framework",
    "Handbook",
    "Hub",
    "IndexResult",
    "IndexRun",
    "Indicator",
    "InputError",
    "Layout",
    "Match",
    "MethodError",
    "MethodFile",
    "Methodology",
    "NotFound",
    "Observations",
    "Origin",
    "Problem",
    "Review",
    "SurveyDesign",
    "Trend",
    "Unavailable",
    "Units",
    "Verdict",
    "audit_files",
    "audit_index",
    "audit_page",
    "audit_pdf",
    "audit_report",
    "availability",
    "build",
    "build_index",
    "check_dataset",
    "check_framework",
    "compare_versions",
    "connect",
    "derive_file",
    "disaggregate_file",
    "estimate_file",
    "explain",
    "fetch_dataset",
    "find_framework",
    "fold_to_sdg",
    "furthest_files",
    "gaps",
    "load_framework",
    "match_review",
    "match_set",
    "model_area_files",
    "open_dataset",
    "policy_page",
    "policy_report",
    "read_appraisal",
    "read_dataset",
    "read_design",
    "read_document",
    "read_handbook",
    "read_method",
    "read_observations",
    "read_review",
    "read_units",
    "reread_review",
    "result_files",
    "review_bytes",
    "sample_path",
    "shipped_frameworks",
    "shipped_methods",
    "start_review",
    "survey_page",
    "survey_report",
    "trend",
    "write_dataset",
]

_HOMES = {
    "Appraisal": "everycount.model.appraisal",
    "Audit": "everycount.audit.audit",
    "AuditRun": "everycount.io.audit_run",
    "Code": "everycount.model.codes",
    "CodeList": "everycount.model.codes",
    "ColumnMapping": "everycount.model.column_mapping",
    "Crosswalk": "everycount.model.crosswalk",
    "Dataset": "everycount.model.dataset",
    "Document": "everycount.model.document",
    "EverycountError": "everycount.errors",
    "Explanation": "everycount.index.explanation",
    "Framework": "everycount.model.framework",
    "Handbook": "everycount.model.handbook",
    "Hub": "everycount.io.client",
    "IndexResult": "everycount.index.result",
    "IndexRun": "everycount.io.index_run",
    "Indicator": "everycount.model.indicator",
    "InputError": "everycount.errors",
    "Layout": "everycount.model.layout",
    "Match": "everycount.model.match",
    "MethodError": "everycount.errors",
    "MethodFile": "everycount.io.methods",
    "Methodology": "everycount.index.methodology",
    "NotFound": "everycount.errors",
    "Observations": "everycount.model.observations",
    "Origin": "everycount.model.origin",
    "Problem": "everycount.errors",
    "Review": "everycount.model.review",
    "SurveyDesign": "everycount.model.design",
    "Trend": "everycount.index.trends",
    "Unavailable": "everycount.errors",
    "Units": "everycount.model.units",
    "Verdict": "everycount.audit.verdict",
    "audit_files": "everycount.io.audit_run",
    "audit_index": "everycount.io.audit_run",
    "audit_page": "everycount.reports.audit_page",
    "audit_pdf": "everycount.reports.audit_page",
    "audit_report": "everycount.reports.audit_report",
    "availability": "everycount.repository.availability",
    "build": "everycount.index.build",
    "build_index": "everycount.io.index_run",
    "check_dataset": "everycount.repository.check",
    "check_framework": "everycount.repository.framework_check",
    "compare_versions": "everycount.repository.compare",
    "connect": "everycount.io.client",
    "derive_file": "everycount.io.survey_derive",
    "disaggregate_file": "everycount.io.survey_run",
    "estimate_file": "everycount.io.survey_estimate",
    "explain": "everycount.index.explanation",
    "fetch_dataset": "everycount.io.fetching.fetch",
    "find_framework": "everycount.io.frameworks",
    "fold_to_sdg": "everycount.io.fold",
    "furthest_files": "everycount.io.survey_furthest",
    "gaps": "everycount.policy.gaps",
    "load_framework": "everycount.io.frameworks",
    "match_review": "everycount.io.policy_run",
    "match_set": "everycount.io.policy_run",
    "model_area_files": "everycount.io.survey_areas",
    "open_dataset": "everycount.io.importers.read",
    "policy_page": "everycount.reports.policy_page",
    "policy_report": "everycount.reports.policy_report",
    "read_appraisal": "everycount.io.appraisals",
    "read_dataset": "everycount.io.importers.read",
    "read_design": "everycount.io.designs",
    "read_document": "everycount.io.documents",
    "read_handbook": "everycount.io.handbooks",
    "read_method": "everycount.io.methods",
    "read_observations": "everycount.io.observations",
    "read_review": "everycount.io.review_file",
    "read_units": "everycount.io.units",
    "reread_review": "everycount.io.policy_run",
    "result_files": "everycount.io.results",
    "review_bytes": "everycount.io.review_file",
    "sample_path": "everycount.io.sample",
    "shipped_frameworks": "everycount.io.frameworks",
    "shipped_methods": "everycount.io.methods",
    "start_review": "everycount.io.policy_run",
    "survey_page": "everycount.reports.survey_page",
    "survey_report": "everycount.reports.survey_report",
    "trend": "everycount.index.trends",
    "write_dataset": "everycount.io.exporters.write",
}
"""Where each public name lives."""


def __getattr__(name: str) -> object:
    """Load a public name."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
