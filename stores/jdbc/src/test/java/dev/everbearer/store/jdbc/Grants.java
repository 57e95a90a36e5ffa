package dev.everbearer.store.jdbc;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Instant;

/** Grants to write and to read. */
final class Grants {

  static final GrantKey KEY = key("user-1");

  private static final ServerIdentity SERVER =
      new ServerIdentity("https://id.test", URI.create("https://id.test/token"));

  private Grants() {}

  static GrantKey key(String subject) {
    return new GrantKey("client", "refresh_token", subject);
  }

  /** Writes the next version with a refresh token; whether it was written. */
  static boolean write(TokenStore store, GrantKey key, String refreshToken) {
    return store.compareAndSet(key, withToken(store.read(key).record(), refreshToken));
  }

  static GrantRecord withToken(GrantRecord record, String refreshToken) {
    return record.next().refreshToken(Secret.of(refreshToken), SERVER).build();
  }

  /** With a claim to send the refresh token. */
  static GrantRecord claimed(GrantRecord record) {
    return record
        .next()
        .rotation(
            record
                .rotation()
                .withLease(new Lease("somebody", 1, Instant.EPOCH))
                .withUnclear(new UnclearSend(Instant.EPOCH, Instant.EPOCH)))
        .build();
  }

  /** The refresh token that is stored. */
  static String token(TokenStore store, GrantKey key) {
    return store.read(key).record().refreshToken().map(Secret::reveal).orElse("none");
  }
}
