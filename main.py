"""The one start of the program: sets itself up the first time, then opens the window, a job or the tests."""

from __future__ import annotations

import sys

from nehe_desktop import setup


def _start(arguments: list[str]) -> int:
    if arguments[:1] == ["test"]:
        setup.ensure("test")
        return setup.run_tests(arguments[1:])
    setup.ensure()
    is_job = bool(arguments) and (arguments[0] == "--help" or not arguments[0].startswith("-"))
    if "--demo" in arguments and not is_job and not setup.has_screen():
        arguments[:], is_job = ["tour"], True
    if is_job:
        from nehe_desktop.cli import main
    else:
        from nehe_desktop.app import main
    sys.argv[1:] = arguments
    return main()


if __name__ == "__main__":
    raise SystemExit(_start(sys.argv[1:]))
