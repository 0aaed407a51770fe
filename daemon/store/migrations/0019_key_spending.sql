-- What each key, token or login that has a daily limit has spent, by the day of UTC in days since 1970.
CREATE TABLE key_spending (
    day INTEGER NOT NULL,
    key TEXT NOT NULL,
    owner TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    cost REAL NOT NULL,
    PRIMARY KEY (day, key)
) STRICT, WITHOUT ROWID;
