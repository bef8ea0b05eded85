"""Statements of several lines: certificates and keys until `quit`, banners until their delimiter, macros until `@`."""

from __future__ import annotations

import re

ETX = "\x03"
QUIT = "  \tquit"
_SHOWN = (" " * 8 + "quit", "  quit")  # as terminals and copies show its tab
_HEX = r"[0-9A-Fa-f]+"
_ROW = r"(?:[0-9A-F]{8} )*[0-9A-F]{2,8}"


class BodyError(ValueError):
    """A body that cannot be taken; `offset` is the line, counted from the statement's own (0)."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def closing(kind: str) -> str:
    """What stands alone on the line that ends a body of this type (not of `delimited`)."""
    return "@" if kind == "until-@" else "quit"


def take_lines(lines: list[str], number: int, kind: str) -> tuple[int, list[str], bool]:
    """The lines of a body of this type from `lines[number]` on, its closing line last.

    Returns the number of the line after it, the lines, and whether it closed before the text ended (its closing line is added if not).
    """
    mark = closing(kind)
    for end in range(number, len(lines)):
        if mark in lines[end] and lines[end].strip() == mark:
            return end + 1, lines[number : end + 1], True
    return len(lines), [*lines[number:], mark], False


def take_delimited(lines: list[str], number: int, rest: str) -> tuple[int, str, bool]:
    """The text between the delimiter that `rest` (the end of the line before `lines[number]`) begins with and its next occurrence.

    Returns the number of the line after it, the text, and whether it closed before the text ended.
    """
    mark = delimiter(rest)
    row = lines[number - 1]
    row = row[row.index(rest) + len(mark) :]
    taken = []
    while mark not in row:
        taken.append(row)
        if number == len(lines):
            return number, "\n".join(taken), False
        row = lines[number]
        number += 1
    taken.append(row[: row.index(mark)])
    return number, "\n".join(taken), True


def hexadecimal(lines: list[str]) -> str:
    """The body of a certificate or key as routers print it: groups of eight digits, eight a line unless they came so.

    The last of `lines` is the closing `quit`; terminals show its tab as blanks, and it stays as it was shown.
    Raises BodyError where a line holds anything but hexadecimal digits.
    """
    rows = [row for row in map(str.strip, lines[:-1]) if row]
    is_row = re.compile(_ROW).fullmatch
    if not all(map(is_row, rows)):
        for offset, line in enumerate(lines[:-1], 1):
            if line.strip() and not re.fullmatch(_HEX, "".join(line.split())):
                raise BodyError("only hexadecimal digits until quit", offset)
        rows = [" ".join(row.split()) for row in rows]
        if not all(map(is_row, rows)):
            digits = "".join(rows).replace(" ", "").upper()
            wide = [digits[at : at + 64] for at in range(0, len(digits), 64)]
            rows = [" ".join(row[at : at + 8] for at in range(0, len(row), 8)) for row in wide]
    closing = lines[-1].rstrip()
    return "\n".join([*rows, closing if closing in _SHOWN else QUIT])


def delimiter(text: str) -> str:
    """The delimiter of a banner: `^C` as show-run prints it, otherwise the first character."""
    return "^C" if text.startswith("^C") else text[0]


def delimited(mark: str, text: str) -> str:
    """The body of a banner between its delimiters: `^C`, or those that it came with where they are what that stands for.

    A text that has `^C` in it keeps those that it came with, too.
    """
    shown = mark if mark == ETX or "^C" in text else "^C"
    return f"{shown}{text}{shown}"


def body_lines(kind: str, body: str, indent: str) -> list[str]:
    """The lines that show-run prints under a statement for its body (`delimited` bodies start on the statement's own line)."""
    lines = body.split("\n")
    if kind == "hex-until-quit":
        return [*(f"{indent} {line}" for line in lines[:-1]), indent[:-1] + lines[-1]]
    return lines
