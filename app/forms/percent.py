"""Parts of a hundred, as people write them: 2, 2.5 or 2,5 %."""

import re
from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import Field

PER_PERCENT = 100
_WRITTEN = re.compile(r"([0-9]{1,2}|100)(?:[.,]([0-9]{1,2}))?\s*%?")


class PercentField(Field):
    """A share; `data` is in basis points, hundredths of a percent, or None where nothing stands."""

    def process_formdata(self, valuelist: Any) -> None:
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if text:
            self.data = basis_points(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else written(int(self.data))


def basis_points(text: str) -> int:
    """Read a share. Raises ValueError with a sentence for what is none from 0 to 100.

    >>> basis_points("2,5 %"), basis_points("100")
    (250, 10000)
    """
    found = _WRITTEN.fullmatch(text)
    points = int(found[1]) * PER_PERCENT + int((found[2] or "0").ljust(2, "0")) if found else -1
    if not 0 <= points <= 100 * PER_PERCENT:
        raise ValueError(lazy("Enter a percentage from 0 to 100, such as 2 or 2.5."))
    return points


def written(points: int) -> str:
    """Write a share without its sign.

    >>> written(250), written(200), written(5)
    ('2.5', '2', '0.05')
    """
    whole, part = divmod(points, PER_PERCENT)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".")
