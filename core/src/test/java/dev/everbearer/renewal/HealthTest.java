package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.KeptEvents;
import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Outbox;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong beside the server is told once when it begins, and once when it ends. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class HealthTest {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ScriptedAuthorizationServer server;
  private final FailingStore store = new FailingStore();
  private final Outbox outbox = Outbox.inMemory();
  private final List<Object> heard = new CopyOnWriteArrayList<>();

  HealthTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  @BeforeEach
  void rotateStrictly() {
    server.refreshPolicy(RefreshPolicy.STRICT);
  }

  private OAuthClient client() {
    return clientOf(server)
        .store(store)
        .outbox(outbox)
        .listener(new KeptEvents(heard))
        .exchangeTimeout(Duration.ofSeconds(5))
        .build();
  }

  private Grant grant() {
    return Grant.refreshToken(server.issueRefreshToken(ID));
  }

  private <T> List<T> heard(Class<T> type) {
    return heard.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <T> T awaited(Class<T> type) {
    Awaitility.await().until(() -> !heard(type).isEmpty());
    return heard(type).get(0);
  }

  private static void refuses(TokenSource source) {
    assertThatThrownBy(() -> source.token(SHORT)).isInstanceOf(OAuthException.class);
  }

  private static boolean isAnswer(GrantRecord next) {
    return next.rotation().parent() != null && next.rotation().lease() == null;
  }

  @Test
  @Spec("LC-62")
  void anOutageOfTheStoreIsToldOnceAndSoIsItsEnd() {
    Instant before = Instant.now();
    store.down(true);
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.renewal");
        OAuthClient client = client()) {
      TokenSource source = client.tokens(grant());
      refuses(source);
      refuses(client.tokens(grant()));
      refuses(client.tokens(grant()));
      Awaitility.await().until(() -> store.failures.get() > 2);
      RenewalListener.StoreDown down = awaited(RenewalListener.StoreDown.class);
      assertThat(down.registration()).isEqualTo(ID);
      assertThat(down.since()).isBetween(before, Instant.now());
      assertThat(down.message()).isEqualTo("java.lang.IllegalStateException");
      assertThat(client.diagnose())
          .contains("The token store of " + ID + " fails since " + down.since());
      store.down(false);
      assertThat(source.token(LONG).value()).isNotBlank();
      assertThat(awaited(RenewalListener.StoreUp.class).after()).isPositive();
      assertThat(client.diagnose()).doesNotContain("fails since");
      assertThat(heard(RenewalListener.StoreDown.class)).hasSize(1);
      assertThat(heard(RenewalListener.StoreUp.class)).hasSize(1);
      assertThat(logs.messages(Level.WARNING))
          .filteredOn(line -> line.startsWith("The token store of"))
          .singleElement()
          .asString()
          .contains("Check the store.")
          .doesNotContain("canary");
    }
  }

  @Test
  void whatCannotBeWrittenIsAnOutageAlthoughItCanBeRead() {
    store.refusesWrites.set(next -> true);
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(grant());
      refuses(source);
      refuses(client.tokens(grant()));
      Awaitility.await().until(() -> store.failures.get() > 1);
      assertThat(store.roundTrips.get()).isGreaterThan(store.failures.get());
      awaited(RenewalListener.StoreDown.class);
      assertThat(heard(RenewalListener.StoreUp.class)).isEmpty();
      store.refusesWrites.set(next -> false);
      assertThat(source.token(LONG).value()).isNotBlank();
      awaited(RenewalListener.StoreUp.class);
      assertThat(heard(RenewalListener.StoreDown.class)).hasSize(1);
    }
  }

  @Test
  @Spec("RF-03")
  void anAnswerThatCannotBeWrittenIsToldOnceAndSoIsThatItWas() {
    store.refusesWrites.set(HealthTest::isAnswer);
    Instant before = Instant.now();
    try (OAuthClient client = client()) {
      Grant grant = grant();
      TokenSource source = client.tokens(grant);
      AccessToken unused = source.token(LONG);
      RenewalListener.Uncommitted begun = awaited(RenewalListener.Uncommitted.class);
      assertThat(begun.grant()).isEqualTo(grant + " at " + server.tokenEndpoint());
      assertThat(begun.since()).isBetween(before, Instant.now());
      Awaitility.await().until(() -> store.failures.get() > 2);
      assertThat(source.diagnose())
          .contains("in the outbox, and not in the token store, since " + begun.since());
      assertThat(client.diagnose()).contains("does not have yet since " + begun.since());
      assertThat(heard(RenewalListener.Uncommitted.class)).hasSize(1);
      store.refusesWrites.set(next -> false);
      RenewalListener.Committed ended = awaited(RenewalListener.Committed.class);
      assertThat(ended.grant()).isEqualTo(begun.grant());
      assertThat(ended.after()).isPositive();
      assertThat(source.diagnose()).doesNotContain("outbox");
    }
    assertThat(heard(RenewalListener.Uncommitted.class)).hasSize(1);
    assertThat(heard(RenewalListener.Committed.class)).hasSize(1);
  }

  @Test
  void anAnswerThatIsWrittenAtOnceIsNotTold() {
    try (OAuthClient client = client()) {
      AccessToken unused = client.tokens(grant()).token(LONG);
      awaited(RenewalListener.Obtained.class);
    }
    assertThat(heard(RenewalListener.Uncommitted.class)).isEmpty();
    assertThat(heard(RenewalListener.Committed.class)).isEmpty();
    assertThat(heard(RenewalListener.StoreDown.class)).isEmpty();
  }

  @Test
  @Spec("RF-03")
  void whatAProcessLeftIsToldByTheNextOne() {
    Grant grant = grant();
    store.refusesWrites.set(HealthTest::isAnswer);
    try (OAuthClient client = client()) {
      AccessToken unused = client.tokens(grant).token(LONG);
      awaited(RenewalListener.Uncommitted.class);
    }
    heard.clear();
    try (OAuthClient next = client()) {
      TokenSource unused = next.tokens(grant);
      RenewalListener.Uncommitted left = awaited(RenewalListener.Uncommitted.class);
      assertThat(left.subject()).isEqualTo(GrantKey.of(ID, grant).subject());
      store.refusesWrites.set(following -> false);
      RenewalListener.Committed ended = awaited(RenewalListener.Committed.class);
      assertThat(ended.after()).isPositive();
    }
    assertThat(heard(RenewalListener.Uncommitted.class)).hasSize(1);
    assertThat(heard(RenewalListener.Committed.class)).hasSize(1);
  }
}
