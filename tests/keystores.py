"""Key stores of a system for tests: one that works, and those that are none."""

from __future__ import annotations

from threading import Event

from keyring.backend import KeyringBackend


class Memory(KeyringBackend):
    """The key store of one user on one system, as long as the test lasts."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        assert service == "nehe-desktop"
        return self.secrets.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        assert service == "nehe-desktop"
        self.secrets[username] = password

    def delete_password(self, service: str, username: str) -> None:
        assert service == "nehe-desktop"
        del self.secrets[username]


class PlainText(Memory):
    """A store that keeps its secrets in a file that anybody reads, as keyrings.alt has them."""

    priority = 0.5  # type: ignore[assignment]


class Failing(Memory):
    """A store that refuses, as one whose service has died."""

    def get_password(self, service: str, username: str) -> str | None:
        raise OSError(service, username)


class Forgetful(Memory):
    """A store that takes everything and keeps nothing."""

    def get_password(self, service: str, username: str) -> str | None:
        assert service
        assert username


class Hanging(Memory):
    """A store that waits for somebody to answer its dialog."""

    answered = Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.answered.wait(30)
        return super().get_password(service, username)
