"""The parts that forms are made of; `templates/components/field.html` draws them."""

from app.forms.base import MingaForm, Required, choice, clean_text, filled, offered
from app.forms.dates import DatePartsField, MomentField
from app.forms.money import MoneyField, parse_money
from app.forms.versioned import VersionedForm

__all__ = [
    "DatePartsField",
    "MingaForm",
    "MomentField",
    "MoneyField",
    "Required",
    "VersionedForm",
    "choice",
    "clean_text",
    "filled",
    "offered",
    "parse_money",
]
