"""Errors as SDMX tells them: a code of its own, in XML or JSON as data were wanted."""

import json

from django.http import HttpRequest, HttpResponse

from everycount.io.exporters.text import escape_xml
from everycount.io.exporters.xml import DECLARATION, element
from everycount_hub.api.public import Fault, Tell

CODES = {404: 100, 400: 140, 413: 510, 414: 140, 406: 406, 405: 405, 501: 501, 503: 503, 429: 503}
"""Codes of errors by status. SDMX REST 2.2 and 1.5, error handling: 100 no results, 140 syntax,
510 response larger than the limit of the service, 501 not implemented, 503 service unavailable.
Where it has none, the status itself."""
MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/{0}/message"
COMMON = "http://www.sdmx.org/resources/sdmxml/schemas/{0}/common"


def teller(*, is_2: bool) -> Tell:
    """Return what tells errors, in the form of REST 2.x or 1.5."""

    def tell(request: HttpRequest, fault: Fault) -> HttpResponse:
        code = CODES.get(fault.status, fault.status)
        wanted = f"{request.GET.get('format', '')} {request.headers.get('Accept', '')}".lower()
        if "json" in wanted:
            return HttpResponse(_json(code, fault), content_type="application/json",
                                status=fault.status)  # fmt: skip
        body = _xml(code, fault, "v3_0" if is_2 else "v2_1")
        return HttpResponse(body, content_type="application/xml", status=fault.status)

    return tell


def _json(code: int, fault: Fault) -> bytes:
    told = {"code": code, "title": fault.words, "titles": {"en": fault.words}}
    text = json.dumps({"errors": [told]}, ensure_ascii=False)
    return text.encode("utf-8", "replace")


def _xml(code: int, fault: Fault, version: str) -> bytes:
    text = element("com:Text", {"xml:lang": "en"}, escape_xml(fault.words))
    message = element("mes:ErrorMessage", {"code": str(code)}, text)
    named = {
        "xmlns:mes": MESSAGE.format(version),
        "xmlns:com": COMMON.format(version),
    }
    whole = f"{DECLARATION}{element('mes:Error', named, message)}\n"
    return whole.encode("utf-8", "replace")
