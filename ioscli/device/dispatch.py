"""What was typed: a comment, an alias, an EXEC command with its pipes, or a configuration line; and how a refusal looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.configure import asked, configure
from ioscli.device.lookup import Lookup
from ioscli.device.output import Pager, pipe_of, split_pipe
from ioscli.device.terminal import Refused
from ioscli.grammar.node import common
from ioscli.grammar.refusal import Fault, Refusal

if TYPE_CHECKING:
    from ioscli.device.session import Session
    from ioscli.grammar.line import Line
    from ioscli.grammar.modes import Mode

DEBUG = "debug"
"""What alone of EXEC commands has a `no` form."""


async def dispatch(session: Session, line: str, *, reprint: bool = False) -> bool:
    """Does a line. `reprint`: it does not stand behind the prompt on the screen, so a refusal prints it anew.

    Returns whether it was taken; a refusal has been printed then.
    """
    text = line.strip()
    if not text or text[0] == "!":
        return True
    alias = expand_alias(session, line)
    if alias is not None:
        text, line, reprint = alias.rstrip(), alias, True
    refusal = await configure(session, text) if session.configuring else await _exec(session, text)
    if refusal is None:
        return True
    offset = 0 if reprint else len(line) - len(line.lstrip())
    show_refusal(session, refusal, text if reprint else line.rstrip("\n"), offset, reprint=reprint)
    return False


def expand_alias(session: Session, line: str) -> str | None:
    """The line with its alias replaced, None where it has none; a blank in front suppresses them."""
    if not line or line[0] == " ":
        return None
    first, blank, rest = line.rstrip("\n").partition(" ")
    command = session.device.aliases(session.mode.name).get(first)
    return f"{command}{blank}{rest}" if command is not None else None


async def do(session: Session, command: str) -> None:
    """Runs an EXEC command from a configuration mode."""
    while command[:3].lower() == "do ":
        command = command[3:].lstrip()
    place, session.place_or_none = session.place_or_none, None
    try:
        await dispatch(session, command, reprint=True)
    finally:
        if session.place_or_none is None:
            session.place_or_none = place


async def _exec(session: Session, text: str) -> Refusal | None:
    mode = session.mode
    command, filtered = split_pipe(text)
    if filtered is None and "|" in text and mode.trie.match(text.split(), text) is None:
        command, filtered = split_pipe(text, apart=False)  # `show ip route eigrp| include 0.0.0.0`
    tokens = command.split()
    if tokens[0].lower() == "no":
        if len(tokens) == 1:
            return Refusal(Fault.INCOMPLETE, len(command), 1)
        found = mode.trie.match_no(tokens[1:], command[2:].lstrip())
        if found is None or all(end.line.toggles is None for end in found[0]):
            return _no_such_form(mode, command, tokens)
        for end in found[0]:
            await toggle(session, end.line, on=False)
        return None
    match = mode.trie.match(tokens, command)
    if match is None:
        refusal = mode.refusal(command)
        if refusal is not None and refusal.fault is Fault.INVALID and len(tokens) == 1:
            _not_a_host(session, command)
            return None
        if refusal is not None and refusal.fault is Fault.INCOMPLETE and len(tokens) == 1 and _is_show(tokens[0], mode):
            raise Refused('% Type "show ?" for a list of subcommands')
        return refusal
    line = match.end.line
    if line.toggles is not None and filtered is None:
        await toggle(session, line, on=True)
        return None
    pager = None
    if filtered is not None:
        bar = text.index("|")
        pipe = pipe_of(filtered, bar + 1) if takes_pipe(match.tokens, mode) else Refusal(Fault.INVALID, bar, len(tokens))
        if isinstance(pipe, Refusal):
            return pipe
        pager = Pager(session, pipe)
    await session.act(line, match.text, pager)
    return None


def _no_such_form(mode: Mode, command: str, tokens: list[str]) -> Refusal | None:
    """Why `no` and these words are no EXEC command."""
    first = tokens[1].lower()
    if DEBUG.startswith(first):
        return mode.refusal(command)
    return Refusal(Fault.INVALID, command.index(tokens[1], len(tokens[0])) + min(common(DEBUG, first), len(first) - 1), 1)


def _is_show(word: str, mode: Mode) -> bool:
    head = mode.trie.head(word)
    return head is not None and head.word.strip() == "show"


def takes_pipe(tokens: list[str], mode: Mode) -> bool:
    """Whether the output of a command can be filtered."""
    head = mode.trie.head(tokens[0])
    return mode.name == "exec" and head is not None and head.word.strip() in ("show", "more", "dir", "write", "test", "verify")


async def toggle(session: Session, line: Line, *, on: bool) -> None:
    """Turns a debugging flag on or off and says so, as routers do."""
    assert line.toggles is not None
    flag, text = line.toggles
    if line.asks is not None:
        agreed = await asked(session, line, line.head, negated="" if on else "no")
        if agreed is None:
            return
    session.write(f"{session.device.debugs.set(flag, text, on=on)}\n")


def _not_a_host(session: Session, word: str) -> None:
    """A single word that is no command is taken for the name of a host to connect to (Cisco 46253)."""
    device = session.device
    if device.preferred_transport(session) == "none":
        refusal = session.mode.refusal(word)
        assert refusal is not None
        show_refusal(session, refusal, word, 0, reprint=False)
        return
    lookup = device[Lookup]
    session.write(lookup.translating(word))
    session.write("" if lookup.on else "% Bad IP address or host name\n")
    end = "\n" if lookup.on else ""
    raise Refused(f"% Unknown command or computer name, or unable to find computer address{end}")


def show_refusal(session: Session, refusal: Refusal, line: str, offset: int, *, reprint: bool) -> None:
    """Prints why a line was refused, the caret under the character that stands on the screen."""
    if refusal.fault is Fault.INCOMPLETE:
        session.write(f"{refusal.message(line)}\n\n")
        return
    if refusal.fault is Fault.AMBIGUOUS:
        session.write(f"{refusal.message(line)}\n")
        return
    column = refusal.column + offset + (0 if reprint else len(session.prompt))
    if not reprint and (session.width == 0 or len(session.prompt) + len(line) > session.width):
        reprint, column = True, refusal.column + offset
    shown = f"{line}\n" if reprint else ""
    session.write(f"{shown}{' ' * column}^\n{refusal.message(line)}\n\n")
