"""Pages of accounts, under /account."""

from app.accounts.routes import own, passkeys, sign_in, staff
from app.accounts.routes.base import blueprint

__all__ = ["blueprint", "own", "passkeys", "sign_in", "staff"]
