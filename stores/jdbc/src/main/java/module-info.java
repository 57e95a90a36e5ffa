/** Everbearer's store of grants in a database: PostgreSQL, MariaDB, MySQL or H2. */
module dev.everbearer.store.jdbc {
  requires transitive dev.everbearer;
  requires transitive java.sql;
  requires static org.jspecify;

  exports dev.everbearer.store.jdbc;
}
