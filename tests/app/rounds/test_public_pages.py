from factories_rounds import make_round


def test_home(browser) -> None:
    make_round("voting")
    made = make_round("review", ballot_type="knapsack")
    page = browser().open("/")
    browser().open(f"/rounds/{made.slug}")
    browser().open(f"/rounds/{made.slug}/rules")
