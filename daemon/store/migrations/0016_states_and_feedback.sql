-- Whether a conversation takes messages, and what its owner thought of replies.

ALTER TABLE conversations ADD COLUMN state TEXT NOT NULL DEFAULT '' CHECK (state IN ('', 'locked', 'closed'));
ALTER TABLE conversations ADD COLUMN state_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN feedback TEXT NOT NULL DEFAULT '' CHECK (feedback IN ('', 'positive', 'negative'));

-- Lists by creation.
CREATE INDEX conversations_by_owner ON conversations (owner);
