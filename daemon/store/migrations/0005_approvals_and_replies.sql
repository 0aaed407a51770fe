-- Tool calls that wait for a person or did, and messages that were answered more than once.

CREATE TABLE approvals (
    turn BLOB NOT NULL,
    call_id TEXT NOT NULL,
    effects TEXT NOT NULL,   -- of the tool when it was asked for: words, separated by blanks
    sentence TEXT NOT NULL,  -- what the person was told
    event_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'allowed', 'refused', 'expired')),
    reason TEXT NOT NULL DEFAULT '',
    asked_at INTEGER NOT NULL,
    decided_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (turn, call_id),
    FOREIGN KEY (turn, call_id) REFERENCES tool_calls (turn, call_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The message that a turn answers. A message belongs to the turn that answered it last; the replies of its earlier
-- turns are kept, but hidden.
ALTER TABLE turns ADD COLUMN user_message BLOB;
UPDATE turns SET user_message =
    (SELECT id FROM messages WHERE messages.turn = turns.id AND role = 'user' ORDER BY sequence LIMIT 1);
CREATE INDEX turns_answering ON turns (user_message);

ALTER TABLE messages ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));
ALTER TABLE messages ADD COLUMN replies INTEGER NOT NULL DEFAULT 1;  -- to a user's message, with hidden ones
