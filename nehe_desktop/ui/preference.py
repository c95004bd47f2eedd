"""How this person likes to see the program; kept outside the encrypted file, the log-in needs it too."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Look:
    """Text size, contrast, whether the mark of who works here lies over the window, when it locks by itself."""

    size: str = "标准"
    high_contrast: bool = False
    mark: bool = False
    lock_after: int = 5  # minutes without a key or the mouse (domain §11.4)

    @classmethod
    def kept(cls, folder: Path) -> Look:
        """The look chosen last; the standard one where nothing readable is kept."""
        try:
            return cls(**json.loads((folder / "look.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def keep(self, folder: Path) -> None:
        """Keeps the look for the next start."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "look.json").write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")
