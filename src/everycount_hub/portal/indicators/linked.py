"""What search engines read of an indicator page: schema.org."""

import json

from django.utils.safestring import SafeString, mark_safe

from everycount.language.language import Language
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition
from everycount_hub.portal.indicators.proof import citation_of, licence_of, sources_of
from everycount_hub.portal.naming import named


def dataset_ld(
    edition: Edition, entry: IndicatorEntry, address: str, words: Language
) -> SafeString:
    """Return what search engines read of the page: schema.org Dataset."""
    about = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": named(entry.names, words).text,
        "description": citation_of(edition, entry, address, words),
        "url": address,
        "identifier": entry.code,
        "license": licence_of(edition, entry),
        "creator": [
            {"@type": "Organization", "name": each.producer}
            for each in sources_of(edition, entry, words)
            if each.producer
        ],
        "variableMeasured": named(entry.names, words).text,
        "temporalCoverage": f"{entry.first}/{entry.last}",
        "inLanguage": words.code,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": f"{address}{name}",
            }
            for name, kind in (("full.csv", "text/csv"), ("data.json", "application/json"))
        ],
    }
    text = json.dumps({k: v for k, v in about.items() if v}, ensure_ascii=False)
    # A title must not end the block it stands in.
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return mark_safe(text)  # noqa: S308 - JSON without a letter that means anything to HTML
