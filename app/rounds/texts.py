"""Texts made comparable, and made fit for addresses."""

import re
import unicodedata


def fold(text: str) -> str:
    """Make texts comparable: without capitals and without accents.

    >>> fold("Árboles en la CALLE Núñez")
    'arboles en la calle nunez'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def slug_of(title: str) -> str:
    """Propose a name in addresses; letters without a plain form, such as ł, are left out.

    >>> slug_of("Presupuesto 2027: ¡Barrios!"), slug_of("Białystok")
    ('presupuesto-2027-barrios', 'biaystok')
    """
    plain = "".join(char for char in fold(title) if char.isascii() or not char.isalpha())
    plain = re.sub(r"[^a-z0-9]+", "-", plain)
    return plain.strip("-")[:60].strip("-")
