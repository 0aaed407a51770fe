-- Under which Idempotency-Key a file was uploaded. NULL: under none, or one that is no longer honoured.
ALTER TABLE artifacts ADD COLUMN idempotency_key TEXT;
CREATE UNIQUE INDEX artifacts_by_idempotency_key ON artifacts (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
