-- Studies: a tool called many times over a grid of parameters. A run has a row once it has ended (or, when it may not
-- simply be run twice, once it has begun); those that wait need none.

CREATE TABLE studies (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    owner TEXT NOT NULL,
    project_id TEXT NOT NULL,
    conversation BLOB REFERENCES conversations (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    tool TEXT NOT NULL,
    then_tool TEXT NOT NULL,
    base_parameters TEXT NOT NULL,
    parameter_grid TEXT NOT NULL,
    seeds_per_combination INTEGER NOT NULL,
    first_seed INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'completed_with_errors', 'cancelled')),
    completed INTEGER NOT NULL,  -- runs, once it has ended
    failed INTEGER NOT NULL,
    artifact TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL
) STRICT;
CREATE INDEX studies_by_time ON studies (owner, created_at);
CREATE INDEX studies_of_conversation ON studies (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX studies_of_project ON studies (project_id) WHERE project_id <> '';
CREATE INDEX studies_running ON studies (created_at) WHERE state = 'running';

CREATE TABLE study_runs (
    key INTEGER PRIMARY KEY,
    study INTEGER NOT NULL REFERENCES studies (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed')),
    parameters TEXT NOT NULL,
    error_type TEXT NOT NULL,
    summary TEXT NOT NULL,
    metrics TEXT NOT NULL,
    artifacts TEXT NOT NULL,  -- JSON: the list of handles
    result TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    UNIQUE (study, number)
) STRICT;
CREATE INDEX study_runs_by_state ON study_runs (study, state, number);

-- A run that is done again, since the daemon died before its row was stored, replaces what it had made.
CREATE INDEX artifacts_of_direct_call ON artifacts (owner, call_id) WHERE turn IS NULL AND call_id <> '';
