/**
 * Grants in a database, for one process or many. Start at {@link
 * dev.everbearer.store.jdbc.JdbcTokenStore}.
 */
@NullMarked
package dev.everbearer.store.jdbc;

import org.jspecify.annotations.NullMarked;
