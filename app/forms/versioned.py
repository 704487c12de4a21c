"""Forms that notice when somebody else has saved in the meantime."""

from wtforms import HiddenField

from app.forms.base import MingaForm

FIGURES_MAX = 9


class VersionedForm(MingaForm):
    """Knows which version it was drawn from, so that newer text is not overwritten unseen."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that was sent; 0, which nothing has, for anything but a number."""
        text = str(self.version.data or "")
        is_number = text.isascii() and text.isdigit() and len(text) <= FIGURES_MAX
        return int(text) if is_number else 0
