"""The pages of staff who settle; see the modules that hold them."""

from app.settlement.routes import bank, batches, disputes
from app.settlement.routes.batches import blueprint

__all__ = ["bank", "batches", "blueprint", "disputes"]
