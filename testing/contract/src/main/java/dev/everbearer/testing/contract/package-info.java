/**
 * Contracts as JUnit tests: extend {@link dev.everbearer.testing.contract.TokenStoreContract} for a
 * store, {@link dev.everbearer.testing.contract.OutboxContract} for an outbox, {@link
 * dev.everbearer.testing.contract.HttpAdapterContract} for an HTTP adapter.
 */
@NullMarked
package dev.everbearer.testing.contract;

import org.jspecify.annotations.NullMarked;
