"""Second factors in Chromium at a hub that serves: security keys, and codes of an app."""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CODE = """
import sys
from everycount_hub.commands import hub
hub(sys.argv[1:], prog_name="everycount hub")
"""
PASSWORD = "unlocked-by-a-sentence"
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": False,
    "automaticPresenceSimulation": True,
}
"""A key that is touched at once. Chrome DevTools Protocol, WebAuthn.VirtualAuthenticatorOptions."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EVERYCOUNT_")}
    kept.pop("DATABASE_URL", None)
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "everycount_hub.settings",
        "EVERYCOUNT_HOME": str(tmp_path_factory.mktemp("hub") / "home"),
        "PYTHONPATH": str(ROOT / "src"),
    }


@pytest.fixture(scope="module")
def port(environment):
    """Serve a hub at a free port, and give its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, "serve", "--port", "0", "--no-worker"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = []
        for line in process.stderr:
            lines.append(line)
            if found := re.search(r"is at http://127\.0\.0\.1:(\d+)", line):
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield int(found[1])
                return
        raise AssertionError("".join(lines))
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture
def make_administrator(environment, port):
    """Make an account whose role needs a second factor."""

    def make(email):
        subprocess.run(
            [sys.executable, "-c", CODE, "createadmin", email, "--password-stdin"],
            env=environment,
            input=PASSWORD,
            capture_output=True,
            text=True,
            check=True,
        )
        return email

    return make


