"""Files in the Pabulib format, damaged by chance as files are damaged: the same for a seed."""

import re
from collections.abc import Callable
from random import Random

# Marks of the format, numbers that a lax reader takes, blanks and letters that hide, titles.
FRAGMENTS = [
    *('"', '""', ";", ",", ",,", ";;;", "\n", "\r", "\r\n", "\n\n", "\0", "\x1b", "\x1e", "\x1f"),
    *("\x85", "\u2028", "\ufeff", " ", "\t", "\u00a0", "\u3000", "\ud800", "ł", "😀", "٣", "voteſ"),
    *("META", "PROJECTS", "VOTES", "\nVOTES\n", "\nMETA;;\n", "none", "None", "-1", "+1", "1e5"),
    *("0x10", "NaN", "inf", "1,000", "500,5", "1.5", ".5", "0", "9" * 400, "1" * 16, "#2", "#1: x"),
    *("vote_type;scoring", "vote_type;cumulative", "vote_type;choose-1", "vote_type;knapsack"),
    *("min_length;3", "max_length;1", "max_sum_cost;100", "min_points;2", "max_sum_points;1"),
    *("categories;a,b", "max_length_per_category;1", "project_id;cost;votes", "target"),
    *("voter_id;vote;points", "budget;0", "x" * 300, '"a;b"', "1 ,2", "\u00a0\n"),
]


def mutated(text: str, random: Random) -> str | bytes:
    """Damage a file in one to four ways; sometimes below the letters."""
    for _ in range(random.choice([1, 1, 1, 2, 2, 3, 4])):
        text = random.choice(WAYS)(text, random)
    if random.random() < 0.5:
        text = _with_counted_numbers(text)
    if random.random() < 0.5:
        return text
    encoded = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(random.choice([0, 0, 0, 1, 3]) if encoded else 0):
        encoded[random.randrange(len(encoded))] = random.randrange(256)
    return bytes(encoded)


def _with_counted_numbers(text: str) -> str:
    """Declare as many projects and votes as there are lines, so that not all fail for that."""
    projects, votes = (text.find(f"\n{title}") for title in ("PROJECTS", "VOTES"))
    counts = {"num_projects": text[projects:votes], "num_votes": text[votes:]}
    for key, section in counts.items():
        rows = len(section.strip().splitlines()) - 2
        text = re.sub(rf"{key};[0-9]+", f"{key};{rows}", text)
    return text


def _put_in_fragment(text: str, random: Random) -> str:
    start = max(random.randint(0, len(text)) for _ in range(2))
    return text[:start] + random.choice(FRAGMENTS) + text[start + random.choice([0, 0, 1, 5]) :]


def _cut(text: str, random: Random) -> str:
    start, stop = sorted(random.randint(0, len(text)) for _ in range(2))
    return text[:start] + text[stop:] if random.random() < 0.3 else text[:stop]


def _lose_line(lines: list[str], place: int, random: Random) -> None:
    del lines[place]


def _repeat_line(lines: list[str], place: int, random: Random) -> None:
    lines.insert(place, random.choice(lines))


def _swap_lines(lines: list[str], place: int, random: Random) -> None:
    other = random.randrange(len(lines))
    lines[place], lines[other] = lines[other], lines[place]


def _put_in_line(lines: list[str], place: int, random: Random) -> None:
    lines.insert(place, random.choice(FRAGMENTS))


def _move_lines(lines: list[str], place: int, random: Random) -> None:
    """Move a stretch, such as a section, to another place."""
    moved = lines[place : place + random.randint(1, len(lines))]
    del lines[place : place + len(moved)]
    target = random.randint(0, len(lines))
    lines[target:target] = moved


def _replace_cell(lines: list[str], place: int, random: Random) -> None:
    cells = lines[place].split(";")
    cells[random.randrange(len(cells))] = random.choice(FRAGMENTS)
    lines[place] = ";".join(cells)


def _swap_cells(lines: list[str], place: int, random: Random) -> None:
    cells = lines[place].split(";")
    random.shuffle(cells)
    lines[place] = ";".join(cells)


def _change_entry(lines: list[str], place: int, random: Random) -> None:
    cells = lines[place].split(";")
    index = random.randrange(len(cells))
    entries = cells[index].split(",")
    new = random.choice([*entries, " " + entries[0], entries[0] + " ", "99", "", "-0", "2.50"])
    entries.insert(random.randint(0, len(entries)), new)
    cells[index] = ",".join(entries)
    lines[place] = ";".join(cells)


def _give_id_of_another(lines: list[str], place: int, random: Random) -> None:
    id_ = random.choice(lines).split(";")[0]
    lines[place] = ";".join([id_ + random.choice(["", "", "#2"]), *lines[place].split(";")[1:]])


def _by_line(change: Callable[[list[str], int, Random], None]) -> Callable[[str, Random], str]:
    def way(text: str, random: Random) -> str:
        line_end = "\r\n" if "\r\n" in text else "\n"
        lines = text.split(line_end)
        # The ballots come last, and most of what can go wrong goes wrong there.
        change(lines, max(random.randrange(len(lines)) for _ in range(3)), random)
        if random.random() < 0.1:
            line_end = random.choice(["\n", "\r", "\r\n"])
        return line_end.join(lines)

    return way


WAYS = [
    *(_put_in_fragment, _cut),
    *map(_by_line, (_lose_line, _repeat_line, _swap_lines, _put_in_line, _move_lines)),
    *map(_by_line, (_replace_cell, _swap_cells, _change_entry, _change_entry, _change_entry)),
    *map(_by_line, (_give_id_of_another, _give_id_of_another)),
]
