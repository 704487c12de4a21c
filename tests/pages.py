"""What must hold on every page, whatever it is about. Every page that a test opens goes through."""

import re
from collections import Counter, defaultdict

from bs4 import BeautifulSoup, Tag

LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "use": "href"}
HEADING = re.compile("h[1-6]")
FOREIGN = re.compile(r"(https?:)?//")
NOT_OURS = re.compile(
    r"GDS Transport|govuk-crest|govuk-logo|govuk-crown|Crown copyright", re.IGNORECASE
)


class Elements:
    """All elements of a page, in their order: searched once, since thousands of pages are."""

    def __init__(self, page: BeautifulSoup) -> None:
        self.all = [tag for tag in page.descendants if isinstance(tag, Tag)]
        self._by_name: dict[str, list[Tag]] = defaultdict(list)
        for tag in self.all:
            self._by_name[tag.name].append(tag)

    def named(self, *names: str) -> list[Tag]:
        """Return the elements of these names, name by name."""
        return [tag for name in names for tag in self._by_name[name]]

    def having(self, attribute: str, *names: str) -> list[Tag]:
        """Return the elements (of these names, or any) that have an attribute."""
        return [
            tag for tag in (self.named(*names) if names else self.all) if attribute in tag.attrs
        ]


def check_page(page: BeautifulSoup, sent: str | None = None) -> None:
    """Assert it all; the message names the element at fault. `sent` is the page as it was sent."""
    elements = Elements(page)
    _check_outline(page, elements)
    _check_references(elements)
    _check_controls(elements)
    _check_forms(page, elements)
    _check_pictures(elements)
    _check_nothing_foreign(elements, sent or str(page))
    _check_policy(elements)
    assert not page.find(string=re.compile(r"^\s*(None|Undefined)\s*$")), "a value is missing"


def _check_outline(page: BeautifulSoup, elements: Elements) -> None:
    assert page.html is not None, "the page is no HTML document"
    assert page.html.get("lang"), "the page does not say its language"
    assert page.title, "the page has no title"
    [h1] = elements.named("h1")
    assert _words(h1) in _words(page.title), f"the h1 {_words(h1)!r} is not in the title"
    assert len(elements.named("main")) == 1
    level = 1
    for heading in elements.all:
        if HEADING.fullmatch(heading.name):
            deep = int(heading.name[1])
            assert deep <= level + 1, f"{heading} skips a level"
            level = deep


def _check_references(elements: Elements) -> None:
    ids = Counter(str(tag["id"]) for tag in elements.having("id"))
    twice = sorted(id_ for id_, times in ids.items() if times > 1)
    assert not twice, f"ids are used twice: {twice}"
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for tag in elements.having(attribute):
            for target in str(tag[attribute]).split():
                assert target in ids, f"{attribute} of {tag} leads nowhere"
    for link in elements.having("href", "a"):
        address = str(link["href"])
        assert not address.startswith("#") or address[1:] in ids, f"{link} leads nowhere"


def _check_controls(elements: Elements) -> None:
    labels = elements.having("for", "label")
    labelled = {str(label["for"]) for label in labels if _words(label)}
    for control in elements.named("input", "select", "textarea"):
        if control.get("type") != "hidden":
            named = control.get("aria-label") or control.get("aria-labelledby")
            assert named or control.get("id") in labelled, f"{control} has no label"
    for one in [*elements.named("button", "summary"), *elements.having("href", "a")]:
        pictures = [image.get("alt") for image in one.find_all("img")]
        assert _words(one) or any(pictures) or one.get("aria-label"), f"{one} has no name"
    for one in elements.named("input"):
        if one.get("type") == "radio":
            legends = [group.find("legend") for group in one.find_parents("fieldset")]
            assert any(legends), f"{one} stands in no group with a name"


def _check_forms(page: BeautifulSoup, elements: Elements) -> None:
    for form in elements.named("form"):
        if str(form.get("method")).lower() == "post":
            token = form.find(attrs={"name": "csrf_token"})
            assert token, f"{form.get('action')} has no CSRF token"
    summaries = page.find_all(class_="govuk-error-summary")
    for link in (link for summary in summaries for link in summary.find_all("a")):
        fields = [
            field
            for field in elements.having("id", "input", "select", "textarea")
            if field["id"] == str(link["href"])[1:]
        ]
        assert fields, f"{link} leads to no field"
    if summaries:
        assert _words(elements.named("title")[0]).startswith("Error:"), "the title hides the error"


def _check_pictures(elements: Elements) -> None:
    for image in elements.named("img"):
        assert image.has_attr("alt"), f"{image} has no alternative text"
    for figure in elements.named("figure"):
        assert not figure.find("svg") or figure.find("table"), "the chart has no table beneath it"
    for drawing in elements.named("svg"):
        hidden = drawing.get("aria-hidden") == "true" or drawing.find_parent(
            attrs={"aria-hidden": "true"}
        )
        assert hidden or drawing.get("role") == "img", f"{str(drawing)[:80]} is read out as noise"
    for table in elements.named("table"):
        assert table.find("caption"), "a table has no caption"


def _check_nothing_foreign(elements: Elements, sent: str) -> None:
    for name, attribute in (*LOADED.items(), ("form", "action")):
        for tag in elements.having(attribute, name):
            assert not FOREIGN.match(str(tag[attribute])), f"{tag} leads elsewhere"
    found = NOT_OURS.search(sent)
    assert not found, f"{found} belongs to GOV.UK"


def _check_policy(elements: Elements) -> None:
    """What the content security policy would stop in silence."""
    for tag in elements.all:
        handlers = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        assert not handlers, f"{tag} has {handlers}"
    for script in elements.named("script"):
        if script.get("type") != "application/json":
            assert script.get("nonce"), f"{script} has no nonce"
    for style in elements.named("style"):
        assert style.has_attr("nonce"), "a style sheet stands in the page"
    for link in elements.having("href", "a"):
        assert not str(link["href"]).lower().startswith("javascript:"), f"{link} is a script"


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
