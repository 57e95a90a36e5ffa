package dev.everbearer;

import dev.everbearer.client.ClientRegistration;
import dev.everbearer.store.MemoryRegistrationStore;
import dev.everbearer.store.RegistrationStore;
import java.util.Optional;

/** A registration store on a disk that can be full. */
final class FullDisk implements RegistrationStore {

  private final RegistrationStore disk = new MemoryRegistrationStore();
  volatile boolean isFull;
  volatile int refusedWrites;

  @Override
  public Optional<ClientRegistration> get(String issuer) {
    return disk.get(issuer);
  }

  @Override
  public synchronized void put(String issuer, ClientRegistration registration) {
    if (isFull) {
      refusedWrites++;
      throw new IllegalStateException("No space left");
    }
    disk.put(issuer, registration);
  }

  @Override
  public void remove(String issuer) {
    disk.remove(issuer);
  }

  @Override
  public String toString() {
    return "the disk";
  }
}
