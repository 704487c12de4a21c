"""What `minga ledger check` proves of vouchers."""

from sqlmodel import Session

from app.ledger.checking import first, invariant


@invariant("vouchers that have ended")
def ended(session: Session) -> str | None:
    """Nothing is left on what was replaced, has ended, or was only promised."""
    return first(
        session,
        """
        SELECT v.serial, v.state, a.balance_minor
        FROM voucher v JOIN ledger_account a ON a.id = v.account_id
        LEFT JOIN voucher_replacement r ON r.replaced_by = v.id AND r.funded
        WHERE a.balance_minor <> 0 AND (v.state IN ('replaced', 'ended')
            OR (v.state = 'inactive' AND r.voucher_id IS NULL))
        ORDER BY v.serial LIMIT 1
        """,
        "voucher {serial} is {state}, but {balance_minor} is left on it",
    )


@invariant("replacements")
def replacements(session: Session) -> str | None:
    """A voucher is replaced exactly where a replacement says by which."""
    return first(
        session,
        """
        SELECT v.serial, v.state FROM voucher v
        LEFT JOIN voucher_replacement r ON r.voucher_id = v.id
        WHERE (v.state = 'replaced' AND r.voucher_id IS NULL)
            OR (v.state <> 'replaced' AND r.voucher_id IS NOT NULL)
        ORDER BY v.serial LIMIT 1
        """,
        "voucher {serial} is {state}, which its replacement, or the lack of one, contradicts",
    )


@invariant("booked visits")
def visits(session: Session) -> str | None:
    """What is booked is set aside, what was done is paid, and each amount is that of its hold."""
    return first(
        session,
        """
        SELECT b.id, b.state, h.status FROM booking b JOIN hold h ON h.id = b.hold_id
        LEFT JOIN redemption r ON r.id = b.id
        WHERE b.amount_minor <> h.amount_minor
            OR (b.state = 'booked' AND h.status <> 'pending')
            OR (b.state <> 'booked' AND h.status = 'pending')
            OR (b.state = 'done' AND (r.id IS NULL OR h.status <> 'captured'))
            OR (b.state <> 'done' AND r.id IS NOT NULL)
        ORDER BY b.id LIMIT 1
        """,
        "visit {id} is {state}, its hold is {status}, or its payment or amount does not fit",
    )
