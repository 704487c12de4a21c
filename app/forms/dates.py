"""Dates and times in boxes of their own, which everybody can type on every device."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NoReturn

from flask_babel import lazy_gettext as lazy
from flask_babel import to_user_timezone, to_utc
from werkzeug.datastructures import MultiDict
from wtforms import Field


class DatePartsField(Field):
    """A date in three boxes; `data` is a date.

    `wrong_parts` names the boxes to correct.
    """

    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")
    missing: ClassVar[dict[str, object]] = {
        "day": lazy("Enter the day."),
        "month": lazy("Enter the month."),
        "year": lazy("Enter the year."),
        "time": lazy("Enter the time."),
    }

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Gather the boxes, which arrive under names of their own."""
        self.wrong_parts: tuple[str, ...] = ()
        if formdata is not None:
            names = [f"{self.name}-{part}" for part in self.parts]
            sent = any(name in formdata for name in names)
            texts = [str(formdata.get(name, "")).strip() for name in names] if sent else []
            formdata = MultiDict([(self.name, text) for text in texts])
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        typed = dict(zip(self.parts, valuelist, strict=False))
        if not any(typed.values()):
            return
        for part in self.parts:
            if not typed[part]:
                self._fail(self.missing[part], part)
        self.data = self._read(typed)

    def _fail(self, sentence: object, *parts: str) -> NoReturn:
        self.wrong_parts = parts
        raise ValueError(sentence)

    def _read(self, typed: dict[str, str]) -> date:
        return self._read_date(typed)

    def _read_date(self, typed: dict[str, str]) -> date:
        if not re.fullmatch(r"[0-9]{4}", typed["year"]):
            self._fail(lazy("Enter the year with 4 figures, such as 2027."), "year")
        try:
            return date(int(typed["year"]), *(int(typed[part][:4]) for part in ("month", "day")))
        except ValueError:
            self._fail(lazy("Enter a real date, such as 27 3 2027."), "day", "month", "year")

    @property
    def first_id(self) -> str:
        """Where the error summary leads: the first wrong box."""
        return f"{self.id}-{next(iter(self.wrong_parts), self.parts[0])}"

    def boxes(self) -> list[tuple[str, str]]:
        """Return (part, text) as typed, or as stored."""
        texts = list(self.raw_data or []) or self._stored()
        return list(zip(self.parts, texts or [""] * len(self.parts), strict=False))

    def _stored(self) -> list[str]:
        if self.data is None:
            return []
        return [str(self.data.day), str(self.data.month), str(self.data.year)]


class MomentField(DatePartsField):
    """A date and a time of day in the town's time zone; `data` is an aware datetime in UTC."""

    parts = ("day", "month", "year", "time")

    def _read(self, typed: dict[str, str]) -> datetime:
        day = self._read_date(typed)
        match = re.fullmatch(r"([01]?[0-9]|2[0-3])(?:[:.h]([0-5][0-9]))?", typed["time"])
        if match is None:
            self._fail(lazy("Enter the time from 0:00 to 23:59, such as 18:00."), "time")
        hour, minute = int(match[1]), int(match[2] or 0)
        local = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 (town's time)
        return to_utc(local).replace(tzinfo=UTC)  # type: ignore[no-any-return]  # no types

    def _stored(self) -> list[str]:
        if self.data is None:
            return []
        local = to_user_timezone(self.data)
        return [str(local.day), str(local.month), str(local.year), f"{local:%H:%M}"]
