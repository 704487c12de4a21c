"""Time and memory of the letters: QR codes and the PDF for 10,000 people, and one code's hash.

    .venv/bin/python benchmarks/letters.py [LETTERS]

The aim is two minutes for 10,000 letters, the hashing of the codes apart.
"""

import resource
import secrets
import sys
import time
import uuid
from pathlib import Path

from app.roll import codes, letters
from voting.codes import SECRET_BITS, SELECTOR_BITS, format_code, make_code

TEXTS = letters.LetterTexts(
    town="Valdeagua",
    round_title="Neighbourhood budget 2027",
    dates="1 March 2027, 9:00 to 20 March 2027, 20:00",
    heading="Your code for voting",
    instructions=(
        "Point your phone's camera at the square, or go to valdeagua.example/ballot.",
        "Enter the code. Capital or small letters and hyphens do not matter.",
        "Choose projects, check your ballot and cast it. You can change it until the last day.",
    ),
    code_label="Your personal code",
    secrecy="Your vote is secret. It is kept without your name.",
    contact="Help: town hall, Plaza Mayor 1, telephone 555 0100.",
    address_of_code="https://valdeagua.example/ballot/2027-neighbourhoods#",
)


def main(number: int) -> None:
    people = [
        letters.Letter(
            f"Person Number {n}",
            (f"Calle Mayor {n}", "28990 Valdeagua"),
            format_code(
                make_code(
                    selector_bits=n % 2**SELECTOR_BITS, secret_bits=secrets.randbits(SECRET_BITS)
                )
            ),
        )
        for n in range(number)
    ]
    start = time.perf_counter()
    pdf = letters.make_pdf(people, TEXTS)
    seconds = time.perf_counter() - start
    memory_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{number} letters: {seconds:.1f} s, {len(pdf) / 1e6:.1f} MB, {memory_mb} MB of memory")
    folder = Path("benchmarks/results")
    folder.mkdir(exist_ok=True)
    (folder / "letters.pdf").write_bytes(pdf)

    drawn = list(codes.draw_codes([uuid.uuid4() for _ in range(200)], set()))
    start = time.perf_counter()
    codes.hash_codes(drawn, bytes(32))
    each_ms = (time.perf_counter() - start) / len(drawn) * 1000
    print(f"hashing: {each_ms:.1f} ms a code on {codes.THREADS} threads")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
