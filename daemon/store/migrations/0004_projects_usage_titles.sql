-- Projects with what is told of them, what was spent, and who named a conversation.

CREATE TABLE projects (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    description TEXT NOT NULL,
    facts TEXT NOT NULL,     -- JSON object of plain values
    metadata TEXT NOT NULL,  -- JSON object, as it was given
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (owner, name)
) STRICT;
CREATE INDEX projects_by_update ON projects (owner, updated_at);
CREATE VIRTUAL TABLE project_search USING fts5 (text, content = '', columnsize = 0);

-- So far any text was a project. Each becomes one by that name; an id is random where no clock made one.
CREATE TEMP TABLE named_projects AS
    SELECT owner, min(project_id) AS name, min(created_at) AS created_at, max(updated_at) AS updated_at FROM (
        SELECT owner, project_id, created_at, updated_at FROM conversations
        UNION ALL SELECT owner, project_id, created_at, created_at FROM turns
        UNION ALL SELECT owner, project_id, created_at, created_at FROM artifacts
        UNION ALL SELECT owner, project_id, created_at, created_at FROM jobs)
    WHERE project_id <> '' GROUP BY owner, project_id COLLATE NOCASE;
INSERT INTO projects (id, owner, name, description, facts, metadata, archived, created_at, updated_at)
    SELECT randomblob(16), owner, name, '', '{}', '{}', 0, created_at, updated_at FROM named_projects;
DROP TABLE named_projects;
INSERT INTO project_search (rowid, text) SELECT key, name FROM projects;

UPDATE conversations SET project_id = (SELECT 'proj_' || lower(hex(p.id)) FROM projects p
    WHERE p.owner = conversations.owner AND p.name = conversations.project_id) WHERE project_id <> '';
UPDATE turns SET project_id = (SELECT 'proj_' || lower(hex(p.id)) FROM projects p
    WHERE p.owner = turns.owner AND p.name = turns.project_id) WHERE project_id <> '';
UPDATE artifacts SET project_id = (SELECT 'proj_' || lower(hex(p.id)) FROM projects p
    WHERE p.owner = artifacts.owner AND p.name = artifacts.project_id) WHERE project_id <> '';
UPDATE jobs SET project_id = (SELECT 'proj_' || lower(hex(p.id)) FROM projects p
    WHERE p.owner = jobs.owner AND p.name = jobs.project_id) WHERE project_id <> '';

CREATE INDEX conversations_of_project ON conversations (project_id, updated_at) WHERE project_id <> '';
CREATE INDEX artifacts_of_project ON artifacts (project_id, created_at) WHERE project_id <> '';
CREATE INDEX jobs_of_project ON jobs (project_id, created_at) WHERE project_id <> '';

-- One row for each turn that has ended and for each request of the daemon's own. It refers to nothing: the bill
-- outlives what it is for.
CREATE TABLE usage (
    key INTEGER PRIMARY KEY,
    turn BLOB UNIQUE,  -- NULL: no turn's
    owner TEXT NOT NULL,
    at INTEGER NOT NULL,
    purpose TEXT NOT NULL,  -- turn, title
    outcome TEXT NOT NULL,  -- of a turn: completed, failed, cancelled
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    cost REAL NOT NULL,
    requests INTEGER NOT NULL,
    tool_calls INTEGER NOT NULL
) STRICT;
CREATE INDEX usage_by_time ON usage (owner, at);
INSERT INTO usage (turn, owner, at, purpose, outcome, provider, model, prompt_tokens, completion_tokens, cached_tokens,
                   cost, requests, tool_calls)
    SELECT id, owner, finished_at, 'turn', state, provider, model, prompt_tokens, completion_tokens, cached_tokens,
           cost, rounds, (SELECT count(*) FROM tool_calls WHERE tool_calls.turn = turns.id)
    FROM turns WHERE state <> 'running';

-- '', first_message, model or user. Of older titles nobody knows: they are left alone.
ALTER TABLE conversations ADD COLUMN title_source TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN title_is_news INTEGER NOT NULL DEFAULT 0;  -- no turn has told the title yet
UPDATE conversations SET title_source = 'user' WHERE title <> '';
