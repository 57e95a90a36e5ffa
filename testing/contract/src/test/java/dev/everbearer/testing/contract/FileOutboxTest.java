package dev.everbearer.testing.contract;

import dev.everbearer.store.Outbox;
import dev.everbearer.store.StoreKeys;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileOutboxTest extends OutboxContract {

  @TempDir private Path temporary;

  @Override
  protected Outbox open() {
    return Outbox.in(
        temporary.resolve("outbox"), StoreKeys.inFile(temporary.resolve("keys/store.jwks")));
  }

  @Override
  protected boolean isDurable() {
    return true;
  }
}
