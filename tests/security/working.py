"""A laptop that does a day's work on the made-up village and is then killed, as a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from nehe_desktop.core.clock import living_on
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features import ledgers
from nehe_desktop.features.custody import audit
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.entry.intake import begin_sample
from nehe_desktop.features.entry.queries import names_of
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.compare import plan_households
from nehe_desktop.features.intake.export import Export, export
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.papers import work
from nehe_desktop.features.papers.catalogue import VILLAGE, Request
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.security import backup, laptop
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.sync import courier
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.invitation import read
from nehe_desktop.ui.crash import LOG, Faults

LEDGERS = ledgers.ALL


def picture() -> bytes:
    """A photo as a phone makes it."""
    made = BytesIO()
    Image.new("RGB", (60, 40), "green").save(made, "JPEG")
    return made.getvalue()


def typed(store: Store, person: Person) -> None:
    """A visit with a photo, a draft that nobody saved, a search, a household that was put right."""
    photo = store.keep_blob(picture(), "image/jpeg")
    note = f"{person.name}在家，电话{person.phone}"
    visit = Visit(
        household=person.household, day=date(2020, 8, 10), visitors="李建国", note=note, photos=(photo,)
    )
    store.write([Put(visit)], "走访登记")
    store.keep_draft("visit:x", {"values": {"note": f"{person.name} {person.id_no}"}}).result()
    assert search(store, person.name)
    home = store.find(Household, person.household)
    assert home
    store.write([Put(replace(home, hamlet=f"{person.name}家东头"))], f"{person.name}要求更正")


def carried(store: Store, place: Path, elsewhere: Path, workbook: Path) -> None:
    """An import, a paper for the printer, and what somebody saves where he likes."""
    apply_plan(store, plan_households(store, open_workbook(workbook), Options(create_villages=True)))
    request = Request("D07", VILLAGE, village=laptop.profile_of(store).village)
    made = work.ready(store, request, sample=True)
    with work.for_printer(made, place) as (path, printed):
        assert path.read_bytes().startswith(b"%PDF")
    work.note(store, made, printed, "打印", target="打印机")
    export(store, Export("person", elsewhere / "成员.xlsx"))
    work.to_file(made, elsewhere / "一村.pdf")


def broken(faults: Faults, store: Store, person: Person) -> None:
    """A fault whose message holds what must not be written down, and lines that do."""
    faults.masker.know(names_of(store))
    try:
        int(f"{person.name} {person.id_no} {person.phone}")
    except ValueError as error:
        faults.report(error)
    LOG.info("saved %s %s", person.name, person.id_no)
    audit.note(store, "打印", tbl="person", row=person.id, count=1).result()


def day(folder: Path, elsewhere: Path, invitation: str, workbook: Path) -> None:
    """All of it; the last thing is a save that stays in the log of the database."""
    here = Laptop(folder, "village")
    key = laptop.sample_key(here)
    make_demo("village", here.file, key)
    faults = Faults(here.logs)
    faults.install()
    store = laptop.open_store(here, key, laptop.SAMPLE_PERSON, living_on(DEMO_TODAY))
    begin_sample(store)
    person = next(each for each in store.all(Person) if each.id_no and each.phone and len(each.name) > 2)
    typed(store, person)
    broken(faults, store, person)
    carried(store, here.papers, elsewhere, workbook)
    enrol(store, read(invitation), "一号电脑", first_contact)
    Client(store, Connector()).sync()
    typed(store, person)
    courier.make_up(store, folder)
    backup.make(store.database, key, here.vault, here.backups, store.clock.now())
    typed(store, person)
    sys.stdout.write("done\n")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    day(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
