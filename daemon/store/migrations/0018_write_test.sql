-- One row that is written now and then, to learn whether the disk still takes what matters.
CREATE TABLE write_test (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    at INTEGER NOT NULL
) STRICT;

-- How long a turn took, from its message to its end. Null: an entry of an older daemon, or of no turn.
ALTER TABLE usage ADD COLUMN duration_us INTEGER;
