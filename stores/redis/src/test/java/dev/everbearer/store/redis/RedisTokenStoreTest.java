package dev.everbearer.store.redis;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;

class RedisTokenStoreTest extends TokenStoreContract {

  private final String prefix = Stores.newPrefix();

  @Override
  protected TokenStore open() {
    return reopen();
  }

  @Override
  protected TokenStore reopen() {
    return Stores.at(prefix);
  }

  @Override
  protected void corrupt(GrantKey damaged) {
    String hash = new Keys(prefix).grant(damaged);
    String record = Stores.redis().hget(hash, "record");
    Stores.redis().hset(hash, "record", record.substring(0, record.length() - 7));
  }
}
