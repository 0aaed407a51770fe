-- One row for each call of a tool that has ended. It refers to nothing: what was done stays known when the conversation
-- is gone.

CREATE TABLE audit (
    key INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    owner TEXT NOT NULL,
    tool TEXT NOT NULL,
    plugin TEXT NOT NULL,
    plugin_version TEXT NOT NULL,
    project_id TEXT NOT NULL,
    conversation BLOB,
    turn BLOB,
    call_id TEXT NOT NULL,
    job BLOB,
    arguments_sha256 TEXT NOT NULL,
    outcome TEXT NOT NULL,  -- success, job, or the error's type
    duration_us INTEGER NOT NULL,
    result_bytes INTEGER NOT NULL,
    artifacts INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (owner, at);
