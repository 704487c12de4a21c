"""The camera of the page, with a film of real QR pictures in place of a camera."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import chromium as real_browser
import factories
import pytest
from factories_providers import make_provider
from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect
from visiting import PATIENCE_MS

from app.accounts import sessions
from app.accounts.current import COOKIE
from app.db import run_tx
from app.vouchers import qr

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),  # nothing is stored here
]
BASE = "https://minga.example"
CODE = "0123-4567-89AM"
MISTYPED = "0123-4567-89AN"
MODULE_PIXELS = 7
FRAMES = 10
SCREEN = (640, 480)


def photo(code: str, *, turned: float = 0, light: float = 1) -> Image.Image:
    """A voucher in somebody's hand: `turned` by degrees, in so much of the full light."""
    rows = qr.modules(BASE, code)
    side = (len(rows) + 2 * qr.BORDER) * MODULE_PIXELS
    paper = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(paper)
    for y, row in enumerate(rows):
        for x, black in enumerate(row):
            if black:
                left, top = ((n + qr.BORDER) * MODULE_PIXELS for n in (x, y))
                pen.rectangle((left, top, left + MODULE_PIXELS - 1, top + MODULE_PIXELS - 1), 0)
    held = paper.rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=140)
    room = Image.new("L", SCREEN, 140)
    room.paste(held, tuple((a - b) // 2 for a, b in zip(SCREEN, held.size, strict=True)))
    return room.point(lambda grey: int(grey * light) + 10 * (light < 1)).convert("RGB")


def film(path: Path, pictures: Sequence[Image.Image]) -> Path:
    """Write pictures as the film that Chromium takes for its camera, again and again."""
    with path.open("wb") as file:
        for picture in pictures:
            for _ in range(FRAMES):
                frame = io.BytesIO()
                picture.save(frame, "JPEG", quality=85)
                file.write(frame.getvalue())
    return path


@contextmanager
def camera(chromium: Browser, address: str, secret: str, shown: Path | None) -> Iterator[Page]:
    """Open a page as a clerk whose phone has a camera that sees `shown`; None: no camera."""
    arguments = list(real_browser.ARGUMENTS)
    if shown is not None:
        arguments += [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={shown}",
        ]
    path = real_browser.program()
    running = chromium.browser_type.launch(executable_path=path, args=arguments)
    try:
        context = running.new_context(viewport=real_browser.PHONE)  # type: ignore[arg-type]
        context.add_cookies([{"name": COOKIE, "value": secret, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        watch = real_browser.Watch(page, address.split("/till/", maxsplit=1)[0])
        page.goto(address)
        yield page
        assert watch.troubles == []
    finally:
        running.close()


@pytest.fixture
def till(app: Flask, site: str) -> tuple[str, str]:
    """The address of a till, and the secret with which its clerk is signed in."""
    clerk = factories.make_account()
    provider, _ = make_provider(manager=clerk)
    secret = run_tx(lambda session: sessions.start(session, clerk.id, level="full"))
    return f"{site}/till/{provider.id}", secret


@pytest.mark.parametrize(
    "seen",
    [photo(CODE), photo(CODE, turned=24, light=0.25)],
    ids=["straight", "tilted and dim"],
)
def test_a_voucher_before_the_camera_leads_to_its_amount(
    chromium: Browser, till: tuple[str, str], tmp_path: Path, seen: Image.Image
) -> None:
    address, secret = till

    with camera(chromium, f"{address}/camera", secret, film(tmp_path / "a.mjpeg", [seen])) as page:
        page.wait_for_url(f"{address}/amount", timeout=PATIENCE_MS)
        expect(page.locator("h1")).to_have_text("How much?")


def test_a_misread_voucher_is_not_sent(
    chromium: Browser, till: tuple[str, str], tmp_path: Path
) -> None:
    address, secret = till
    shown = film(tmp_path / "a.mjpeg", [photo(MISTYPED)])

    with camera(chromium, f"{address}/camera", secret, shown) as page:
        status = page.locator("main [role=status]")
        expect(status).to_contain_text("A character is wrong", timeout=PATIENCE_MS)
        assert page.url == f"{address}/camera"


def test_without_a_camera_the_page_says_what_else_can_be_done(
    chromium: Browser, till: tuple[str, str]
) -> None:
    address, secret = till

    with camera(chromium, f"{address}/camera", secret, None) as page:
        status = page.locator("main [role=status]")
        expect(status).to_contain_text("Send a photo, or type the code", timeout=PATIENCE_MS)
        expect(page.locator("main").get_by_role("link", name="Type the code")).to_be_visible()
