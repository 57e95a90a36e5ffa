package dev.everbearer.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.PendingRevocation;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.Sender;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.Spare;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.store.Variant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** A store that is looked at, and what is put into it. */
abstract class TokenStoreScene {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final ServerIdentity SERVER =
      new ServerIdentity("https://id.test", URI.create("https://id.test/token"));

  static final Variant VARIANT = Variant.of(Grant.clientCredentials().request());

  final GrantKey key = new GrantKey("client", "refresh_token", "user-1");
  TokenStore store;

  /** An empty store, new for each test. */
  protected abstract TokenStore open() throws Exception;

  /**
   * The store that {@link #open} made last, once more, as the next process has it, or another one
   * beside it. Called for stores that are {@linkplain TokenStore#isDurable() durable} alone.
   */
  protected TokenStore reopen() throws Exception {
    throw new UnsupportedOperationException("A durable store says how it is opened again.");
  }

  /**
   * Damages what is stored of a grant, so that it does not open. Without it the tests of damage are
   * skipped.
   */
  protected void corrupt(GrantKey damaged) throws Exception {
    Assumptions.abort("This store has nothing that could be damaged.");
  }

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  GrantRecord read(GrantKey anyKey) {
    return store.read(anyKey).record();
  }

  static GrantRecord withRefreshToken(GrantRecord record, String token) {
    return record.next().refreshToken(Secret.of(token), SERVER).build();
  }

  static String revealed(GrantRecord record) {
    return record.refreshToken().map(Secret::reveal).orElse("none");
  }

  static StoredToken stored(String token) {
    return new StoredToken(AccessToken.bearer(token), START, Duration.ofMinutes(5));
  }

  /** With something in each place. */
  static GrantRecord full() {
    return GrantRecord.absent()
        .next()
        .token(VARIANT, stored("canary-access"))
        .refreshToken(Secret.of("canary-refresh"), SERVER)
        .toRevoke(
            List.of(
                new PendingRevocation(
                    Secret.of("canary-old"), PendingRevocation.REFRESH_TOKEN, SERVER),
                new PendingRevocation(
                    Secret.of("canary-older"), PendingRevocation.ACCESS_TOKEN, null)))
        .rotation(rotation())
        .build();
  }

  private static RotationState rotation() {
    Fingerprint parent = Fingerprint.of(Secret.of("parent"));
    return new RotationState(
        new Lease("owner-1", 7, START.plusSeconds(30)),
        List.of(
            new Sender("owner-1", 7, parent, 2, START.plusSeconds(1)),
            new Sender("owner-2", 6, parent, 1, START)),
        new UnclearSend(START, START.plusSeconds(15), 2),
        true,
        parent,
        2,
        new Spare(Secret.of("canary-spare"), "the-thumbprint", 1),
        START.plusSeconds(60),
        3);
  }

  static void assertSame(GrantRecord back, GrantRecord written) {
    assertThat(back).usingRecursiveComparison().isEqualTo(written);
  }
}
