"""The application on a real server, and people who visit it with a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import chromium
from flask import Flask
from playwright.sync_api import Browser, Locator, expect
from waitress import create_server, wasyncore

from app import clock

PATIENCE_MS = 30_000  # a busy machine may be slow
DEAD_ENDS = ("Sorry, there is a problem", "Not allowed", "Page not found", "The form has expired")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application on a free port until the block ends; yields its address."""
    sockets: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, threads=8, map=sockets)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))  # in the server's own thread
    thread.join(timeout=5)
    server.task_dispatcher.shutdown()


class Calendar:
    """A clock that runs on and can be turned forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        clock.use(lambda: datetime.now(UTC) + self._ahead)

    def wait(self, **duration: float) -> None:
        """Let time pass: `wait(days=3)`."""
        self._ahead += timedelta(**duration)

    def wait_until(self, moment: datetime) -> None:
        self._ahead += moment - clock.now() + timedelta(seconds=1)


class Visitor:
    """Somebody at a screen, who finds everything by the words that stand there.

    Each page must fit the screen and ask nothing of other hosts, and its scripts must not fail.
    """

    def __init__(self, browser: Browser, address: str, *, scripts: bool, screen: Any) -> None:
        self.address = address
        self.scripts = scripts
        self._context = browser.new_context(
            java_script_enabled=scripts, viewport=screen, base_url=address, locale="en-GB"
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page = self._context.new_page()
        self.watch = chromium.Watch(self.page, address)

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{answer.status} {path}: {self.text()}"
        self._arrive()

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the button or link with these words, and wait for the page to which it leads.

        What is looked for stands in the main part of the page, unless `within` says otherwise.
        """
        with self.page.expect_navigation(wait_until="load"):
            self.control(name, within).click()
        self._arrive()

    def control(self, name: str, within: Locator | None = None) -> Locator:
        place = within or self.page.locator("main")
        button, link = (place.get_by_role(role, name=name) for role in ("button", "link"))
        return button.or_(link).first

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label: str) -> None:
        """Mark a box or a point by its label."""
        self.page.get_by_label(label).first.check()

    def select(self, label: str, option: str) -> None:
        self.page.get_by_label(label).first.select_option(label=option)

    def attach(self, label: str, name: str, data: bytes, media_type: str) -> None:
        """Choose a file."""
        file = {"name": name, "mimeType": media_type, "buffer": data}
        self.page.get_by_label(label).first.set_input_files(files=[file])

    def download(self, button: str) -> bytes:
        """Press a button that hands out a file; returns its bytes."""
        with self.page.expect_download() as given:
            self.page.get_by_role("button", name=button).first.click()
        return given.value.path().read_bytes()

    def sees(self, *sentences: str) -> None:
        """Assert that the page says this, now or once its scripts are done."""
        for sentence in sentences:
            expect(self.page.locator("body")).to_contain_text(sentence, timeout=PATIENCE_MS)

    def text(self) -> str:
        found = self.page.locator("main").all_inner_texts()
        return " ".join(" ".join(found).split())[:1500]

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def leave(self) -> None:
        self._context.close()
        assert self.watch.troubles == []

    def _arrive(self) -> None:
        assert self.heading not in DEAD_ENDS, self.where()
        wide = chromium.sideways(self.page)
        assert wide is None, f"{self.where()} scrolls sideways: {wide}"

    def where(self) -> str:
        return f"{self.page.url}: {self.text()}"
