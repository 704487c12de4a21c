"""A browser without JavaScript: follows links and sends forms as a person would, CSRF on.

Every page that it opens goes through `check_page`.
"""

from http import HTTPStatus
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from pages import check_page
from werkzeug.test import TestResponse

from app.accounts import sessions
from app.accounts.current import COOKIE
from app.accounts.models import AccountRow
from app.db import run_tx


class Browser:
    """`browser.open("/path")` gets; `browser.send("/path", {...})` fills in and sends its form.

    `account` signs in with a second factor just shown, as `level` says.
    """

    def __init__(
        self, app: Flask, account: AccountRow | None = None, *, level: str = "full"
    ) -> None:
        self.client = app.test_client()
        self.answer: TestResponse | None = None
        if account is not None:
            secret = run_tx(lambda session: sessions.start(session, account.id, level=level))
            self.client.set_cookie(COOKIE, secret)

    def open(self, path: str, *, status: int = HTTPStatus.OK, **options: Any) -> BeautifulSoup:
        """Get a page, following redirects; asserts the status of the last answer.

        A download is an empty page: its bytes are in `answer`.
        """
        self.answer = self.client.get(path, follow_redirects=True, **options)
        return self._page(status)

    def send(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        status: int = HTTPStatus.OK,
        form: str | None = None,
        button: str | None = None,
        to: str | None = None,
    ) -> BeautifulSoup:
        """Open `path`, fill in its form (`form`: a CSS selector when it has several) and send it.

        Fields not named in `data` keep what the page shows. `button` is the text of the button
        pressed, when the form has several. `to` sends the fields to another address (a forger).
        """
        page = self.open(path)
        chosen = self._form(page, form, button)
        fields = _shown_fields(chosen)
        pressed = _button(chosen, button)
        if pressed is not None and pressed.get("name"):
            fields[str(pressed["name"])] = str(pressed.get("value", ""))
        fields.update(data or {})
        target = (
            to
            or (pressed.get("formaction") if pressed else None)
            or chosen.get("action")
            or self._shown()  # where redirects led, as a browser does
        )
        self.answer = self.client.post(
            str(target),
            data=fields,
            follow_redirects=True,
            content_type="multipart/form-data"
            if chosen.get("enctype") == "multipart/form-data"
            else None,
        )
        for answer in (*self.answer.history, self.answer):
            answer.request.environ["wsgi.input"].close()  # a large upload lies in a file
        return self._page(status)

    def _page(self, status: int) -> BeautifulSoup:
        assert self.answer is not None
        assert self.answer.status_code == status, _what_it_said(self.answer)
        if self.answer.mimetype != "text/html":
            return BeautifulSoup("", "html.parser")  # what was downloaded is in `answer`
        sent = self.answer.get_data().decode()
        page = BeautifulSoup(sent, "html.parser")
        check_page(page, sent)
        return page

    def _shown(self) -> str:
        """The address of the page that was opened last, with its query."""
        assert self.answer is not None
        request = self.answer.request
        return (
            f"{request.path}?{request.query_string.decode()}"
            if request.query_string
            else request.path
        )

    def _form(self, page: BeautifulSoup, selector: str | None, button: str | None) -> Tag:
        forms = page.select(selector or "main form[method=post]")
        if button is not None:
            forms = [form for form in forms if _button(form, button) is not None]
        assert forms, f"no such form on the page: {selector or button}"
        return forms[0]


def _button(form: Tag, text: str | None) -> Tag | None:
    buttons = form.select("button:not([type=button])")
    if text is None:
        return buttons[0] if buttons else None
    return next((one for one in buttons if text in one.get_text(" ", strip=True)), None)


def _shown_fields(form: Tag) -> dict[str, Any]:
    """Read what the form would send as it stands."""
    fields: dict[str, Any] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name = str(control["name"])
        if control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")[:1]
            values = [str(option.get("value", option.text)) for option in chosen]
        elif control.name == "textarea":
            values = [control.text.removeprefix("\n")]
        elif (
            control.get("type") in ("checkbox", "radio") and not control.has_attr("checked")
        ) or control.get("type") in ("file", "submit", "button"):
            continue
        else:
            values = [str(control.get("value", ""))]
        fields.setdefault(name, []).extend(values)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _what_it_said(answer: TestResponse) -> str:
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    main = page.select_one("main") or page
    return f"{answer.status_code} {answer.request.path}: {main.get_text(' ', strip=True)[:800]}"
