-- Everbearer's grants in MariaDB 10.6 or MySQL 8.0, or newer. May be run again. Times are UTC.

CREATE TABLE IF NOT EXISTS everbearer_grant (
  id           VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  list_key     VARBINARY(2600) NOT NULL,
  registration TEXT            NOT NULL,
  grant_type   TEXT            NOT NULL,
  subject      TEXT            NOT NULL,
  state        VARCHAR(16)     NOT NULL,
  reason       VARCHAR(64),
  version      BIGINT          NOT NULL,
  changed_at   DATETIME(6)     NOT NULL,
  expires_at   DATETIME(6),
  record       LONGTEXT        NOT NULL,
  UNIQUE KEY everbearer_grant_list_key (list_key),
  KEY everbearer_grant_changed_at (changed_at)
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS everbearer_grant_corrupt (
  id         VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  noticed_at DATETIME(6) NOT NULL,
  why        TEXT        NOT NULL,
  version    BIGINT      NOT NULL,
  record     LONGTEXT    NOT NULL,
  PRIMARY KEY (id, noticed_at)
) ENGINE = InnoDB, CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
