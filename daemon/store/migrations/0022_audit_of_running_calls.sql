-- A call's row is there from its beginning ('running'), or says that the call went on as a job ('job'), and is completed
-- at its end. What was running when the daemon died is 'lost'.
CREATE INDEX audit_of_running ON audit (outcome) WHERE outcome = 'running';
CREATE INDEX audit_of_jobs ON audit (job) WHERE outcome = 'job';
-- Before, the end of a job was a row of its own.
DELETE FROM audit WHERE outcome = 'job' AND job IN (SELECT job FROM audit WHERE outcome <> 'job' AND job IS NOT NULL);
