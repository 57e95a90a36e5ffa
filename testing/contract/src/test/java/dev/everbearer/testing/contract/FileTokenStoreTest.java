package dev.everbearer.testing.contract;

import dev.everbearer.store.FileTokenStore;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

class FileTokenStoreTest extends TokenStoreContract {

  @TempDir private Path temporary;

  @Override
  protected TokenStore open() {
    return reopen();
  }

  @Override
  protected TokenStore reopen() {
    return FileTokenStore.at(
        temporary.resolve("grants"), StoreKeys.inFile(temporary.resolve("keys/store.jwks")));
  }

  @Override
  protected void corrupt(GrantKey damaged) throws Exception {
    Path file = temporary.resolve("grants").resolve(damaged.digest() + ".grant");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 7));
  }
}
