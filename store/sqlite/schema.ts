/** The file says by this number that it is ours: `span` in ASCII. */
export const APPLICATION_ID = 0x7370616e

/**
 * What each version of the file adds to the one before, in order; `user_version` counts them. What was published once is never
 * changed: a later version goes behind it.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE namespaces (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL) STRICT;
  CREATE TABLE tagsets (
    no INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, tags TEXT NOT NULL, UNIQUE (namespace, tags)
  ) STRICT;
  CREATE TABLE tags (
    namespace INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, tagset INTEGER NOT NULL,
    PRIMARY KEY (namespace, name, value, tagset)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE senders (tagset INTEGER PRIMARY KEY, run INTEGER, last INTEGER NOT NULL, health TEXT NOT NULL) STRICT;

  -- What many spans have in common: their name and site.
  CREATE TABLE places (no INTEGER PRIMARY KEY, place TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE functions (
    no INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (namespace, id)
  ) STRICT;

  -- Traces whose roots have one name and one set of tags. \`last\` and \`states\` bound what is below; they never shrink.
  CREATE TABLE series (
    no INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, tagset INTEGER NOT NULL, name TEXT NOT NULL,
    last INTEGER NOT NULL DEFAULT 0, states INTEGER NOT NULL DEFAULT 0, UNIQUE (namespace, name, tagset)
  ) STRICT;
  -- By hour, and (hour -1) in all.
  CREATE TABLE counts (
    series INTEGER NOT NULL, state INTEGER NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (series, state, hour)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE traces (
    no INTEGER PRIMARY KEY AUTOINCREMENT, namespace INTEGER NOT NULL, id BLOB NOT NULL, series INTEGER NOT NULL,
    state INTEGER NOT NULL, start INTEGER NOT NULL, duration INTEGER, rank INTEGER NOT NULL, root INTEGER NOT NULL,
    rev INTEGER NOT NULL, failed INTEGER NOT NULL, error_span INTEGER, spans INTEGER NOT NULL, errors INTEGER NOT NULL,
    received INTEGER NOT NULL, docs INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX traces_by_id ON traces (namespace, id);
  CREATE INDEX traces_by_w3c ON traces (namespace, substr(id, 5, 8));
  CREATE INDEX traces_by_series ON traces (series, state, start);

  CREATE TABLE spans (
    trace INTEGER NOT NULL, id INTEGER NOT NULL, rev INTEGER NOT NULL, parent INTEGER, place INTEGER NOT NULL,
    start INTEGER NOT NULL, duration INTEGER, flags INTEGER NOT NULL, body TEXT,
    PRIMARY KEY (trace, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE slow_spans (
    trace INTEGER NOT NULL, span INTEGER NOT NULL, namespace INTEGER NOT NULL, name TEXT NOT NULL,
    start INTEGER NOT NULL, duration INTEGER NOT NULL, p50 INTEGER NOT NULL, p99 INTEGER NOT NULL,
    PRIMARY KEY (trace, span)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX slow_spans_by_start ON slow_spans (namespace, start);
  CREATE TABLE durations (
    function INTEGER NOT NULL, version TEXT NOT NULL, hour INTEGER NOT NULL, total REAL NOT NULL, slowest INTEGER NOT NULL,
    slowest_trace INTEGER NOT NULL, slowest_span INTEGER NOT NULL, sketch BLOB NOT NULL,
    PRIMARY KEY (function, version, hour)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE message_refs (
    namespace INTEGER NOT NULL, id TEXT NOT NULL, role INTEGER NOT NULL, trace INTEGER NOT NULL, span INTEGER NOT NULL,
    PRIMARY KEY (namespace, id, role, trace, span)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX message_refs_by_trace ON message_refs (trace);

  CREATE TABLE error_groups (
    no INTEGER PRIMARY KEY, namespace INTEGER NOT NULL, type TEXT NOT NULL, message TEXT NOT NULL, site TEXT,
    grouped_by TEXT NOT NULL, because TEXT NOT NULL, handling TEXT NOT NULL, marks INTEGER NOT NULL, note TEXT NOT NULL,
    count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, first_version TEXT, last_version TEXT,
    last_trace INTEGER NOT NULL, merged_into INTEGER
  ) STRICT;
  CREATE INDEX error_groups_by_last ON error_groups (namespace, last);
  CREATE INDEX error_groups_merged ON error_groups (merged_into) WHERE merged_into IS NOT NULL;
  CREATE TABLE group_keys (
    namespace INTEGER NOT NULL, key TEXT NOT NULL, grp INTEGER NOT NULL, PRIMARY KEY (namespace, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE group_hours (
    grp INTEGER NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (grp, hour)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE occurrences (
    trace INTEGER NOT NULL, span INTEGER NOT NULL, grp INTEGER NOT NULL, is_exit INTEGER NOT NULL, marks INTEGER NOT NULL,
    PRIMARY KEY (trace, span, grp)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE annotations (
    no INTEGER PRIMARY KEY, grp INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT, before TEXT NOT NULL, after TEXT NOT NULL
  ) STRICT;
  CREATE INDEX annotations_by_group ON annotations (grp);

  -- Full-text search, in parts that are dropped as a whole; written behind.
  CREATE TABLE text_pending (trace INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE text_parts (no INTEGER PRIMARY KEY, last_trace INTEGER NOT NULL, docs INTEGER NOT NULL) STRICT;

  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY, namespace INTEGER NOT NULL, label TEXT NOT NULL, hash BLOB NOT NULL, created INTEGER NOT NULL,
    revoked INTEGER
  ) STRICT;
  CREATE TABLE users (name TEXT PRIMARY KEY, namespace INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
  `,
  `
  -- Of the process that the span is of; those written before are taken for spans of their root's process.
  ALTER TABLE spans ADD COLUMN tagset INTEGER;

  -- By which trace it was used last: see sweep.ts. Of what is there nobody knows, so the newest stands for it.
  ALTER TABLE tagsets ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE places ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE functions ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
  UPDATE tagsets SET used = (SELECT coalesce(max(no), 0) FROM traces);
  UPDATE places SET used = (SELECT coalesce(max(no), 0) FROM traces);
  UPDATE functions SET used = (SELECT coalesce(max(no), 0) FROM traces);
  CREATE TABLE sweeps (generation INTEGER NOT NULL) STRICT;
  INSERT INTO sweeps VALUES (0);
  `,
]
