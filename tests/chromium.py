"""A real browser for tests, and what must hold for whatever it shows."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE = Path(__file__).parents[1] / "app/assets/node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")
FRAME = ["body > header", "body > footer"]
ZOOMED = {"width": 320, "height": 640}  # a desk at 400 %, as WCAG 1.4.10 asks
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
_NOT_A_FAULT = "Failed to load resource"  # how Chromium reports a refused form or a missing page


def program() -> str | None:
    """Find Chromium, if possible the one that draws no window: it takes a fifth of the time."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextmanager
def running(path: str) -> Iterator[Browser]:
    """Run Chromium until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Watch:
    """Listens to a window. `troubles` must stay empty: failed scripts, blocked pieces, other hosts.

    A violation of the content security policy is an error on the console.
    """

    def __init__(self, page: Page, host: str) -> None:
        self.troubles: list[str] = []
        self._host = host
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._hear)
        page.on("request", self._see)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and _NOT_A_FAULT not in said.text:
            self.troubles.append(said.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self._host, "data:", "blob:")):
            self.troubles.append(f"asks another host: {request.url}")


def grave_faults(page: Page, *, with_frame: bool = True) -> list[str]:
    """Return what axe finds serious or critical, with the element. Needs JavaScript.

    `with_frame` False leaves out the head, the menu and the foot, which many pages share.
    """
    page.evaluate(f"window.axe || ({_axe()})")
    found: list[dict[str, Any]] = page.evaluate(
        "(around) => axe.run(around, {resultTypes: ['violations'], iframes: false, preload: false})"
        ".then((said) => said.violations)",
        {"exclude": [] if with_frame else FRAME},
    )
    return [
        f"{one['impact']}: {one['help']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]


@cache
def _axe() -> str:
    text = AXE.read_text("utf-8")
    return f"(() => {{ {text}; return true; }})()"


def sideways(page: Page) -> str | None:
    """Say what does not fit the width of the screen, be it cut off or to be scrolled to.

    A scroll bar is not enough to look at: GOV.UK's body hides what sticks out.
    """
    found: str | None = page.evaluate(
        """() => {
          const { body, documentElement: html } = document;
          if (Math.max(html.scrollWidth, body.scrollWidth) <= html.clientWidth) return null;
          const scrolls = (one) => one.closest("[class*=leaflet], [tabindex='0']");
          const out = [...body.querySelectorAll("*")].find(
            (one) => one.getBoundingClientRect().right > html.clientWidth + 0.5 && !scrolls(one));
          return (out || body).outerHTML.slice(0, 200);
        }"""
    )
    return found
