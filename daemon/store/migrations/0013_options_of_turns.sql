-- What a turn is to be like, where its door says so: JSON, empty for the usual.

ALTER TABLE turns ADD COLUMN options TEXT NOT NULL DEFAULT '';
