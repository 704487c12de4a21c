"""Rules about passwords, roles and addresses that need no database."""

import string
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

PASSWORD_LENGTH_MIN = 15
PASSWORD_LENGTH_MAX = 200
DIFFERENT_SYMBOLS_MIN = 6

PRIVILEGED_ROLES = frozenset({"administrator", "round_officer"})
"""Roles that only two people together can give."""


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_COMMON = "too_common"
    PERSONAL = "personal"


def password_fault(
    password: str, *, common: frozenset[str], personal: Iterable[str] = ()
) -> PasswordFault | None:
    """Say why a password is too weak; None if it may be used. Length counts, not oddities.

    `common` holds `plain` forms; `personal` are words that others know: name, address, town.

    >>> password_fault("correct horse battery staple", common=frozenset())
    >>> password_fault("aaaaaaaaaaaaaaaaaaaa", common=frozenset())
    <PasswordFault.TOO_COMMON: 'too_common'>
    >>> password_fault("ana@valdeagua.es!", common=frozenset(), personal=["ana@valdeagua.es"])
    <PasswordFault.PERSONAL: 'personal'>
    """
    if len(password) < PASSWORD_LENGTH_MIN:
        return PasswordFault.TOO_SHORT
    if len(password) > PASSWORD_LENGTH_MAX:
        return PasswordFault.TOO_LONG
    plain_password = plain(password)
    if len(set(plain_password)) < DIFFERENT_SYMBOLS_MIN or plain_password in common:
        return PasswordFault.TOO_COMMON
    for word in personal:
        if plain(word) and len(plain_password.replace(plain(word), "")) < DIFFERENT_SYMBOLS_MIN:
            return PasswordFault.PERSONAL
    return None


def plain(text: str) -> str:
    """Drop what does not make a password harder to guess: case, blanks, punctuation, accents.

    >>> plain("Pass-Wörd 2027!")
    'password2027'
    """
    parts = unicodedata.normalize("NFKD", text).casefold()
    dropped = string.punctuation + string.whitespace
    return "".join(c for c in parts if c not in dropped and not unicodedata.combining(c))


def roles_clash(roles: Iterable[str]) -> bool:
    """Say whether one person may not have all of these: an administrator is never an officer.

    >>> roles_clash({"administrator", "round_officer"}), roles_clash({"clerk", "reviewer"})
    (True, False)
    """
    return set(roles) >= PRIVILEGED_ROLES


def same_site_path(target: str | None) -> str | None:
    """Return `target` if it is a path of this site, else None: never lead to another's page.

    >>> same_site_path("/rounds/2027?page=2")
    '/rounds/2027?page=2'
    >>> [same_site_path(bad) for bad in ("//evil.example", "/\\\\evil.example", "https://evil.example",
    ...     "javascript:alert(1)", "rounds", "/\\t/evil.example", "", None)]
    [None, None, None, None, None, None, None, None]
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or not target.isprintable() or " " in target:
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
