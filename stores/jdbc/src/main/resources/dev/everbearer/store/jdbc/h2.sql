-- Everbearer's grants in H2 2.x. May be run again.

CREATE TABLE IF NOT EXISTS everbearer_grant (
  id           VARCHAR(43)                 NOT NULL PRIMARY KEY,
  list_key     VARBINARY(2600)             NOT NULL UNIQUE,
  registration VARCHAR(1300)               NOT NULL,
  grant_type   VARCHAR(1300)               NOT NULL,
  subject      VARCHAR(1300)               NOT NULL,
  state        VARCHAR(16)                 NOT NULL,
  reason       VARCHAR(64),
  version      BIGINT                      NOT NULL,
  changed_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at   TIMESTAMP(6) WITH TIME ZONE,
  record       CLOB                        NOT NULL
);

CREATE INDEX IF NOT EXISTS everbearer_grant_changed_at ON everbearer_grant (changed_at);

CREATE TABLE IF NOT EXISTS everbearer_grant_corrupt (
  id         VARCHAR(43)                 NOT NULL,
  noticed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  why        VARCHAR(1000)               NOT NULL,
  version    BIGINT                      NOT NULL,
  record     CLOB                        NOT NULL,
  PRIMARY KEY (id, noticed_at)
);
