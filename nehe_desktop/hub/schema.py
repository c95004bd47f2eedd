"""The hub's tables, the same on SQLite, PostgreSQL and Citus: `county` leads every key and every statement."""

from __future__ import annotations

import re

TABLES = """
-- what the hub knows of itself: its epoch, its settings
meta (county TEXT, k TEXT, v TEXT NOT NULL, PRIMARY KEY (county, k));

-- the lives of the hub: each restore begins one; heads {scope: hseq} up to which parent and child agree
epoch (county TEXT, epoch TEXT, era BIGINT NOT NULL, parent TEXT NOT NULL, heads TEXT NOT NULL,
  at BIGINT NOT NULL, PRIMARY KEY (county, epoch));

-- one incarnation of one laptop; state is active, revoked or replaced; seq and chain are the last taken
device (county TEXT, dev TEXT, name TEXT NOT NULL, sign_key TEXT NOT NULL, seal_key TEXT NOT NULL,
  state TEXT NOT NULL, seq BIGINT NOT NULL, chain TEXT NOT NULL, app TEXT NOT NULL, schema_no BIGINT NOT NULL,
  made BIGINT NOT NULL, seen BIGINT NOT NULL, skew BIGINT NOT NULL, was TEXT NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (county, dev));

-- which scopes a device holds; until is 0 while it lasts, else the moment (ms) it was taken away
scope_grant (county TEXT, dev TEXT, scope TEXT, since BIGINT NOT NULL, until BIGINT NOT NULL,
  PRIMARY KEY (county, dev, scope));

-- the second factor of a laptop: its sealed secret, the last step that was used, how many steps the phone is ahead
factor (county TEXT, dev TEXT, sealed TEXT NOT NULL, used BIGINT NOT NULL, drift BIGINT NOT NULL,
  PRIMARY KEY (county, dev));

-- the keys of a laptop's file, sealed to the hub: fingerprint, envelope (JSON), when they came (ms)
escrow (county TEXT, dev TEXT, fingerprint TEXT, sealed TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (county, dev, fingerprint));

-- a code that lets one laptop in, kept as its hash; scopes is a JSON list
invitation (county TEXT, code TEXT, name TEXT NOT NULL, scopes TEXT NOT NULL, until BIGINT NOT NULL,
  used_by TEXT NOT NULL, PRIMARY KEY (county, code));

-- the last number given in a scope, and the sum of the marks of its live rows (16 hexadecimal digits)
head (county TEXT, scope TEXT, hseq BIGINT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (county, scope));

-- a row of any ledger; data and meta are JSON, see merge.RowState
record (county TEXT, tbl TEXT, pk TEXT, scope TEXT NOT NULL, parent TEXT NOT NULL, rev BIGINT NOT NULL,
  hseq BIGINT NOT NULL, gone INTEGER NOT NULL, data TEXT NOT NULL, meta TEXT NOT NULL, stamp BIGINT NOT NULL,
  who TEXT NOT NULL, era BIGINT NOT NULL, salvaged BIGINT NOT NULL, given TEXT NOT NULL,
  PRIMARY KEY (county, tbl, pk));

-- a row that has not come yet though others belong to it, and the scope where those wait
missing (county TEXT, pk TEXT, scope TEXT, PRIMARY KEY (county, pk, scope));

-- a row that left a scope, and when (ms)
departure (county TEXT, scope TEXT, hseq BIGINT, tbl TEXT NOT NULL, pk TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (county, scope, hseq));

-- every transaction as it was sent; mark is its village and stamp, which keep the index together, and its hash;
-- state is applied, waiting (a part whose rest has not come), quarantined, again or dropped
tx (county TEXT, dev TEXT, seq BIGINT, chain TEXT NOT NULL, mark TEXT NOT NULL, body {BYTES} NOT NULL,
  at BIGINT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (county, dev, seq));

-- natural keys of live rows: an identity number, a member and half-day
natural_key (county TEXT, tbl TEXT, words TEXT, pk TEXT, PRIMARY KEY (county, tbl, words, pk));

-- sets of rows shipped with the program that the hub has
given_set (county TEXT, name TEXT, PRIMARY KEY (county, name));

-- an attachment: how large it is, how much of it is here (have = size when it is whole); "sha256 dev" is the copy
-- by which a laptop shows that it has the file
blob (county TEXT, sha256 TEXT, size BIGINT NOT NULL, have BIGINT NOT NULL, PRIMARY KEY (county, sha256));
blob_part (county TEXT, sha256 TEXT, start BIGINT, content {BYTES} NOT NULL, PRIMARY KEY (county, sha256, start));

-- which row names or named which attachment; who holds a row that names it may have it, but for claims
blob_ref (county TEXT, sha256 TEXT, tbl TEXT, pk TEXT, PRIMARY KEY (county, sha256, tbl, pk));

-- which laptop named an attachment, and may bring it though its row is in another village by then
blob_from (county TEXT, sha256 TEXT, dev TEXT, PRIMARY KEY (county, sha256, dev));

-- a row in which a laptop named an attachment without having shown its bytes: it opens the file to nobody
blob_claim (county TEXT, sha256 TEXT, tbl TEXT, pk TEXT, dev TEXT, PRIMARY KEY (county, sha256, tbl, pk, dev));

-- which laptop has shown the bytes of an attachment
blob_shown (county TEXT, sha256 TEXT, dev TEXT, PRIMARY KEY (county, sha256, dev));

-- a scope as one file, at a number; the newest two are kept, so that a slow download can end
snapshot (county TEXT, scope TEXT, hseq BIGINT, sha256 TEXT NOT NULL, content {BYTES} NOT NULL,
  PRIMARY KEY (county, scope, hseq));

-- what hub and laptop agreed on after a round trip
receipt (county TEXT, dev TEXT, at BIGINT, hash TEXT, words TEXT NOT NULL, PRIMARY KEY (county, dev, at, hash));

-- what an administrator should know: forks, restores, wrong clocks, differing digests
event (county TEXT, id TEXT, at BIGINT NOT NULL, kind TEXT NOT NULL, dev TEXT NOT NULL, words TEXT NOT NULL,
  PRIMARY KEY (county, id))
"""
"""Every table; `{BYTES}` is the engine's word for bytes."""

INDEXES = (
    "ix_record_scope ON record (county, scope, hseq)",
    "ix_record_gone ON record (county, stamp) WHERE gone = 1",
    "ix_record_about ON record (county, parent) WHERE tbl = 'conflict'",
    "ix_departure_row ON departure (county, tbl, pk)",
    "ix_tx_mark ON tx (county, mark)",
    "ix_tx_aside ON tx (county, at) WHERE state = 'quarantined'",
    "ix_blob_ref_row ON blob_ref (county, tbl, pk)",
)
"""Every index: its name, table and columns."""


def statements(bytes_word: str) -> list[str]:
    """The statements that make what is missing."""
    bare = re.sub(r"--[^\n]*", "", TABLES.replace("{BYTES}", bytes_word))
    tables = [f"CREATE TABLE IF NOT EXISTS {each.strip()}" for each in bare.split(";")]
    return [*tables, *(f"CREATE INDEX IF NOT EXISTS {each}" for each in INDEXES)]


def names() -> list[str]:
    """Every table's name, in the order in which they are made."""
    return re.findall(r"^(\w+) \(county", TABLES, re.MULTILINE)
