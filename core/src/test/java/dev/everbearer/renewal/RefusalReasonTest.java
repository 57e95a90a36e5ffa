package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why somebody has to log in is told, and stands in the store for whoever comes next. */
@ExtendWith(ScriptedServers.class)
class RefusalReasonTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Grant GRANT = Grant.refreshToken("first");

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final MemoryTokenStore store;

  RefusalReasonTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
    this.store = new MemoryTokenStore(clock);
  }

  private OAuthClient client(ProviderProfile profile) {
    return clientOf(server)
        .profile(profile)
        .store(store)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .executor(Runnable::run)
        .build();
  }

  private void give(String members) {
    server.answerNext(
        Answer.json(
            200,
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":60%s}"
                .formatted(members)));
  }

  private void refuse(String description) {
    server.answerNext(
        Answer.json(
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"%s\"}".formatted(description)));
  }

  private LoginRequiredException over(ProviderProfile profile) {
    try (OAuthClient client = client(profile)) {
      return refusal(LoginRequiredException.class, client.tokens(GRANT)::token);
    }
  }

  private void use(ProviderProfile profile, String members) {
    give(members);
    try (OAuthClient client = client(profile)) {
      assertThat(client.tokens(GRANT).token().value()).isEqualTo("a");
    }
  }

  /** One token, and a refusal of the next one, in another process some time later. */
  private LoginRequiredException overAfter(
      Duration time, String members, String refused, ProviderProfile profile) {
    use(profile, members);
    clock.advance(time);
    refuse(refused);
    return over(profile);
  }

  @ParameterizedTest
  @CsvSource({
    "Token is not active,EXPIRED,keepAlive",
    "It was revoked.,REVOKED,revoked at the server",
    "It was already used.,REUSED,has a copy of it",
    "No.,REFUSED,why is not known"
  })
  void whatTheServerSaysIsTheReason(String description, Reason reason, String explained) {
    LoginRequiredException over = overAfter(DAY, "", description, ProviderProfile.standard());
    assertThat(over.reason()).isEqualTo(reason);
    assertThat(over)
        .hasMessageContaining(explained)
        .hasMessageContaining("Log in again, or hand in a new one.")
        .hasMessageContaining(description);
  }

  @Test
  void theNextProcessTellsTheSameReasonWithoutAsking() {
    overAfter(DAY, "", "It was already used.", ProviderProfile.standard());
    int before = server.requestCount();
    assertThat(store.read(GrantKey.of(ID, GRANT)).record().dead()).contains(Reason.REUSED);
    try (OAuthClient next = client(ProviderProfile.standard())) {
      assertThatThrownBy(next.tokens(GRANT)::token)
          .isInstanceOfSatisfying(
              LoginRequiredException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REUSED))
          .hasMessageContaining("has a copy of it");
    }
    assertThat(server.requestCount()).isEqualTo(before);
  }

  @Test
  @Spec("LC-10")
  void aTokenThatIsRefusedAfterItsStatedEndRanOut() {
    String stated = ",\"refresh_token\":\"second\",\"refresh_token_expires_in\":86400";
    assertThat(overAfter(DAY, stated, "No.", ProviderProfile.standard()).reason())
        .isEqualTo(Reason.EXPIRED);
  }

  @Test
  @Spec("LC-10")
  void aTokenThatIsRefusedBeforeItsStatedEndDidNotRunOut() {
    String stated = ",\"refresh_token\":\"second\",\"refresh_token_expires_in\":86401";
    assertThat(overAfter(DAY, stated, "No.", ProviderProfile.standard()).reason())
        .isEqualTo(Reason.REFUSED);
  }

  @Test
  @Spec("LC-10")
  void aTokenPastItsStatedEndIsSentAllTheSame() {
    use(ProviderProfile.standard(), ",\"refresh_expires_in\":60");
    clock.advance(DAY);
    use(ProviderProfile.standard(), "");
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  void aTokenThatStaysKeepsItsStatedEndAndEachUseCounts() {
    ProviderProfile profile = ProviderProfile.builder().idleLimit(DAY).build();
    use(profile, ",\"refresh_expires_in\":259200");
    clock.advance(DAY.minusSeconds(1));
    use(profile, "");
    var life = store.read(GrantKey.of(ID, GRANT)).record().refreshTokenLife().orElseThrow();
    assertThat(life.usedAt()).isEqualTo(clock.instant());
    assertThat(life.end()).isEqualTo(clock.instant().plus(DAY).plus(DAY).plusSeconds(1));
    clock.advance(DAY.minusSeconds(1));
    refuse("No.");
    assertThat(over(profile).reason()).isEqualTo(Reason.REFUSED);
  }

  @Test
  void aTokenThatNobodyUsedForTheIdleLimitRanOut() {
    ProviderProfile profile = ProviderProfile.builder().idleLimit(DAY).build();
    LoginRequiredException over = overAfter(DAY, "", "No.", profile);
    assertThat(over.reason()).isEqualTo(Reason.EXPIRED);
    assertThat(over).hasMessageContaining("keepAlive");
  }

  @Test
  void aSessionThatWasEndedBeforeItsTimeWasRevoked() {
    String stated = ",\"refresh_token\":\"second\",\"refresh_expires_in\":1800";
    Duration soon = Duration.ofMinutes(10);
    assertThat(overAfter(soon, stated, "Session not active", ProviderProfile.standard()).reason())
        .isEqualTo(Reason.REVOKED);
  }

  @Test
  void theCodeThatGithubHasForARefreshTokenEndsTheGrant() {
    server.answerNext(
        Answer.json(
            200,
            "{\"error\":\"bad_refresh_token\","
                + "\"error_description\":\"The refresh token passed is incorrect or expired.\"}"));
    assertThat(over(ProviderProfile.named("github")).reason()).isEqualTo(Reason.REFUSED);
  }
}
