// The schema, as the steps that lead to it. A released step is never edited; a change is a new one.
#pragma once

#include <array>

namespace am::storage {

inline constexpr std::array kMigrations = {
    // 1: applications, scripts, users, tokens, parameters, tasks. Times are milliseconds since 1970, UTC.
    R"sql(
CREATE TABLE users (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL
) STRICT;
CREATE TABLE tokens (
  hash       TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  kind       TEXT NOT NULL,            -- 'local', 'api', 'session' or 'sign_in'
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER                   -- NULL: never
) STRICT;
CREATE TABLE general_parameters (
  user_id TEXT PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
  json    TEXT NOT NULL
) STRICT;
CREATE TABLE applications (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  folder     TEXT NOT NULL UNIQUE,     -- below sources/: 'Manual-N9IBvh'
  created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE scripts (
  id             TEXT PRIMARY KEY,
  application_id TEXT NOT NULL REFERENCES applications(id) ON DELETE CASCADE,
  path           TEXT NOT NULL,
  UNIQUE (application_id, path)
) STRICT;
CREATE TABLE tasks (
  sequence       INTEGER PRIMARY KEY,  -- order of creation
  pid            TEXT NOT NULL UNIQUE,
  parent_pid     TEXT,
  application_id TEXT NOT NULL,        -- no foreign key: history outlives the application
  application_folder TEXT NOT NULL,
  script_id      TEXT NOT NULL,
  script_path    TEXT NOT NULL,
  owner          TEXT NOT NULL,
  start_params   TEXT NOT NULL,        -- a JSON object
  venv           TEXT NOT NULL,
  timeout_sec    REAL NOT NULL,
  memory_mb      INTEGER NOT NULL,
  hypervisor_id  TEXT,                 -- NULL while queued
  state          TEXT NOT NULL,
  created_ms     INTEGER NOT NULL,
  started_ms     INTEGER,
  finished_ms    INTEGER,
  stop_by        TEXT,                 -- who asked for its stop; NULL: nobody
  outcome        TEXT,                 -- a JSON object once closed
  cpu_sec        REAL,
  memory_peak_mb REAL,
  output_bytes   INTEGER
) STRICT;
CREATE INDEX tasks_by_application ON tasks (application_id, sequence);
CREATE INDEX tasks_by_parent ON tasks (parent_pid) WHERE parent_pid IS NOT NULL;
CREATE INDEX tasks_open ON tasks (state, sequence) WHERE state <> 'closed';
)sql",
    // 2: messages to tasks until they are read; what a task last said of its progress.
    R"sql(
CREATE TABLE task_messages (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: hypervisors tell repetitions by it
  pid      TEXT NOT NULL,
  id       TEXT NOT NULL,                      -- the sender's, so that a repetition is stored once
  json     TEXT NOT NULL,
  UNIQUE (pid, id)
) STRICT;
ALTER TABLE tasks ADD COLUMN status_text TEXT;      -- NULL: it said nothing
ALTER TABLE tasks ADD COLUMN status_progress REAL;  -- 0 to 1; NULL: unknown
)sql",
    // 3: how far tasks are kept apart: as the application says now, and as it said when the task was
    // accepted.
    R"sql(
ALTER TABLE applications ADD COLUMN isolation TEXT NOT NULL DEFAULT 'default';
ALTER TABLE tasks ADD COLUMN isolation TEXT NOT NULL DEFAULT 'default';
)sql",
};

}  // namespace am::storage
