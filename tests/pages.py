"""What must hold on every page, whatever it is about. Every page that a test opens goes through."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

CONTROLS = "input:not([type=hidden]), select, textarea"
LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "use": "href"}
NOT_OURS = re.compile(
    r"GDS Transport|govuk-crest|govuk-logo|govuk-crown|Crown copyright", re.IGNORECASE
)


def check_page(page: BeautifulSoup) -> None:
    """Assert it all; the message names the element at fault."""
    _check_outline(page)
    _check_references(page)
    _check_controls(page)
    _check_forms(page)
    _check_pictures(page)
    _check_nothing_foreign(page)
    _check_policy(page)
    assert not page.find(string=re.compile(r"^\s*(None|Undefined)\s*$")), "a value is missing"


def _check_outline(page: BeautifulSoup) -> None:
    assert page.html is not None, "the page is no HTML document"
    assert page.html.get("lang"), "the page does not say its language"
    assert page.title, "the page has no title"
    [h1] = page.select("h1")
    assert _words(h1) in _words(page.title), f"the h1 {_words(h1)!r} is not in the title"
    assert len(page.select("main")) == 1
    level = 1
    for heading in page.select("h1, h2, h3, h4, h5, h6"):
        deep = int(heading.name[1])
        assert deep <= level + 1, f"{heading} skips a level"
        level = deep


def _check_references(page: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    twice = {one for one in ids if ids.count(one) > 1}
    assert not twice, f"ids are used twice: {sorted(twice)}"
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for tag in page.select(f"[{attribute}]"):
            for target in str(tag[attribute]).split():
                assert target in ids, f"{attribute} of {tag} leads nowhere"
    for link in page.select("a[href^='#']"):
        assert str(link["href"])[1:] in ids, f"{link} leads nowhere"


def _check_controls(page: BeautifulSoup) -> None:
    labelled = {str(label["for"]) for label in page.select("label[for]") if _words(label)}
    for control in page.select(CONTROLS):
        named = control.get("aria-label") or control.get("aria-labelledby")
        assert named or control.get("id") in labelled, f"{control} has no label"
    for button in page.select("button, a[href], summary"):
        pictures = [image.get("alt") for image in button.select("img")]
        assert _words(button) or any(pictures) or button.get("aria-label"), f"{button} has no name"
    for one in page.select("input[type=radio]"):
        legends = [group.select_one("legend") for group in one.find_parents("fieldset")]
        assert any(legends), f"{one} stands in no group with a name"


def _check_forms(page: BeautifulSoup) -> None:
    for form in page.select("form[method=post]"):
        assert form.select_one("[name=csrf_token]"), f"{form.get('action')} has no CSRF token"
    for link in page.select(".govuk-error-summary a"):
        fields = page.select(f":is(input, select, textarea)[id='{str(link['href'])[1:]}']")
        assert fields, f"{link} leads to no field"
    if page.select(".govuk-error-summary"):
        assert page.select_one("title").text.startswith("Error:"), "the title hides the error"


def _check_pictures(page: BeautifulSoup) -> None:
    for image in page.select("img"):
        assert image.has_attr("alt"), f"{image} has no alternative text"
    for chart in page.select("figure:has(svg)"):
        assert chart.select_one("table"), "the chart has no table beneath it"
    for drawing in page.select("svg"):
        hidden = drawing.get("aria-hidden") == "true" or drawing.find_parent(
            attrs={"aria-hidden": "true"}
        )
        assert hidden or drawing.get("role") == "img", f"{str(drawing)[:80]} is read out as noise"
    for table in page.select("table"):
        assert table.select_one("caption"), "a table has no caption"


def _check_nothing_foreign(page: BeautifulSoup) -> None:
    for tag, address in _loaded(page):
        assert not re.match(r"(https?:)?//", address), f"{tag} comes from elsewhere"
    for form in page.select("form[action]"):
        assert not re.match(r"(https?:)?//", str(form["action"])), f"{form['action']} is elsewhere"
    found = NOT_OURS.search(str(page))
    assert not found, f"{found} belongs to GOV.UK"


def _loaded(page: BeautifulSoup) -> Iterator[tuple[Tag, str]]:
    for name, attribute in LOADED.items():
        for tag in page.select(f"{name}[{attribute}]"):
            yield tag, str(tag[attribute])


def _check_policy(page: BeautifulSoup) -> None:
    """What the content security policy would stop in silence."""
    for tag in page.select("*"):
        assert not tag.has_attr("style"), f"{tag} has a style attribute"
        handlers = [name for name in tag.attrs if name.startswith("on")]
        assert not handlers, f"{tag} has {handlers}"
    for script in page.select("script:not([type='application/json'])"):
        assert script.get("nonce"), f"{script} has no nonce"
    assert not page.select("style:not([nonce])"), "a style sheet stands in the page"
    assert not page.select("a[href^='javascript:' i]")


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
