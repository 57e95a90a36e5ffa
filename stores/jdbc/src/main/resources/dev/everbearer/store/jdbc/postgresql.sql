-- Everbearer's grants in PostgreSQL 12 or newer. May be run again.

CREATE TABLE IF NOT EXISTS everbearer_grant (
  id           VARCHAR(43)              COLLATE "C" NOT NULL PRIMARY KEY,
  list_key     BYTEA                    NOT NULL UNIQUE,
  registration TEXT                     NOT NULL,
  grant_type   TEXT                     NOT NULL,
  subject      TEXT                     NOT NULL,
  state        VARCHAR(16)              NOT NULL,
  reason       VARCHAR(64),
  version      BIGINT                   NOT NULL,
  changed_at   TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at   TIMESTAMP WITH TIME ZONE,
  record       TEXT                     NOT NULL
);

CREATE INDEX IF NOT EXISTS everbearer_grant_changed_at ON everbearer_grant (changed_at);

CREATE TABLE IF NOT EXISTS everbearer_grant_corrupt (
  id         VARCHAR(43)              COLLATE "C" NOT NULL,
  noticed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  why        TEXT                     NOT NULL,
  version    BIGINT                   NOT NULL,
  record     TEXT                     NOT NULL,
  PRIMARY KEY (id, noticed_at)
);
