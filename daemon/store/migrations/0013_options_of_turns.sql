-- What a turn is to be like, where its door says so (JSON, empty for the usual), and what its owner notes about it.

ALTER TABLE turns ADD COLUMN options TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';

-- What of the documents a reply rests on: JSON, empty for nothing.
ALTER TABLE messages ADD COLUMN citations TEXT NOT NULL DEFAULT '';
