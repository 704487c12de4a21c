"""The check that guards all pages, itself checked: each fault is found."""

import pytest
from bs4 import BeautifulSoup
from pages import check_page

GOOD = """<html lang="en"><head><title>Bench – Minga</title></head><body><main>
<h1>Bench</h1><a href="#name">Name</a>
<form method="post"><input type="hidden" name="csrf_token"><label for="name">Name</label>
<input id="name" aria-describedby="hint"><p id="hint">Hint</p><button>Send</button></form>
</main></body></html>"""


def page(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_a_good_page_passes() -> None:
    check_page(page(GOOD))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<h1>Bench</h1>", "<h1>Chair</h1>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><h1>Bench</h1>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><h3>Far</h3>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><p>None</p>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><img src='/a.png'>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><img src='https://elsewhere.example/a.png' alt=''>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><script>1</script>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><figure><svg aria-hidden='true'></svg></figure>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><svg></svg>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><table></table>"),
        ("<h1>Bench</h1>", "<h1 style='color:red'>Bench</h1>"),
        ("<h1>Bench</h1>", "<h1 onclick='x()'>Bench</h1>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><p id='name'></p>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><p>GDS Transport</p>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><input type='radio' aria-label='Lone'>"),
        ("<h1>Bench</h1>", "<h1>Bench</h1><div class='govuk-error-summary'></div>"),
        (' lang="en"', ""),
        ('href="#name"', 'href="#nowhere"'),
        ('name="csrf_token"', 'name="other"'),
        ('for="name"', 'for="hint"'),
        ('aria-describedby="hint"', 'aria-describedby="gone"'),
        ("<button>Send", "<button>"),
        ("<main>", "<main></main><main>"),
    ],
)
def test_a_fault_is_found(good: str, bad: str) -> None:
    assert good in GOOD

    with pytest.raises((AssertionError, ValueError)):
        check_page(page(GOOD.replace(good, bad, 1)))
