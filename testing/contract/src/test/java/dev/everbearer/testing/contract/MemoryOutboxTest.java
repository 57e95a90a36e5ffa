package dev.everbearer.testing.contract;

import dev.everbearer.store.Outbox;

class MemoryOutboxTest extends OutboxContract {

  @Override
  protected Outbox open() {
    return Outbox.inMemory();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
