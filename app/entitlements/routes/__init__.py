"""Pages of entitlements: a resident's own, and the desk of staff."""

from app.entitlements.routes import desk, identity, issuing, own, vouchers
from app.entitlements.routes.base import blueprint

__all__ = ["blueprint", "desk", "identity", "issuing", "own", "vouchers"]
