-- Vector stores, the files that are indexed in them, and the chunks of their text. Ids are the 16 bytes of a UUIDv7, times are
-- microseconds since 1970 UTC.

-- Owners have numbers here, since every chunk names its owner to the full-text index.
CREATE TABLE owners (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE stores (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    owner INTEGER NOT NULL REFERENCES owners (key),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    metadata TEXT NOT NULL,
    expires_after_days INTEGER,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    last_active_at INTEGER NOT NULL,
    emptied INTEGER NOT NULL DEFAULT 0 -- it expired, and what it held is no longer indexed
) STRICT;
CREATE INDEX stores_listed ON stores (owner, created_at, key);
CREATE INDEX stores_named ON stores (owner, name, created_at, key);
CREATE INDEX stores_expiring ON stores (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE batches (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    store INTEGER NOT NULL REFERENCES stores (key) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX batches_of_store ON batches (store);

-- A file in a store. Its chunks have the keys (key << 20) + 0, 1, 2 …; a file that is indexed anew gets a new key, so chunks of
-- what is not completed, or no longer there, belong to no completed row and are never found.
CREATE TABLE files (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    store INTEGER NOT NULL REFERENCES stores (key) ON DELETE CASCADE,
    file BLOB NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    usage_bytes INTEGER NOT NULL DEFAULT 0,
    chunks INTEGER NOT NULL DEFAULT 0,
    embedded INTEGER NOT NULL DEFAULT 0, -- every chunk has its vector
    attributes TEXT NOT NULL,
    chunk_size INTEGER NOT NULL,
    chunk_overlap INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL, -- orders equal times; stays the same when the file is indexed anew
    batch INTEGER REFERENCES batches (key) ON DELETE SET NULL,
    UNIQUE (store, file)
) STRICT;
CREATE INDEX files_listed ON files (store, created_at, sequence);
CREATE INDEX files_counted ON files (store, state, usage_bytes);
CREATE INDEX files_of_batch ON files (batch, state);
CREATE INDEX files_by_file ON files (file);
CREATE INDEX files_to_index ON files (key) WHERE state = 'in_progress';
CREATE INDEX files_to_embed ON files (key) WHERE state = 'completed' AND embedded = 0;

CREATE TABLE chunks (
    key INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    heading TEXT NOT NULL,
    page INTEGER,
    start INTEGER NOT NULL, -- in code points of the file's extracted text
    end INTEGER NOT NULL
) STRICT;

-- Keys of files whose chunks are to be removed, which takes a while.
CREATE TABLE leavings (
    file INTEGER PRIMARY KEY,
    scope TEXT NOT NULL -- as the chunks were indexed with
) STRICT;

-- The chunks' words (knowledge/search_text.h), and whose they are.
CREATE VIRTUAL TABLE passages USING fts5 (
    scope, text, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);

-- Of chunks, by the model that `settings` names.
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY,
    vector BLOB NOT NULL -- 32-bit floats of length 1
) STRICT;

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
