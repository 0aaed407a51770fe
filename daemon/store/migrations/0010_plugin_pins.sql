-- What each plugin told of its tools when somebody last agreed to it.

CREATE TABLE plugin_pins (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    tools TEXT NOT NULL,  -- JSON
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
