-- Who decided about a call, and the index by which old entries are found.
ALTER TABLE audit ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_by_age ON audit (at);

-- How often each user has called each tool that has a daily limit, by the day of UTC in days since 1970.
CREATE TABLE call_counts (
    day INTEGER NOT NULL,
    owner TEXT NOT NULL,
    tool TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (day, owner, tool)
) STRICT, WITHOUT ROWID;
