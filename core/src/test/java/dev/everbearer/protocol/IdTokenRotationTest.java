package dev.everbearer.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.jose.Keys;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.server.internal.CachedDirectory;
import dev.everbearer.server.internal.JwksCache;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.JdkTransport;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that changes its keys, as seen by a client that validates ID tokens. */
@Spec({"ID-08", "SE-20"})
@ExtendWith(ScriptedServers.class)
class IdTokenRotationTest {

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private JdkTransport transport;
  private IdTokenValidator validator;

  IdTokenRotationTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void open() {
    server.metadata(Map.of("jwks_uri", server.uri("/keys").toString()));
    transport = JdkTransport.making(HttpClient::newHttpClient, request -> {}, clock);
    Duration timeout = Duration.ofSeconds(5);
    CachedDirectory directory =
        new CachedDirectory(
            server.issuer().toString(),
            null,
            EndpointRules.DEFAULT,
            transport,
            Map.of(),
            timeout,
            clock::nanoTime,
            Runnable::run);
    validator =
        new IdTokenValidator(
            directory,
            new JwksCache(directory, transport, Map.of(), timeout, clock::nanoTime),
            IdTokenRules.of("us"),
            clock);
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private void publish(Map<?, ?>... keys) {
    server
        .script("/keys")
        .answerAlways(Answer.json(200, JSONObjectUtils.toJSONString(Keys.document(keys))));
  }

  private String subject(KeyPair pair, String kid) throws InterruptedException {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims =
        Map.of(
            "iss", server.issuer().toString(), "aud", "us", "sub", "a", "iat", now, "exp", now + 9);
    String token = Keys.jwt(SignatureAlgorithm.RS256, pair, kid, claims);
    return validator.validate(Secret.of(token), IdTokenExpectation.ofLogin(null)).subject();
  }

  private long fetches() {
    return server.requests().stream().filter(each -> each.path().equals("/keys")).count();
  }

  @Test
  void aKeyThatIsAddedJustBeforeSigningIsFetchedOnce() throws Exception {
    publish(Keys.jwk(Keys.OTHER_RSA, "kid", "old"));
    assertThat(subject(Keys.OTHER_RSA, "old")).isEqualTo("a");
    publish(Keys.jwk(Keys.OTHER_RSA, "kid", "old"), Keys.jwk(Keys.RSA, "kid", "new"));
    assertThat(subject(Keys.RSA, "new")).isEqualTo("a");
    assertThat(subject(Keys.OTHER_RSA, "old")).isEqualTo("a");
    assertThat(subject(Keys.RSA, "new")).isEqualTo("a");
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void aKeyThatWasTakenAwayCountsNoMoreOnceTheSetIsFetchedAgain() throws Exception {
    publish(Keys.jwk(Keys.OTHER_RSA, "kid", "old"));
    assertThat(subject(Keys.OTHER_RSA, "old")).isEqualTo("a");
    publish(Keys.jwk(Keys.RSA, "kid", "new"));
    clock.advance(Duration.ofHours(1));
    assertThatThrownBy(() -> subject(Keys.OTHER_RSA, "old"))
        .isInstanceOf(MalformedAnswerException.class)
        .hasMessageContaining("no key 'old' for RS256");
  }

  @Test
  void aFloodOfUnknownKeysIsNotPassedOn() throws Exception {
    publish(Keys.jwk(Keys.RSA, "kid", "a"));
    for (int i = 0; i < 20; i++) {
      String kid = "random-" + i;
      assertThatThrownBy(() -> subject(Keys.OTHER_RSA, kid))
          .isInstanceOf(MalformedAnswerException.class);
    }
    assertThat(fetches()).isEqualTo(3);
    assertThat(subject(Keys.RSA, "a")).isEqualTo("a");
  }

  @Test
  void withoutKeysNothingIsBelieved() {
    server.script("/keys").answerAlways(Answer.status(503));
    assertThatThrownBy(() -> subject(Keys.RSA, "a"))
        .isInstanceOf(ServerUnavailableException.class)
        .hasMessageContaining("key set");
  }
}
