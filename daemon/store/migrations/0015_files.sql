-- What was said of artifacts that were uploaded as files: their purpose, and when they go.
CREATE TABLE files (
    key INTEGER PRIMARY KEY,
    artifact BLOB NOT NULL UNIQUE REFERENCES artifacts (id) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
CREATE INDEX files_by_time ON files (owner, created_at);
CREATE INDEX files_by_purpose ON files (owner, purpose, created_at);
CREATE INDEX files_by_end ON files (expires_at) WHERE expires_at IS NOT NULL;
