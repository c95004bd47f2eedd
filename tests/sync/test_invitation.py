"""What is handed over on paper is read back, and nothing else is."""

from __future__ import annotations

import base64

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.sync import invitation
from nehe_desktop.sync.invitation import Invitation

KEY = "A" * 43 + "="
MADE = Invitation("https://hub.nehe.example:8443", "ab" * 32, "7KQ2-9XWM", KEY, KEY)


def line_of(words: str) -> str:
    return "NEHE1." + base64.urlsafe_b64encode(words.encode()).decode()


def test_an_invitation_is_one_line_that_reads_back() -> None:
    assert "\n" not in MADE.text()
    assert invitation.read(MADE.text()) == MADE


def test_a_line_broken_by_a_chat_program_is_still_read() -> None:
    text = MADE.text()
    assert invitation.read(f"  {text[:40]}\n{text[40:]} \n") == MADE


def test_an_address_may_end_with_a_stroke() -> None:
    assert (
        invitation.read(Invitation("https://hub.example/", "ab" * 32, "c", KEY, KEY).text()).url
        == "https://hub.example"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "NEHE1.",
        "NEHE1.%%%",
        MADE.text()[:-9],
        line_of("[]"),
        line_of('{"u":"ftp://x","f":"' + "ab" * 32 + '","c":"1"}'),
        line_of('{"u":"https://x","f":"short","c":"1"}'),
        line_of('{"u":"https://x","f":"' + "ab" * 32 + '","c":""}'),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match="邀请码"):
        invitation.read(text)


def test_a_line_of_the_first_program_is_refused_because_the_hub_could_not_be_proved() -> None:
    with pytest.raises(Refused, match="旧版软件"):
        invitation.read(line_of('{"u":"https://x","f":"' + "ab" * 32 + '","c":"1"}'))
