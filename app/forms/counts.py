"""Whole numbers: people, years, hours."""

from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import IntegerField as PlainIntegerField

DIGITS_READ = 9
NOT_A_COUNT = lazy("Enter a whole number from 0 to %(most)d, in figures.")


class IntegerField(PlainIntegerField):
    """A whole number from 0 to `most`, refused by `sentence`, which may name `most`."""

    def __init__(
        self, *arguments: Any, most: int, sentence: object = NOT_A_COUNT, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.most, self.sentence = most, sentence

    def process_formdata(self, valuelist: Any) -> None:
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        if not (text.isascii() and text.isdigit()) or int(text[:DIGITS_READ]) > self.most:
            raise ValueError(str(self.sentence) % {"most": self.most})
        self.data = int(text)
