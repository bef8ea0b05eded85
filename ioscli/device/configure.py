"""A line typed in a configuration mode: where it belongs, what it stores or removes, what it opens or does.

Modes lead as on a router: a line that the present mode does not have is tried in the modes around it, whole words of any before
abbreviations of any, and the session moves there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ioscli.config.body import BodyError, closing, delimited, delimiter, hexadecimal
from ioscli.config.frames import exact
from ioscli.config.tree import Section, Statement
from ioscli.device.binding import call, resolve
from ioscli.device.change import Change
from ioscli.device.place import Place
from ioscli.device.terminal import Refused
from ioscli.device.turn import settled
from ioscli.grammar.arguments import arguments
from ioscli.grammar.refusal import Fault, Refusal
from ioscli.grammar.types import Span

if TYPE_CHECKING:
    from ioscli.config.tree import Key
    from ioscli.device.session import Session
    from ioscli.grammar.line import End, Line
    from ioscli.grammar.trie import Match


class _Found(NamedTuple):
    """A line of the grammar, and the place that has it (None: of the mode that is understood everywhere)."""

    place: Place | None
    match: Match


async def configure(session: Session, text: str) -> Refusal | None:
    """Does a configuration line (stripped, no comment). Returns why it was refused, None where it was not.

    Raises Refused for what the grammar allows and the router does not.
    """
    tokens = text.split()
    first = tokens[0].lower()
    # `no` and `default` may be abbreviated as far as no command begins so.
    if first == "no" or (len(first) > 2 and "default".startswith(first)):
        if len(tokens) == 1:
            return Refusal(Fault.INCOMPLETE, len(text), 1)
        bare = text[len(first) :].lstrip()
        if await _negative(session, tokens[1:], bare, keep=first == "no"):
            return None
    if first.startswith("exit-") and _leaves(session, first):
        return None
    found = _find(session, tokens, text)
    if found is None:
        return _explain(session, text)
    place, match = found
    line = match.end.line
    if place is not None and place is not session.place:
        session.leave_to(place)
    if line.action is not None:
        await session.act(line, match.text)
    else:
        await _store(session, session.place, match)
    if place is not None and session.device.configured is not None:
        session.device.configured(session, line, match.text)
    return None


def _leaves(session: Session, word: str) -> bool:
    """Whether a line closes a mode that is open (`exit-address-family`, as printed configurations end it); it is left then."""
    place: Place | None = session.place
    while place is not None and place.parent is not None:
        if place.mode.leave == word:
            session.leave_to(place.parent)
            return True
        place = place.parent
    return False


def _find(session: Session, tokens: list[str], text: str) -> _Found | None:
    abbreviated: _Found | None = None
    place: Place | None = session.place
    everywhere = session.device.mode("any", session.level, session.cli_view)
    while place is not None:
        match = session.view(place.mode).trie.match(tokens, text)
        if match is not None:
            if match.text == text or exact(match.tokens, tokens):
                return _Found(place, match)
            abbreviated = abbreviated or _Found(place, match)
        if place is session.place and (match := everywhere.trie.match(tokens, text)) is not None:
            if exact(match.tokens[:1], tokens[:1]):
                return _Found(None, match)
            abbreviated = abbreviated or _Found(None, match)
        place = place.parent
    return abbreviated


def _explain(session: Session, text: str) -> Refusal | None:
    """The refusal that came furthest; that of the present mode where several did."""
    best: Refusal | None = None
    place: Place | None = session.place
    modes = [session.device.mode("any", session.level, session.cli_view)]
    while place is not None:
        modes.insert(-1, session.view(place.mode))
        place = place.parent
    for mode in modes:
        refusal = mode.refusal(text)
        if refusal is not None and (best is None or _rank(refusal) > _rank(best)):
            best = refusal
    return best


def _rank(refusal: Refusal) -> tuple[int, int]:
    return refusal.word, refusal.column


async def _store(session: Session, place: Place, match: Match) -> None:
    """Puts the statement of a match into every section of a place, and enters the mode that it opens."""
    end, text, _ = match
    line = end.line
    if line.asks is not None:
        answer = await asked(session, line, text)
        if answer is None:
            return
        if answer != text:
            again = session.view(place.mode).trie.match(answer.split(), answer)
            assert again is not None, "a dialogue gives a line of the same mode"
            end, text, _ = match = again
            line = end.line
    body = await _body(session, line, match) if line.body is not None else None
    if body is not None and line.body is not None and line.body.span is Span.REST_AND_LINES:
        text = " ".join(match.tokens[:-1])
    change = Change(session.device, session.user)
    heads: list[tuple[Key, Statement]] = []
    for section in place.sections:
        if line.applies is not None or line.secret or _applying(place):
            change.keep(section)
        key = end.key(match.tokens, text)
        statement = Statement(line, text, body=body)
        negated_key = ("no", line)
        if text == line.default and not line.shown:
            section.statements.pop(key, None)
        elif key not in section.statements:
            if line.enters is not None:
                statement.section = session.device.new_section(line.enters)
            statement = section.put(key, statement)
        else:
            statement = section.put(key, statement)
            if line.enters is not None and statement.section is None:
                statement.section = Section(session.device.grammar.modes[line.enters])
        section.statements.pop(negated_key, None)
        heads.append((key, statement))
        if line.secret:
            change.secrets.append(statement)
        if line.applies is not None:
            change.touch(line.applies, key, statement)
    _touch_heads(change, place)
    await change.commit()
    if line.enters is not None:
        session.place = Place(session.device.grammar.modes[line.enters], place.root, heads, place)


def _applying(place: Place | None) -> bool:
    """Whether an engine is told of what changes at a place."""
    while place is not None:
        if any(statement.line is not None and statement.line.applies is not None for _, statement in place.heads):
            return True
        place = place.parent
    return False


def _touch_heads(change: Change, place: Place | None) -> None:
    while place is not None:
        for key, statement in place.heads:
            if statement.line is not None and statement.line.applies is not None:
                change.touch(statement.line.applies, key, statement)
        place = place.parent


async def _negative(session: Session, tokens: list[str], bare: str, *, keep: bool) -> bool:
    """Does `no bare` (`keep`) or `default bare`. Returns whether some mode has it."""
    abbreviated: tuple[Place, tuple[tuple[End, ...], str, list[str]]] | None = None
    chosen = None
    place: Place | None = session.place
    while place is not None:
        found = session.view(place.mode).trie.match_no(tokens, bare)
        if found is not None:
            if exact(found[2], tokens):
                chosen = (place, found)
                break
            abbreviated = abbreviated or (place, found)
        place = place.parent
    chosen = chosen or abbreviated
    if chosen is None:
        return False
    where, (ends, text, words) = chosen
    if where is not session.place:
        session.leave_to(where)
    asking = next((end.line for end in ends if end.line.asks is not None), None)
    if asking is not None and await asked(session, asking, text, negated="no" if keep else "default") is None:
        return True
    change = Change(session.device, session.user)
    for section in where.sections:
        if any(end.line.applies is not None for end in ends) or _applying(where):
            change.keep(section)
        before = dict(section.statements) if any(end.line.applies is not None for end in ends) else {}
        if keep:
            section.negate(ends, text, words)
            for end in ends:
                if end.line.reads_no:  # a state only of text that is read
                    section.statements.pop(("no", end.line), None)
        else:
            section.drop(ends, words)
        section.printed = False
        for key, statement in before.items():
            if section.statements.get(key) is not statement and statement.line is not None and statement.line.applies is not None:
                change.touch(statement.line.applies, key, section.statements.get(key))
        for end in ends:
            if end.line.applies is not None:
                change.touched.setdefault(end.line.applies, {})
    _touch_heads(change, where)
    await change.commit()
    if session.device.configured is not None:
        session.device.configured(session, ends[0].line, f"{'no' if keep else 'default'} {text}")
    return True


async def asked(session: Session, line: Line, text: str, *, negated: str = "") -> str | None:
    """The dialogue before a line is stored, or removed by `no` or `default`: the text to store, None where it was called off."""
    assert line.asks is not None
    function = resolve(line.asks)
    if function is None:
        return text
    named = arguments(line, text)
    answer = await settled(call(function, session, {**named, "text": text, **({"negated": negated} if negated else {})}))
    assert answer is None or isinstance(answer, str)
    return answer


async def _body(session: Session, line: Line, match: Match) -> str:
    """The lines that belong to a statement, read from the terminal."""
    kind = line.body
    assert kind is not None
    if kind.span is Span.REST_AND_LINES:
        return await _banner(session, match.tokens[-1])
    rows: list[str] = []
    while not rows or rows[-1].strip() != closing(kind.name):
        rows.append(await session.terminal.line(session.prompt_of(line.typed) if line.typed is not None else ""))
    if kind.name == "hex-until-quit":
        try:
            return hexadecimal([*rows[:-1], "quit"])
        except BodyError as error:
            raise Refused(f"% {error}") from None
    return "\n".join(row.rstrip() for row in rows)


async def _banner(session: Session, rest: str) -> str:
    """The text up to the next delimiter: the first character, in a file also `^C` as show-run prints it.

    So a banner that is copied off a screen and pasted begins with a C that it did not have, and with one more each time (ios-shell.md A7).
    """
    mark = rest[0] if session.typed else delimiter(rest)
    row = rest[len(mark) :]
    taken: list[str] = []
    if mark not in row:
        session.write(f"Enter TEXT message.  End with the character '{mark}'.\n")
    while mark not in row:
        taken.append(row)
        row = await session.terminal.line("")
    taken.append(row[: row.index(mark)])
    return delimited(mark, "\n".join(taken))
