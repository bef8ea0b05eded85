"""What happens to a command's output on its way to the screen: filters behind `|`, and pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ioscli.device.terminal import Interrupted, Refused
from ioscli.grammar.node import common
from ioscli.grammar.refusal import Fault, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ioscli.device.session import Session

MORE = " --More-- "
ERASE = "\b" * 9 + " " * 8 + "\b" * 9  # what follows a key at --More-- (a 12.4 console)
FILTERS = {
    "append": "Append redirected output to URL (URLs supporting append operation only)",
    "begin": "Begin with the line that matches",
    "count": "Count number of lines which match regexp",
    "exclude": "Exclude lines that match",
    "format": "Format the output using the specified spec file",
    "include": "Include lines that match",
    "redirect": "Redirect output to URL",
    "section": "Filter a section of output",
    "tee": "Copy output to URL",
}
"""The words behind `|` and their help."""


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # what a terminal would obey; a tab it may


def _shown(found: re.Match[str]) -> str:
    """A control character as it can be seen: `^C`."""
    return f"^{chr((ord(found[0]) & 0x7F) ^ 0x40)}"


class Pipe(NamedTuple):
    """A filter and its argument: a regular expression, or where the output goes. `append`: behind what is there already."""

    kind: str
    argument: str
    append: bool = False


def split_pipe(text: str, *, apart: bool = True) -> tuple[str, str | None]:
    """A command, and what stands behind its first bar: None where there is none. `apart`: a blank has to stand in front of it."""
    before, bar, after = text.partition("|")
    if not bar or not before.strip() or (apart and not before[-1].isspace()):
        return text, None
    return before.rstrip(), after


def pipe_of(text: str, start: int) -> Pipe | Refusal:
    """The filter in a text. `start`: its column in the line that a refusal speaks of."""
    words = text.split(None, 1)
    if not words:
        return Refusal(Fault.INCOMPLETE, start, 1)
    kind = words[0].lower()
    found = [name for name in FILTERS if name.startswith(kind)]
    if not found:
        fits = max(common(kind, name) for name in FILTERS)
        return Refusal(Fault.INVALID, start + text.index(words[0]) + fits, 1)
    if len(found) > 1:
        return Refusal(Fault.AMBIGUOUS, start, 1)
    if len(words) == 1:
        return Refusal(Fault.INCOMPLETE, start, 2)
    argument, append = words[1], False
    if found[0] == "tee" and argument.startswith("/append "):
        argument, append = argument.removeprefix("/append ").strip(), True
    return Pipe(found[0], argument, append)


def expression(text: str) -> re.Pattern[str]:
    """A regular expression of IOS: `_` is itself, a blank, a comma, a brace, a parenthesis, or an end of the line. Raises Refused."""
    translated = re.sub(r"(?<!\\)_", r"(?:^|$|[ ,{}()_])", text)
    try:
        return re.compile(translated)
    except re.error:
        raise Refused("% Failed to compile regular expression") from None


class Pager:
    """Lines through a filter to the screen, with a pause at each page. Filters see what a terminal would show."""

    def __init__(self, session: Session, pipe: Pipe | None = None) -> None:
        self.session = session
        self.shown = 0  # lines since the last pause
        self.quiet = False  # the user wants no more
        self.pipe = pipe
        self.kept: list[str] = []
        self.skip = 0  # lines that the screen still passes over: `/` at --More--
        self.search: re.Pattern[str] | None = None
        self._filter = self._made(pipe)

    def _made(self, pipe: Pipe | None) -> Callable[[str], bool] | None:
        if pipe is None:
            return None
        if pipe.kind in ("redirect", "append", "tee"):
            self.session.device.files.check_writable(pipe.argument)
            return self._keep(lambda _: True, shown=pipe.kind == "tee")
        if pipe.kind == "format":
            raise Refused("% Output formatting needs a specification file")
        matches = expression(pipe.argument).search
        match pipe.kind:
            case "include":
                return lambda line: matches(line) is not None
            case "exclude":
                return lambda line: matches(line) is None
            case "count":
                return self._keep(matches, shown=False)
            case "begin":
                return self._begin(matches)
            case _:
                return self._section(matches)

    def _keep(self, matches: Callable[[str], object], *, shown: bool) -> Callable[[str], bool]:
        def passes(line: str) -> bool:
            if matches(line):
                self.kept.append(line)
            return shown

        return passes

    def _begin(self, matches: Callable[[str], object]) -> Callable[[str], bool]:
        begun = False

        def passes(line: str) -> bool:
            nonlocal begun
            begun = begun or bool(matches(line))
            return begun

        return passes

    def _section(self, matches: Callable[[str], object]) -> Callable[[str], bool]:
        depth: int | None = None

        def passes(line: str) -> bool:
            nonlocal depth
            indent = len(line) - len(line.lstrip(" "))
            if depth is not None and indent > depth and line.strip():
                return True
            depth = indent if matches(line) else None
            return depth is not None

        return passes

    async def line(self, text: str) -> bool:
        """Prints a line, or several joined by newlines. Returns whether more is wanted."""
        if "\n" in text:
            for part in text.split("\n"):
                if not await self.line(part):
                    return False
            return True
        if self._filter is not None and not self._filter(text):
            return True
        return await self.put(text)

    async def put(self, text: str) -> bool:
        """Prints a line that the filter let pass."""
        session = self.session
        if not text.isprintable():
            text = _CONTROL.sub(_shown, text)
        if self.search is not None:
            if not self.search.search(text):
                return True
            self.search = None
        if session.length:
            rows = max(-(-len(text) // session.width), 1) if session.width else 1
            if self.shown + rows > session.length - 1 and self.shown:
                await self.pause()
                if self.quiet:
                    return False
            self.shown += rows
        session.write(text + "\n")
        return True

    async def pause(self) -> None:
        """Waits at --More--: a blank is a page, Return a line, anything else the end."""
        session = self.session
        session.write(MORE)
        key = await session.terminal.key()
        session.write(ERASE)
        if key == " ":
            self.shown = 0
        elif key in "\r\n":
            self.shown = session.length - 2
        elif key == "/":
            wanted = await session.terminal.line("/")
            self.search = expression(wanted)
            session.write("filtering...\n")
            self.shown = 0
        else:
            self.quiet = True
            if key in ("\x03", "\x1e"):
                raise Interrupted

    async def end(self) -> None:
        """The output has ended: what a filter kept goes where it belongs."""
        if self.pipe is None:
            return
        if self.pipe.kind == "count":
            await self.put(f"Number of lines which match regexp = {len(self.kept)}")
        elif self.pipe.kind in ("redirect", "append", "tee"):
            data = "".join(f"{line}\n" for line in self.kept).encode("utf-8", "surrogateescape")
            append = self.pipe.kind == "append" or self.pipe.append
            await self.session.device.files.put(self.pipe.argument, data, append=append)
