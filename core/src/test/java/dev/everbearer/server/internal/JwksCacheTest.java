package dev.everbearer.server.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.jose.Jwks;
import dev.everbearer.jose.Keys;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.JdkTransport;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where keys come from, how long they are kept, and how often they are asked for again. */
@Spec("SE-20")
@ExtendWith(ScriptedServers.class)
class JwksCacheTest {

  private static final String PLACE = "/keys";

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private JdkTransport transport;
  private JwksCache cache;

  JwksCacheTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void open() {
    server.metadata(Map.of("jwks_uri", server.uri(PLACE).toString()));
    server.script(PLACE).answerAlways(keySet());
    transport = JdkTransport.making(HttpClient::newHttpClient, request -> {}, clock);
    cache =
        cacheOf(
            new CachedDirectory(
                server.issuer().toString(),
                null,
                EndpointRules.DEFAULT,
                transport,
                Map.of(),
                Duration.ofSeconds(5),
                clock::nanoTime,
                Runnable::run));
  }

  private JwksCache cacheOf(ServerDirectory directory) {
    return new JwksCache(directory, transport, Map.of(), Duration.ofSeconds(5), clock::nanoTime);
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private static Answer keySet() {
    return Answer.json(200, JSONObjectUtils.toJSONString(Keys.document(Keys.jwk(Keys.RSA))));
  }

  private long fetches(String path) {
    return server.requests().stream().filter(each -> each.path().equals(path)).count();
  }

  private long fetches() {
    return fetches(PLACE);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 60",
    "max-age=0, 5",
    "max-age=299, 5",
    "max-age=301, 5",
    "max-age=1200, 20",
    "max-age=86400, 1440",
    "max-age=99999999, 1440"
  })
  void aSetIsKeptBetweenFiveMinutesAndADay(String cacheControl, int minutes) throws Exception {
    if (!cacheControl.isEmpty()) {
      server.script(PLACE).answerAlways(keySet().header("Cache-Control", cacheControl));
    }
    Jwks first = cache.current();
    clock.advance(Duration.ofMinutes(minutes).minusNanos(1));
    assertThat(cache.current()).isSameAs(first);
    assertThat(fetches()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1).plusNanos(1));
    assertThat(cache.current()).isNotSameAs(first);
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void nothingIsSentAlong() throws Exception {
    cache.current();
    assertThat(server.requests())
        .filteredOn(each -> each.path().equals(PLACE))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.method()).isEqualTo("GET");
              assertThat(request.headers("Authorization")).isEmpty();
              assertThat(request.query()).isEmpty();
            });
  }

  @Test
  void aFloodOfUnknownKeysAsksTwiceAndThenOnceAMinute() throws Exception {
    flood(50);
    assertThat(fetches()).as("the first, and a burst of two").isEqualTo(3);
    clock.advance(Duration.ofSeconds(59));
    flood(50);
    assertThat(fetches()).isEqualTo(3);
    clock.advance(Duration.ofSeconds(1));
    flood(50);
    assertThat(fetches()).isEqualTo(4);
    clock.advance(Duration.ofMinutes(3));
    flood(50);
    assertThat(fetches()).as("no more than a burst is saved up").isEqualTo(6);
  }

  private void flood(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      cache.newerThan(cache.current());
    }
  }

  @Test
  void whoSawAnOlderSetGetsTheNewerOneWithoutAFetch() throws Exception {
    Jwks old = cache.current();
    Jwks newer = cache.newerThan(old);
    assertThat(newer).isNotSameAs(old);
    assertThat(cache.newerThan(old)).isSameAs(newer);
    assertThat(fetches()).isEqualTo(2);
  }

  @Test
  void manyAtOnceShareOneFetch() throws Exception {
    Jwks known = cache.current();
    server.script(PLACE).answerNext(keySet().held());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Jwks>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(() -> cache.newerThan(known));
    }
    List<Future<Jwks>> answers = new ArrayList<>();
    calls.forEach(call -> answers.add(threads.submit(call)));
    server.awaitHung(1, Duration.ofSeconds(10));
    server.releaseHung();
    Jwks newer = answers.get(0).get();
    for (Future<Jwks> answer : answers) {
      assertThat(answer.get()).isSameAs(newer).isNotSameAs(known);
    }
    threads.shutdown();
    assertThat(fetches()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"503", "500", "429", "404", "302", "200"})
  void theLastGoodSetIsUsedForADayWhenNoneComes(int status) throws Exception {
    Jwks good = cache.current();
    server.script(PLACE).answerAlways(Answer.json(status, "{\"keys\":"));
    clock.advance(Duration.ofHours(1));
    assertThat(cache.current()).isSameAs(good);
    assertThat(cache.newerThan(good)).isSameAs(good);
    clock.advance(Duration.ofHours(23));
    assertThatThrownBy(() -> cache.current())
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("key set " + server.uri(PLACE));
  }

  @Test
  void aSetThatIsNoneIsTheServersTrouble() {
    server.script(PLACE).answerAlways(Answer.json(200, "{}"));
    assertThatThrownBy(() -> cache.current())
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("cannot be used: it has no list of keys");
  }

  @Test
  void halfAMegabyteIsTheLimit() {
    server.script(PLACE).answerAlways(Answer.endlessBody());
    assertThatThrownBy(() -> cache.current()).isInstanceOf(OAuthException.class);
  }

  @Test
  void keysComeFromWhereTheMetadataSaysNow() throws Exception {
    Jwks old = cache.current();
    server.script("/moved").answerAlways(keySet());
    server.metadata(Map.of("jwks_uri", server.uri("/moved").toString()));
    assertThat(cache.current()).isSameAs(old);
    clock.advance(Duration.ofHours(1));
    cache.current();
    assertThat(fetches("/moved")).isEqualTo(1);
    assertThat(fetches()).isEqualTo(1);
  }

  @Test
  void metadataWithoutKeysAndNoMetadataAtAllAreToldApart() {
    server.withoutMetadata("jwks_uri");
    assertThatThrownBy(() -> cache.current())
        .hasMessageContaining("The metadata of " + server.issuer() + " names no jwks_uri");
    AuthorizationServer bare =
        AuthorizationServer.ofTokenEndpoint(URI.create("https://a.example/token"));
    assertThatThrownBy(() -> cacheOf(() -> bare).current())
        .hasMessageContaining("Configure issuer(...)");
  }
}
