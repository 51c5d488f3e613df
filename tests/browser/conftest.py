"""Chromium, driven over the two pipes of its debugging protocol."""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from itertools import count

import pytest

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip


class Browser:
    """A page of Chromium, driven over the two pipes of its debugging protocol."""

    def __init__(self, commands, answers):
        self.commands, self.answers = commands, answers
        self.numbers, self.session, self.complaints, self.rest = count(1), None, [], b""
        self.arrived = set()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def read(self):
        """Return the next message, keeping what the page complains of."""
        while b"\0" not in self.rest:
            chunk = os.read(self.answers, 1 << 20)
            assert chunk, "Chromium has gone"
            self.rest += chunk
        text, _, self.rest = self.rest.partition(b"\0")
        message = json.loads(text)
        self.arrived.add(message.get("method"))
        if message.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}:
            self.complaints.append(message["params"])
        if message.get("method") == "Runtime.consoleAPICalled":
            self.complaints.append(message["params"])
        return message

    def open(self, path, *, width=1280, height=900, dark=False, media="", to=""):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=media, features=[scheme])
        # Within one page only the place would change, and no event would tell of it.
        for address in ("about:blank", path.as_uri() + to):
            self.arrived.clear()
            self.call("Page.navigate", url=address)
            while "Page.loadEventFired" not in self.arrived:
                self.read()

    def evaluate(self, expression):
        found = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")


@contextmanager
def chromium(folder):
    """Give a browser with a new profile in `folder`; it ends with the block."""
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    ours_in, theirs_out = os.pipe()
    theirs_in, ours_out = os.pipe()
    # The protocol wants descriptors 3 and 4.
    script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
    process = subprocess.Popen(
        ["bash", "-c", script, program, *ARGUMENTS, f"--user-data-dir={folder}"],
        pass_fds=(theirs_in, theirs_out),
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        process.kill()
        process.wait()
        os.close(ours_in)
        os.close(ours_out)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page
