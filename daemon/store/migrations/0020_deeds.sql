-- What administrators did about others and the service stands in the audit log beside the calls: about whom (a user,
-- a plugin, or nobody), and with which key, token or login.
ALTER TABLE audit ADD COLUMN is_deed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN whom TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN details TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN credential TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_of_deeds ON audit (whom) WHERE is_deed = 1;
-- They stood there before in columns of calls.
UPDATE audit SET is_deed = 1, whom = call_id, details = project_id, credential = decided_by, plugin = '', call_id = '',
    project_id = '', decided_by = '' WHERE plugin = '(administration)';
