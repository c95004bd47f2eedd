"""Every declared ledger. A new one is added to the imports here and nowhere else."""

from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.features.attendance import ledger as attendance
from nehe_desktop.features.attendance import sheets
from nehe_desktop.features.board import ledger as board
from nehe_desktop.features.consents import ledger as consents
from nehe_desktop.features.custody import ledger as custody
from nehe_desktop.features.divisions import ledger as divisions
from nehe_desktop.features.exchange import ledger as exchange
from nehe_desktop.features.households import ledger as households
from nehe_desktop.features.leave import ledger as leave
from nehe_desktop.features.papers import ledger as papers
from nehe_desktop.features.reference import ledger as reference
from nehe_desktop.features.teams import ledger as teams
from nehe_desktop.features.visits import ledger as visits

MODULES = (
    divisions,
    reference,
    teams,
    households,
    visits,
    attendance,
    sheets,
    leave,
    papers,
    exchange,
    custody,
    consents,
    board,
)

ALL: tuple[Ledger, ...] = tuple(LEDGERS.values())
"""The ledgers in the order of their declaration: those that others refer to come first."""
