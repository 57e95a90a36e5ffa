package dev.everbearer.benchmarks.stores;

import dev.everbearer.store.FileTokenStore;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A directory of this host. */
final class SharedFiles implements SharedStore {

  private final TemporaryDirectory directory;
  private final StoreKeys keys;

  SharedFiles(StoreKeys keys) throws IOException {
    this.directory = TemporaryDirectory.create();
    this.keys = keys;
  }

  @Override
  public TokenStore open() {
    return FileTokenStore.at(directory.path().resolve("grants"), keys);
  }

  @Override
  public String durability() {
    try {
      return "each file is forced to the disk (%s)".formatted(directory.fileSystem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
