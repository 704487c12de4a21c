"""What a voter takes home: the commitment to the ballot, signed by the board key."""

import uuid
from dataclasses import dataclass
from datetime import date

from app import keys
from voting import canonical, receipts


@dataclass(frozen=True)
class Receipt:
    """Proof that a ballot was taken. It tells nothing about what is on the ballot.

    `due`: the day of the close, after which the commitment must be on the public board.
    `counts`: whether it is the ballot that counts; False when a newer one was cast since.
    """

    round_id: uuid.UUID
    pot_id: uuid.UUID
    commitment: bytes
    due: date
    counts: bool = True

    @property
    def tracking_code(self) -> str:
        return receipts.tracking_code(self.commitment)

    def content(self) -> bytes:
        """Return the canonical bytes that are signed."""
        return canonical.encode(
            {
                "commitment": self.commitment.hex(),
                "due": self.due.isoformat(),
                "format": "minga-receipt/1",
                "round": str(self.round_id),
            }
        )

    def signed(self) -> dict[str, str]:
        """Return content, signature and public key; the signature is over the content's bytes."""
        content = self.content()
        return {
            "content": content.decode(),
            "signature": keys.board_key().sign(content).hex(),
            "public_key": keys.board_public_key().hex(),
        }
