/**
 * Where grants are kept and coordinated: one {@link dev.everbearer.store.GrantRecord} for each
 * {@link dev.everbearer.store.GrantKey}, changed only by compare-and-set.
 */
@NullMarked
package dev.everbearer.store;

import org.jspecify.annotations.NullMarked;