class Person:
    """Somebody at a browser: opens pages, fills in fields, presses buttons."""

    def __init__(self, browser, port):
        self.browser, self.origin = browser, f"http://localhost:{port}"
        browser.call("Network.enable")
        browser.call("Network.clearBrowserCookies")
        browser.complaints.clear()

    def open(self, path, origin=None, **how):
        address = (origin or self.origin) + path
        self.browser.open(SimpleNamespace(as_uri=lambda: address), **how)

    def press(self, selector):
        self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, **fields):
        for name, value in fields.items():
            field = f"document.querySelector('main [name={name}]')"
            self.browser.evaluate(f"{field}.value = {json.dumps(value)}")

    def wait(self, expression):
        """Wait until something is true of the page, whichever page it is by then."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if self.browser.evaluate(f"Boolean({expression})"):
                    return
            except AssertionError:  # the page went away while it was asked
                pass
            time.sleep(0.05)
        raise AssertionError(f"{expression} never came true at {self.path}:\n{self.text}")

    def wait_for(self, path):
        self.wait(f"location.pathname === {json.dumps(path)} && document.readyState === 'complete'")

    def sign_in(self, email):
        self.open("/accounts/login/")
        self.fill(login=email, password=PASSWORD)
        self.press("main form button")

    def sign_out(self):
        self.open("/accounts/logout/")
        self.press("main form button")
        self.wait_for("/accounts/login/")

    @property
    def complaints(self):
        """What pages complained of; advice on forms is none."""
        entries = (each.get("entry", each) for each in self.browser.complaints)
        return [each for each in entries if each.get("source") != "recommendation"]

    @property
    def path(self):
        return self.browser.evaluate("location.pathname")

    @property
    def text(self):
        return self.browser.evaluate("document.querySelector('main').innerText")


@pytest.fixture
def person(browser, port):
    return Person(browser, port)


@pytest.fixture
def key(browser):
    """Put a security key into the computer."""
    browser.call("WebAuthn.enable")
    number = browser.call("WebAuthn.addVirtualAuthenticator", options=KEY)["authenticatorId"]
    yield number
    browser.call("WebAuthn.disable")


def code_of(secret):
    """Return the code of now. RFC 6238."""
    pad = "=" * (-len(secret) % 8)
    steps = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret + pad), steps, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def test_security_key_is_registered_signs_in_and_is_removed(
    person, key, browser, make_administrator
):
    email = make_administrator("key@example.org")
    person.sign_in(email)
    person.wait_for("/accounts/2fa/totp/activate/")
    person.press("a[href='/accounts/2fa/webauthn/add/']")
    person.wait_for("/accounts/2fa/webauthn/add/")
    person.fill(name="Blue key")
    person.press("#mfa_webauthn_add")
    person.wait_for("/accounts/2fa/recovery-codes/")
    held = browser.call("WebAuthn.getCredentials", authenticatorId=key)["credentials"]
    assert [each["rpId"] for each in held] == ["localhost"]
    person.open("/workbench/")
    assert person.path == "/workbench/"

    person.sign_out()
    person.sign_in(email)
    person.wait_for("/accounts/2fa/authenticate/")
    person.open("/workbench/")
    assert person.path == "/accounts/2fa/authenticate/"
    person.press("#mfa_webauthn_authenticate")
    person.wait_for("/workbench/")
    after = browser.call("WebAuthn.getCredentials", authenticatorId=key)["credentials"]
    assert after[0]["signCount"] > held[0]["signCount"]

    person.open("/accounts/2fa/webauthn/")
    assert "Blue key" in person.text
    person.press("a[aria-label='Remove Blue key']")
    person.wait_for("/accounts/reauthenticate/")
    person.press("main a[href*='webauthn/reauthenticate']")
    person.wait_for("/accounts/2fa/webauthn/reauthenticate/")
    person.press("#mfa_webauthn_reauthenticate")
    person.wait("document.querySelector('h1').innerText.includes('Remove the security key')")
    person.press("main form button")
    person.wait_for("/accounts/2fa/webauthn/")
    assert "You have no security key." in person.text
    person.open("/workbench/")
    assert person.path == "/accounts/2fa/totp/activate/"
    assert person.complaints == []


def test_security_key_of_somebody_else_opens_nothing_and_says_so(
    person, key, browser, make_administrator
):
    email = make_administrator("other@example.org")
    person.sign_in(email)
    person.wait_for("/accounts/2fa/totp/activate/")
    person.open("/accounts/2fa/webauthn/add/")
    person.press("#mfa_webauthn_add")
    person.wait_for("/accounts/2fa/recovery-codes/")
    person.sign_out()
    browser.call("WebAuthn.removeVirtualAuthenticator", authenticatorId=key)
    browser.call("WebAuthn.addVirtualAuthenticator", options=KEY)
    person.sign_in(email)
    person.wait_for("/accounts/2fa/authenticate/")
    person.press("#mfa_webauthn_authenticate")
    person.wait("!document.getElementById('key-fault').hidden")
    assert "The key was not used" in person.text
    person.open("/workbench/")
    assert person.path == "/accounts/2fa/authenticate/"
    assert person.complaints == []


def test_security_key_at_an_address_of_numbers_is_told_where_it_works(
    person, key, browser, port, make_administrator
):
    person.origin = f"http://127.0.0.1:{port}"
    person.sign_in(make_administrator("numbers@example.org"))
    person.wait_for("/accounts/2fa/totp/activate/")
    person.open("/accounts/2fa/webauthn/add/")
    assert "open it as localhost instead of 127.0.0.1" in person.text
    assert person.complaints == []


def test_code_of_an_app_signs_in(person, browser, make_administrator):
    email = make_administrator("code@example.org")
    person.sign_in(email)
    person.wait_for("/accounts/2fa/totp/activate/")
    assert browser.evaluate("document.querySelector('main img').naturalWidth") > 0
    secret = browser.evaluate("document.getElementById('authenticator_secret').value")
    person.fill(code=code_of(secret))
    person.press("main form button[type=submit]")
    person.wait_for("/accounts/2fa/recovery-codes/")
    recovery = browser.evaluate("document.getElementById('recovery_codes').value").split()
    person.sign_out()
    person.sign_in(email)
    person.wait_for("/accounts/2fa/authenticate/")
    person.fill(code=recovery[0])
    person.press("main form button[type=submit]")
    person.wait_for("/workbench/")
    assert person.complaints == []


def test_complaints_would_tell_of_a_script_that_the_policy_forbids(person, browser):
    person.open("/accounts/login/")
    assert person.complaints == []
    browser.evaluate(
        "document.body.appendChild(Object.assign(document.createElement('script'),"
        " {textContent: 'window.wasRun = 1'}))"
    )
    person.wait("true")
    assert not browser.evaluate("window.wasRun")
    assert "Content Security Policy" in json.dumps(person.complaints)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pages_of_second_factors_never_scroll_sideways(
    person, key, browser, width, make_administrator
):
    person.sign_in(make_administrator(f"width{width}@example.org"))
    person.wait_for("/accounts/2fa/totp/activate/")
    person.open("/accounts/2fa/webauthn/add/")
    person.press("#mfa_webauthn_add")
    person.wait_for("/accounts/2fa/recovery-codes/")
    for page in ("", "webauthn/", "webauthn/add/", "totp/activate/", "recovery-codes/"):
        person.open(f"/accounts/2fa/{page}", width=width)
        assert browser.evaluate("document.documentElement.scrollWidth") <= width, page
