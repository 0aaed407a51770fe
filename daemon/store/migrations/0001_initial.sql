-- Ids are UUIDs of 16 bytes, times are microseconds since 1970 (0: not yet), JSON is kept as it was given.
-- `key` columns are the small integers that full-text rows and cursors use; they are never shown.

CREATE TABLE conversations (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    project_id TEXT NOT NULL,
    title TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    assistant_id TEXT NOT NULL,
    metadata TEXT NOT NULL,
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Kept with every message, so that lists and appends cost the same whatever the length.
    last_sequence INTEGER NOT NULL DEFAULT 0,
    message_count INTEGER NOT NULL DEFAULT 0,
    last_message_preview TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX conversations_by_update ON conversations (owner, updated_at);

CREATE TABLE turns (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'cancelled')),
    project_id TEXT NOT NULL,
    idempotency_key TEXT,  -- NULL: none, or no longer honoured
    request_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    error_message TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    cost REAL NOT NULL,
    rounds INTEGER NOT NULL,
    event_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX turns_of_conversation ON turns (conversation);
CREATE UNIQUE INDEX turns_by_idempotency_key ON turns (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX turns_running ON turns (created_at) WHERE state = 'running';

CREATE TABLE messages (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    conversation BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    turn BLOB REFERENCES turns (id),
    sequence INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
    blocks TEXT NOT NULL,  -- JSON: the list of blocks
    created_at INTEGER NOT NULL,
    model TEXT NOT NULL,
    finish_reason TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    cost REAL NOT NULL,
    event_id INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_in_order ON messages (conversation, sequence);
CREATE INDEX messages_of_turn ON messages (turn) WHERE turn IS NOT NULL;

CREATE TABLE tool_calls (
    turn BLOB NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    call_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,  -- of the message that announced it
    position INTEGER NOT NULL,  -- among that message's calls
    name TEXT NOT NULL,
    arguments TEXT NOT NULL,
    started_at INTEGER NOT NULL DEFAULT 0,
    finished_at INTEGER NOT NULL DEFAULT 0,
    success INTEGER CHECK (success IN (0, 1)),
    PRIMARY KEY (turn, call_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    conversation BLOB REFERENCES conversations (id) ON DELETE CASCADE,
    turn BLOB,
    call_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    arguments TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'cancelled', 'lost')),
    fraction REAL NOT NULL,
    note TEXT NOT NULL,
    result TEXT NOT NULL,
    summary TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_time ON jobs (owner, created_at);
CREATE INDEX jobs_of_conversation ON jobs (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX jobs_running ON jobs (created_at) WHERE state = 'running';

CREATE TABLE artifacts (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    handle TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    project_id TEXT NOT NULL,
    conversation BLOB REFERENCES conversations (id) ON DELETE CASCADE,
    turn BLOB,
    call_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    plugin TEXT NOT NULL,
    parameters TEXT NOT NULL,
    seed TEXT NOT NULL,
    parents TEXT NOT NULL,  -- JSON: the list of handles
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (owner, handle)
) STRICT;
CREATE INDEX artifacts_by_time ON artifacts (owner, created_at);
CREATE INDEX artifacts_by_kind ON artifacts (owner, kind, created_at);
CREATE INDEX artifacts_of_conversation ON artifacts (conversation, created_at) WHERE conversation IS NOT NULL;
CREATE INDEX artifacts_by_content ON artifacts (sha256);

-- The last number that each owner's artifacts of a kind were given; it never goes down.
CREATE TABLE artifact_numbers (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (owner, kind)
) STRICT, WITHOUT ROWID;

-- Contents that may have lost their last artifact. Their files are removed in a later write, which knows by the
-- ticket which of these rows were committed before it began.
CREATE TABLE loose_files (
    ticket INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX loose_files_by_content ON loose_files (sha256);

-- Full text. Contentless: the words' places only; the texts are in the tables above.
CREATE VIRTUAL TABLE message_search USING fts5 (text, content = '', columnsize = 0);
CREATE VIRTUAL TABLE title_search USING fts5 (title, content = '', columnsize = 0);
