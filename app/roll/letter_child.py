"""Sets letters in a process of its own: thousands of pages take a gigabyte, given back at its end.

Standard input: JSON with `texts` and `letters`, as the two typst files want them. Standard output:
the PDF. Only the sheet that is the same for all touches the disk.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import typst

HERE = Path(__file__).parent


def main() -> None:
    asked = json.load(sys.stdin.buffer)
    with tempfile.TemporaryDirectory(prefix="minga-letters-") as name:
        folder = Path(name)
        sheet = _compile("letter_sheet.typ", folder, {"texts": json.dumps(asked["texts"])})
        (folder / "sheet.pdf").write_bytes(sheet)
        letters = {"letters": json.dumps(asked["letters"])}
        sys.stdout.buffer.write(_compile("letter_pages.typ", folder, letters))


def _compile(source: str, folder: Path, inputs: dict[str, str]) -> bytes:
    main_file = folder / source
    shutil.copy(HERE / source, main_file)
    return typst.compile(main_file, root=folder, sys_inputs=inputs)


if __name__ == "__main__":
    main()
