-- Who answered, whether a reply was given without tools because the turn's budget was used up, and which counts are
-- the daemon's own estimates.

ALTER TABLE messages ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN limit_reached TEXT NOT NULL DEFAULT '';  -- max_rounds, max_tool_calls, max_tokens, max_cost
ALTER TABLE messages ADD COLUMN usage_estimated INTEGER NOT NULL DEFAULT 0 CHECK (usage_estimated IN (0, 1));

ALTER TABLE turns ADD COLUMN limit_reached TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN usage_estimated INTEGER NOT NULL DEFAULT 0 CHECK (usage_estimated IN (0, 1));

ALTER TABLE usage ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0 CHECK (estimated IN (0, 1));
