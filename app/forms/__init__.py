"""The parts that forms are made of; `templates/components/field.html` draws them."""

from app.forms.acting import form_page, try_act, try_form
from app.forms.base import (
    MingaForm,
    Required,
    choice,
    clean_text,
    filled,
    length_up_to,
    offered,
)
from app.forms.counts import IntegerField
from app.forms.dates import DatePartsField, MomentField
from app.forms.money import MoneyField, parse_money
from app.forms.versioned import VersionedForm

__all__ = [
    "DatePartsField",
    "IntegerField",
    "MingaForm",
    "MomentField",
    "MoneyField",
    "Required",
    "VersionedForm",
    "choice",
    "clean_text",
    "filled",
    "form_page",
    "length_up_to",
    "offered",
    "parse_money",
    "try_act",
    "try_form",
]
