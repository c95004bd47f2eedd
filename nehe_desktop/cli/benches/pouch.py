"""A peer to measure beside: PouchDB Server (CouchDB's replication, leveldb), installed for the run where npm can.

It is asked in the way that suits it best: whole documents, no TLS, no look-up of revisions before.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from nehe_desktop.sync.protocol import Transaction

_PACKAGES = ("pouchdb@9.0.0", "express-pouchdb@4.2.0", "express@4.22.3")
_LONGEST = 180  # seconds for the installation
_SERVER = """
const Pouch = require('pouchdb').defaults({prefix: process.argv[2] + '/'});
const app = require('express')();
const settings = {mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: process.argv[2] + '/log.txt'};
app.use('/', require('express-pouchdb')(Pouch, settings));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""
Document = dict[str, Any]


class Pouch:
    """A running server with one database."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._asked(HTTPConnection("127.0.0.1", port), "PUT", "/village")

    @property
    def rows(self) -> int:
        """How many documents it has."""
        line = HTTPConnection("127.0.0.1", self._port)
        return int(json.loads(self._asked(line, "GET", "/village"))["doc_count"])

    def push(self, devices: Sequence[Sequence[bytes]], at_once: int) -> float:
        """Seconds in which every device has sent its bodies, so many devices at once."""
        return self._timed(devices, at_once, self._send)

    def pull(self, devices: int, at_once: int, rows: int) -> float:
        """Seconds in which every device has read everything, `rows` in a reply."""
        return self._timed([rows] * devices, at_once, self._read)

    def _timed(self, jobs: Sequence[Any], at_once: int, job: Callable[[Any], None]) -> float:
        start = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(job, jobs))
        return time.perf_counter() - start

    def _send(self, bodies: Sequence[bytes]) -> None:
        line = HTTPConnection("127.0.0.1", self._port)
        for body in bodies:
            self._asked(line, "POST", "/village/_bulk_docs", body)

    def _read(self, rows: int) -> None:
        line, since = HTTPConnection("127.0.0.1", self._port), 0
        while True:
            path = f"/village/_changes?include_docs=true&limit={rows}&since={since}"
            found = self._asked(line, "GET", path)
            later = int(found[found.rindex(b":") + 1 : found.rindex(b"}")])  # "last_seq", without reading all
            if later == since:
                return
            since = later

    def _asked(self, line: HTTPConnection, method: str, path: str, body: bytes | None = None) -> bytes:
        line.request(method, path, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return content


def bodies(saves: Sequence[Transaction], size: int) -> list[bytes]:
    """The same changes as documents of a replicating client, `size` in a body."""
    known: dict[str, Document] = {}
    documents = [_document(known, save) for save in saves]
    parts = (documents[at : at + size] for at in range(0, len(documents), size))
    return [json.dumps({"docs": part, "new_edits": False}, ensure_ascii=False).encode() for part in parts]


def _document(known: dict[str, Document], save: Transaction) -> Document:
    change = save.c[0]
    before = known.get(change.k, {"_revisions": {"start": 0, "ids": []}})
    number, ids = before["_revisions"]["start"] + 1, [f"{save.h:032x}", *before["_revisions"]["ids"]]
    values = {name: new for name, (_, new) in change.f.items()}
    made = {**before, **values, "_id": change.k, "table": change.t, "by": save.u, "why": save.r}
    made |= {"_rev": f"{number}-{ids[0]}", "_revisions": {"start": number, "ids": ids}}
    known[change.k] = made
    return made


@contextmanager
def running_pouch(folder: Path) -> Iterator[Pouch | None]:
    """The server until the block ends; None where it cannot be installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm and _install(npm, folder)):
        yield None
        return
    (folder / "server.js").write_text(_SERVER, "utf-8")
    (folder / "data").mkdir()
    command = [node, "server.js", "data"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            port = server.stdout.readline() if server.stdout else ""
            yield Pouch(int(port)) if port.strip().isdigit() else None
        finally:
            server.kill()


def _install(npm: str, folder: Path) -> bool:
    """Whether the packages are there now."""
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}", "utf-8")
    words = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *_PACKAGES]
    try:
        done = subprocess.run(
            words, cwd=folder, env=os.environ, capture_output=True, timeout=_LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
