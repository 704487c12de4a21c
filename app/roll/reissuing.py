"""A new code for a lost letter, handed over at the desk as a letter of its own."""

from app.db import read_tx
from app.policy import Actor
from app.roll import issuing, letters
from app.roll.letter_words import letter_texts
from app.roll.letters import Letter
from app.rounds import queries as rounds


def letter(actor: Actor, slug: str, *, register_number: str, name: str) -> bytes:
    """Void a person's code, issue a new one and return its letter as a PDF, which is not kept."""
    texts = read_tx(lambda s: letter_texts(s, rounds.round_by_slug(s, slug)))
    code = issuing.reissue(actor, slug, register_number)
    return letters.make_pdf([Letter(name, (), code)], texts)
