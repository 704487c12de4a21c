"""The till of a provider, page by page: read the code, amount, confirm, receipt."""

from app.vouchers.routes import till_codes, till_confirm, till_taken, till_visits
from app.vouchers.routes.till_base import blueprint

__all__ = ["blueprint", "till_codes", "till_confirm", "till_taken", "till_visits"]
