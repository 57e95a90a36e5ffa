package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.FileTokenStore;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.KeyFile;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two clients on one store of files: each hears at once of what the other does to a grant. */
@ExtendWith(ScriptedServers.class)
class SiblingsTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration LIFE = Duration.ofHours(1);

  @TempDir Path folder;

  private final List<Object> events = new CopyOnWriteArrayList<>();
  private ScriptedAuthorizationServer server;
  private TokenStore oneStore;
  private TokenStore otherStore;
  private OAuthClient one;
  private OAuthClient other;

  @BeforeEach
  void start(ScriptedAuthorizationServer scripted) {
    server = scripted;
    server.refreshPolicy(RefreshPolicy.STRICT);
    oneStore = store();
    otherStore = store();
    one = clientOf(server).store(oneStore).build();
    other = clientOf(server).store(otherStore).listener(new KeptEvents(events)).build();
  }

  private TokenStore store() {
    return FileTokenStore.at(folder.resolve("grants"), KeyFile.at(folder.resolve("keys")));
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
    oneStore.close();
    otherStore.close();
  }

  private TokenSet login(String accessToken) {
    return TokenSet.builder(AccessToken.bearer(accessToken))
        .expiresIn(LIFE)
        .refreshToken(Secret.of(server.issueRefreshToken(ID)))
        .build();
  }

  /** A source of the second client with a token in hand, which hears of changes. */
  private TokenSource listening() {
    one.connect("alice", login("the-first"));
    TokenSource source = other.tokensOf("alice");
    assertThat(source.token(LONG).value()).isEqualTo("the-first");
    // Watching begins on a worker: until it has, changes are not told.
    for (int i = 0; i < 50; i++) {
      String next = "probe-" + i;
      one.connect("alice", login(next));
      if (isSoon(source, next)) {
        events.clear();
        return source;
      }
    }
    throw new AssertionError("No change was told.");
  }

  private static boolean isSoon(TokenSource source, String token) {
    try {
      within(Duration.ofMillis(300)).until(() -> source.token(Duration.ZERO).value().equals(token));
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private static ConditionFactory within(Duration time) {
    return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(time);
  }

  private static ConditionFactory soon() {
    return within(Duration.ofMillis(500));
  }

  @Test
  void aLoginElsewhereIsAdoptedAtOnceAndNotAtTheSoftMargin() {
    TokenSource source = listening();
    one.connect("alice", login("the-newest"));
    soon().until(() -> source.token(Duration.ZERO).value().equals("the-newest"));
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  void aLogoutElsewhereEndsTheTokenInHand() {
    TokenSource source = listening();
    one.disconnect("alice");
    soon().until(() -> source.state() == TokenState.LOGIN_REQUIRED);
    Awaitility.await().until(() -> !events.isEmpty());
    assertThat(events)
        .filteredOn(RenewalListener.LoginRequired.class::isInstance)
        .singleElement()
        .satisfies(
            each -> {
              RenewalListener.LoginRequired event = (RenewalListener.LoginRequired) each;
              assertThat(event.reason()).isEqualTo(LoginRequiredException.Reason.LOGGED_OUT);
              assertThat(event.subject()).isEqualTo("alice");
            });
    one.connect("alice", login("back-again"));
    soon().until(() -> source.state() == TokenState.FRESH);
    assertThat(source.token(Duration.ZERO).value()).isEqualTo("back-again");
  }

  @Test
  void aRenewalElsewhereIsAdoptedInLessThanHalfASecond() {
    TokenSource source = listening();
    TokenSource sibling = one.tokensOf("alice");
    sibling.invalidate(sibling.token(LONG));
    AccessToken renewed = sibling.token(LONG);
    soon().until(() -> source.token(Duration.ZERO).equals(renewed));
    assertThat(server.rotations()).isEqualTo(1);
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  void aLoginWhoseAccessTokenIsForAnotherResourceLeavesTheSourceEmpty() {
    TokenSource narrow = other.tokens(Grant.connected("alice").resource("https://a.example"));
    TokenSource all = listening();
    AccessToken old = narrow.token(LONG);
    one.connect("alice", login("for-everything"));
    soon().until(() -> narrow.state() == TokenState.EMPTY);
    soon().until(() -> all.token(Duration.ZERO).value().equals("for-everything"));
    assertThat(narrow.token(LONG)).isNotEqualTo(old);
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  void aUserWhoHadToLogInGoesOnAfterALoginElsewhere() {
    TokenSource listens = listening();
    TokenSource bob = other.tokensOf("bob");
    Awaitility.await().until(() -> isRefused(bob));
    one.connect("bob", login("for-bob"));
    soon().until(() -> bob.state() == TokenState.FRESH);
    assertThat(bob.token(Duration.ZERO).value()).isEqualTo("for-bob");
    assertThat(listens.state()).isEqualTo(TokenState.FRESH);
    assertThat(oneStore.read(GrantKey.of(ID, Grant.connected("bob"))).record().generation())
        .isEqualTo(1);
  }

  private static boolean isRefused(TokenSource source) {
    try {
      return source.token(LONG) == null;
    } catch (LoginRequiredException e) {
      return true;
    }
  }
}
