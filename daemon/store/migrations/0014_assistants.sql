-- Assistants, and what conversations have that were begun as threads: files for tools, and what their messages carry.

CREATE TABLE assistants (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    model TEXT NOT NULL,
    instructions TEXT NOT NULL,
    tools TEXT NOT NULL,             -- JSON: the list
    tool_resources TEXT NOT NULL,    -- JSON object
    metadata TEXT NOT NULL,          -- JSON object of texts
    temperature REAL NOT NULL,       -- -1: not given, as is top_p
    top_p REAL NOT NULL,
    response_format TEXT NOT NULL,   -- JSON; '': any
    reasoning_effort TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX assistants_by_time ON assistants (owner, created_at);

-- The door where a conversation was begun: '' for the conversation API, whose conversations are kept for ever.
ALTER TABLE conversations ADD COLUMN door TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN tool_resources TEXT NOT NULL DEFAULT '{}';
CREATE INDEX conversations_of_door ON conversations (door, updated_at) WHERE door <> '';

ALTER TABLE messages ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
ALTER TABLE messages ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';  -- JSON: the list
