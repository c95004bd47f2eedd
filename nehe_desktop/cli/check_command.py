"""`check`: looks at everything, repairs what can be made anew, and says the rest."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nehe_desktop.cli.session import data_options, laptop_of, opened
from nehe_desktop.features.administration.care import bundle, look
from nehe_desktop.security import check


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("--diagnosis", action="store_true", help="再打出诊断信息（没有个人信息）")


def run(arguments: Namespace) -> int:
    """Prints the findings; 1 where something is bad."""
    here = laptop_of(arguments)
    with opened(arguments) as store:
        found = look(store, here)
        print(check.printed(found))
        if arguments.diagnosis:
            print(bundle(store, here, found))
    return 1 if any(finding.level == "bad" for finding in found) else 0
