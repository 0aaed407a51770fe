-- Where files stood that were taken out of a store, for a day: who takes out what is listed while the list is paged names one that is
-- gone, and a file's id does not tell when it was put there.
CREATE TABLE gone_files (
    store INTEGER NOT NULL REFERENCES stores (key) ON DELETE CASCADE,
    file BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    gone_at INTEGER NOT NULL,
    PRIMARY KEY (store, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX gone_files_by_age ON gone_files (gone_at);
