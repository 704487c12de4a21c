"""What must always hold between the lines of batches and the ledger: `minga ledger check`."""

from sqlmodel import Session

from app.ledger.checking import first, invariant

_PAID = "('released', 'exported', 'booked')"


@invariant("settlement pays")
def pays(session: Session) -> str | None:
    """Each line that was in a released file has one SETTLE of its amount; no other line has one."""
    return first(
        session,
        f"""
        SELECT l.id, l.state, b.state AS batch, l.pay_minor, t.amount_minor
        FROM settlement_line l JOIN settlement_batch b ON b.id = l.batch_id
        LEFT JOIN transfer t ON t.event_id = l.id AND t.kind = 'SETTLE'
        WHERE (l.state <> 'carried' AND b.state IN {_PAID}) <> (t.id IS NOT NULL)
            OR t.amount_minor <> l.pay_minor
        ORDER BY l.id LIMIT 1
        """,  # noqa: S608 (own text)
        "line {id} ({state}, batch {batch}) pays {pay_minor}, the ledger paid {amount_minor}",
    )


@invariant("settlement lines")
def lines(session: Session) -> str | None:
    """Money of a programme leaves by a line of a batch and in no other way."""
    return first(
        session,
        """
        SELECT t.id, t.amount_minor, t.event_id FROM transfer t
        JOIN ledger_account a ON a.id = t.credit_id JOIN programme p ON p.id = a.subject_id
        LEFT JOIN settlement_line l ON l.id = t.event_id
        WHERE t.kind = 'SETTLE' AND l.id IS NULL ORDER BY t.id LIMIT 1
        """,
        "transfer {id} pays {amount_minor} for {event_id}, which is no line of a batch",
    )


@invariant("settlement fees")
def fees(session: Session) -> str | None:
    """The fee of a line that was paid is in the ledger once, and no other is."""
    return first(
        session,
        f"""
        SELECT l.id, l.fee_minor, t.amount_minor
        FROM settlement_line l JOIN settlement_batch b ON b.id = l.batch_id
        LEFT JOIN transfer t ON t.event_id = l.id AND t.kind = 'FEE'
        WHERE (l.state <> 'carried' AND l.fee_minor > 0 AND b.state IN {_PAID})
            <> (t.id IS NOT NULL) OR t.amount_minor <> l.fee_minor
        ORDER BY l.id LIMIT 1
        """,  # noqa: S608 (own text)
        "line {id} keeps a fee of {fee_minor}, the ledger has {amount_minor}",
    )


@invariant("settlement returns")
def returns(session: Session) -> str | None:
    """What the bank sent back is owed again, once."""
    return first(
        session,
        """
        SELECT l.id, l.state, l.pay_minor, t.amount_minor FROM settlement_line l
        LEFT JOIN transfer t ON t.event_id = l.id AND t.kind = 'SETTLE_RETURN'
        WHERE (l.state = 'returned') <> (t.id IS NOT NULL) OR t.amount_minor <> l.pay_minor
        ORDER BY l.id LIMIT 1
        """,
        "line {id} ({state}) paid {pay_minor}, the ledger has {amount_minor} as sent back",
    )


@invariant("settlement items")
def items(session: Session) -> str | None:
    """A line in a file pays for exactly the redemptions that stand in it."""
    return first(
        session,
        """
        WITH held AS (
            SELECT line_id, SUM(amount_minor) AS total, COUNT(*) AS number
            FROM settlement_item WHERE live GROUP BY line_id
        )
        SELECT l.id, l.gross_minor, l.item_count, COALESCE(h.total, 0) AS total
        FROM settlement_line l JOIN settlement_batch b ON b.id = l.batch_id
        LEFT JOIN held h ON h.line_id = l.id
        WHERE l.state <> 'carried' AND b.state <> 'withdrawn'
            AND (COALESCE(h.total, 0) <> l.gross_minor OR COALESCE(h.number, 0) <> l.item_count)
        ORDER BY l.id LIMIT 1
        """,
        "line {id} is for {item_count} redemptions of {gross_minor}, but has {total}",
    )


@invariant("settlement once")
def once(session: Session) -> str | None:
    """No redemption is in two live batches."""
    return first(
        session,
        "SELECT redemption_id AS id, COUNT(*) AS number FROM settlement_item WHERE live "
        "GROUP BY redemption_id HAVING COUNT(*) > 1 ORDER BY redemption_id LIMIT 1",
        "redemption {id} is in {number} live batches",
    )


@invariant("settlement bank")
def bank(session: Session) -> str | None:
    """What the bank booked for a file is what the ledger paid for it and did not get back."""
    return first(
        session,
        """
        WITH moved AS (
            SELECT l.batch_id, SUM(CASE t.kind WHEN 'SETTLE' THEN t.amount_minor
                ELSE -t.amount_minor END) AS total
            FROM settlement_line l JOIN transfer t ON t.event_id = l.id
            WHERE t.kind IN ('SETTLE', 'SETTLE_RETURN') GROUP BY l.batch_id
        )
        SELECT b.id, b.bank_minor, COALESCE(m.total, 0) AS total
        FROM settlement_batch b LEFT JOIN moved m ON m.batch_id = b.id
        WHERE b.bank_minor <> COALESCE(m.total, 0) ORDER BY b.id LIMIT 1
        """,
        "batch {id}: the bank booked {bank_minor}, the ledger paid {total}",
    )
