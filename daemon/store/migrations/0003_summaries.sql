-- The newest summary of a conversation's oldest part, where the context policy makes them.

CREATE TABLE summaries (
    conversation BLOB NOT NULL PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
    upto_turn BLOB NOT NULL CHECK (length(upto_turn) = 16),
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
