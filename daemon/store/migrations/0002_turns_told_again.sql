-- What is needed to tell a turn's events again exactly as they were told,
-- and to find what its calls made.

ALTER TABLE turns ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN title TEXT NOT NULL DEFAULT '';      -- that the turn gave its conversation
ALTER TABLE turns ADD COLUMN title_event_id INTEGER NOT NULL DEFAULT 0;

ALTER TABLE messages ADD COLUMN pieces TEXT NOT NULL DEFAULT '';  -- in which the text was told

CREATE INDEX jobs_of_turn ON jobs (turn, call_id) WHERE turn IS NOT NULL;
CREATE INDEX artifacts_of_call ON artifacts (turn, call_id) WHERE turn IS NOT NULL;
