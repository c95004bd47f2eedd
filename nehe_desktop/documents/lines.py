"""Where Chinese lines may break (禁则), without knowing any font."""

from __future__ import annotations

from collections.abc import Sequence

NOT_FIRST = frozenset("，。、；：！？）》」』】〕］｝〉’”…—～·％‰℃%)]},.;:!?°′″／")
NOT_LAST = frozenset("（《「『【〔［｛〈‘“￥＄#＃([{№")
PULL_IN = 0.06  # of a character's width may be taken from each gap to keep punctuation on its line
JOINED = frozenset(".,-/:%@_+")


def keeps_together(before: str, after: str) -> bool:
    """Whether no line may end between two characters."""
    if after in NOT_FIRST or before in NOT_LAST:
        return True
    return _in_word(before) and _in_word(after)


def _in_word(character: str) -> bool:
    return ord(character) < 0x250 and (character.isalnum() or character in JOINED)


def _last_that_fits(widths: Sequence[float], start: int, room: float, stop: int) -> int:
    end = start
    while end < stop and (room := room - widths[end]) >= -0.01:
        end += 1
    return end


def _pulled_in(text: str, widths: Sequence[float], start: int, end: int, room: float) -> int:
    """`end` moved past closing punctuation that fits when the gaps give a little; else `end`."""
    after = end
    while after < len(text) and text[after] in NOT_FIRST and after - end < 3:
        after += 1
    excess = sum(widths[start:after]) - room
    fits = excess <= PULL_IN * (after - start - 1) * max(widths[start:after])
    free = after == len(text) or not keeps_together(text[after - 1], text[after])
    return after if after > end and fits and free else end


def _pushed_out(text: str, start: int, end: int) -> int:
    """`end` moved back to the last place where the line may break; `end` when there is none."""
    place = end
    while place > start + 1 and keeps_together(text[place - 1], text[place]):
        place -= 1
    return end if keeps_together(text[place - 1], text[place]) else place


def break_lines(text: str, widths: Sequence[float], first: float, rest: float) -> list[tuple[int, int]]:
    """(start, end) of each line for a first line `first` wide and others `rest` wide; 换行 ends a line."""
    lines: list[tuple[int, int]] = []
    start, room = 0, first
    while start < len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        end = max(_last_that_fits(widths, start, room, stop), min(start + 1, stop))
        if end < stop:
            pulled = _pulled_in(text[:stop], widths, start, end, room)
            end = pulled if pulled > end else _pushed_out(text, start, end)
        lines.append((start, end))
        start = end + 1 if text[end : end + 1] in ("\n", " ") else end
        room = rest
    return lines
