-- What a run's results warn of: a JSON list of sentences. Earlier runs have theirs in their results.
ALTER TABLE study_runs ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
UPDATE study_runs
SET warnings = (SELECT json_group_array(value) FROM json_each(study_runs.result, '$.data.warnings') WHERE type = 'text')
WHERE CASE WHEN json_valid(result) THEN json_type(result, '$.data.warnings') = 'array' ELSE 0 END;
