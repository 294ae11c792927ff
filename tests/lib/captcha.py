"""Pictures of numbers, as registration forms show them to people; the test is told what they say.

As a program it is what ejabberd wants of its captcha_cmd: "captcha.py FOLDER TEXT" writes a PNG to its
output.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import struct
import sys
import zlib

# Each digit is five rows of three dots.
_DIGITS = {
    "0": "111101101101111",
    "1": "010110010010111",
    "2": "111001111100111",
    "3": "111001111001111",
    "4": "101101111001001",
    "5": "111100111001111",
    "6": "111100111101111",
    "7": "111001001001001",
    "8": "111101111101111",
    "9": "111101111001111",
}

_DOT = 8
_BLACK, _WHITE = b"\x20", b"\xf0"


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(text):
    """A PNG in shades of grey that shows the digits of a text."""
    cells = [[False] * (len(text) * 4 + 1) for _ in range(7)]
    for place, digit in enumerate(text):
        for index, dot in enumerate(_DIGITS[digit]):
            cells[1 + index // 3][1 + place * 4 + index % 3] = dot == "1"
    rows = b""
    for cell_row in cells:
        row = b"\0" + b"".join((_BLACK if dark else _WHITE) * _DOT for dark in cell_row)
        rows += row * _DOT
    size = struct.pack(">IIBBBBB", len(cells[0]) * _DOT, len(cells) * _DOT, 8, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", size),
            _chunk(b"IDAT", zlib.compress(rows)),
            _chunk(b"IEND", b""),
        ]
    )


def main():
    folder, text = sys.argv[1], sys.argv[2]
    with open(f"{folder}/captcha.txt", "a", encoding="utf-8") as file:
        file.write(f"{text}\n")
    sys.stdout.buffer.write(picture(text))


if __name__ == "__main__":
    main()
