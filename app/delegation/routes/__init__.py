"""Pages of delegation: the resident's, the delegate's, the organisation's, the desk's."""

from app.delegation.routes import desk, helper, helper_acts, own, workers
from app.delegation.routes.base import blueprint

__all__ = ["blueprint", "desk", "helper", "helper_acts", "own", "workers"]
