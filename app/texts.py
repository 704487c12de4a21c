"""Texts made comparable, and made fit for addresses."""

import re
import unicodedata

# Letters that Unicode does not take apart into a plain one and an accent.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """Make texts comparable: without capitals and without accents.

    >>> fold("Árboles en la CALLE Núñez"), fold("Łódź")
    ('arboles en la calle nunez', 'lodz')
    """
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(PLAIN)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def slug_of(title: str) -> str:
    """Propose a name in addresses; letters without a plain form are left out.

    >>> slug_of("Presupuesto 2027: ¡Barrios!"), slug_of("Białystok"), slug_of("東 2027")
    ('presupuesto-2027-barrios', 'bialystok', '2027')
    """
    plain = "".join(char for char in fold(title) if char.isascii() or not char.isalpha())
    plain = re.sub(r"[^a-z0-9]+", "-", plain)
    return plain.strip("-")[:60].strip("-")
