import stat
import threading
from pathlib import Path

from app import private_files


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"

    private_files.write(path, b"codes")

    assert path.read_bytes() == b"codes"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_there_stays_and_no_draft_is_left(tmp_path: Path) -> None:
    path = tmp_path / "round.key"
    private_files.write_once(path, b"first")

    private_files.write_once(path, b"second")

    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["round.key"]


def test_of_many_who_write_at_once_one_counts_whole(tmp_path: Path) -> None:
    path = tmp_path / "round.key"
    contents = [bytes([number]) * 4096 for number in range(8)]
    writers = [
        threading.Thread(target=private_files.write_once, args=(path, one)) for one in contents
    ]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert path.read_bytes() in contents
    assert len(list(tmp_path.iterdir())) == 1
