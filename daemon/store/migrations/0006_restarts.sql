-- How often a running turn was taken up after the daemon had died, since it last got any further.

ALTER TABLE turns ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN restarted_behind INTEGER NOT NULL DEFAULT 0;  -- so many of its messages
