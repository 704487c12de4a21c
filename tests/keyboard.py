"""A person who uses the keyboard alone: Tab, Space, Enter and letters."""

from typing import Any

from visiting import Visitor

TABS_MAX = 120
# What the person learns about the element that has the focus.
_LOOK = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels[0];
  const drawn = (element, part) => {
    const style = getComputedStyle(element, part);
    return style.boxShadow !== "none" || style.outlineStyle !== "none";
  };
  const box = one.getBoundingClientRect();
  const bar = document.querySelector("[data-ballot-bar]");
  const bars = bar && bar.getBoundingClientRect();
  const words = (label || one).textContent.trim().replace(/\\s+/g, " ");
  const before = window.focusBefore;
  return {
    name: one.getAttribute("aria-label") || words,
    outside: one === document.body,
    seen: drawn(one) || (label && drawn(label, "::before")),
    covered: Boolean(bar && !bar.contains(one) &&
      box.top >= bars.top && box.bottom <= bars.bottom),
    backwards: Boolean(
      before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING),
  };
}"""


class Keyboard:
    """`keys.reach("Send")` tabs on to what bears these words. Every stop is looked at."""

    def __init__(self, person: Visitor) -> None:
        self._person = person
        self._keys = person.page.keyboard

    def tab(self) -> str:
        """Go on to the next control; returns its name, empty at the end of the page."""
        self._person.page.evaluate("window.focusBefore = document.activeElement")
        self._keys.press("Tab")
        stop: dict[str, Any] = self._person.page.evaluate(_LOOK)
        if stop["outside"]:
            return ""
        where = f"{stop['name']!r} on {self._person.page.url}"
        assert stop["seen"], f"the focus cannot be seen at {where}"
        assert not stop["covered"], f"the ballot's bar covers {where}"
        assert not stop["backwards"], f"the focus goes backwards to {where}"
        return str(stop["name"])

    def reach(self, name: str) -> None:
        """Tab until the control with this name has the focus."""
        passed = []
        for _ in range(TABS_MAX):
            passed.append(self.tab())
            if passed[-1].startswith(name):
                return
        raise AssertionError(f"{name!r} is not reached by Tab, only {passed}")

    def press(self, name: str, key: str = "Enter") -> None:
        """Reach a button or link and press it; waits for the page to which it leads."""
        self.reach(name)
        with self._person.page.expect_navigation(wait_until="load"):
            self._keys.press(key)

    def mark(self, name: str) -> None:
        """Reach a box and mark it."""
        self.reach(name)
        self._keys.press("Space")

    def push(self, name: str, key: str = "Enter") -> None:
        """Reach a button that stays on the page, and press it."""
        self.reach(name)
        self._keys.press(key)

    def type(self, name: str, text: str) -> None:
        self.reach(name)
        self._keys.type(text)
