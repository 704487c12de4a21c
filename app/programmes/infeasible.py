"""What a wish that cannot be met is answered with: the smallest budget, and the floor that fits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Infeasible:
    """The rules cost more than there is. All amounts in the smallest unit of the currency."""

    needed_minor: int | None
    """The least that these rules cost, rounded up; None: they contradict each other."""
    budget_minor: int
    floor_that_fits_minor: int | None
    """The highest floor that the budget pays under the same rules; None: no floor above zero."""

    @property
    def missing_minor(self) -> int:
        return 0 if self.needed_minor is None else self.needed_minor - self.budget_minor
