package dev.everbearer.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Refetching;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long metadata is kept, and what is said when it changes. */
@ExtendWith(ScriptedServers.class)
class MetadataCacheTest {

  private static final String PLACE = "/.well-known/oauth-authorization-server";

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private OAuthClient client;

  MetadataCacheTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void open() {
    server.registerClient("id", "secret");
    client = Refetching.onTheSpot(builder()).build();
  }

  private OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretBasic("id", "secret")
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler());
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void fetch() {
    client.fetch(Grant.clientCredentials());
  }

  private long metadataRequests() {
    return server.requests().stream()
        .filter(each -> each.path().startsWith("/.well-known"))
        .count();
  }

  private void cacheControl(String value) {
    server.script(PLACE).answerAlways(Answer.healthy().header("Cache-Control", value));
  }

  /** The document is kept for exactly as long as said: asked for just before and at the end. */
  private void isKeptFor(Duration life) {
    server.clearRequests();
    fetch();
    assertThat(metadataRequests()).isEqualTo(1);
    clock.advance(life.minusNanos(1));
    fetch();
    assertThat(metadataRequests()).as("just before " + life).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    fetch();
    assertThat(metadataRequests()).as("at " + life).isEqualTo(2);
    clock.advance(Duration.ofDays(2));
  }

  @Spec("MD-08")
  @Test
  void maxAgeIsHonouredBetweenAMinuteAndADay() {
    isKeptFor(Duration.ofHours(1));
    for (String each : List.of("max-age=600", "public, Max-Age=600", "s-maxage=9,max-age=600")) {
      cacheControl(each);
      isKeptFor(Duration.ofMinutes(10));
    }
    for (String each : List.of("max-age=0", "max-age=59", "max-age=60")) {
      cacheControl(each);
      isKeptFor(Duration.ofMinutes(1));
    }
    for (String each : List.of("max-age=86400", "max-age=86401", "max-age=99999999999999999999")) {
      cacheControl(each);
      isKeptFor(Duration.ofHours(24));
    }
    cacheControl("max-age=junk");
    isKeptFor(Duration.ofHours(1));
  }

  @Spec("MD-08")
  @Test
  void theOldCopyIsUsedForADayWhenItCannotBeFetchedAgain() {
    fetch();
    server.script(PLACE).answerAlways(Answer.status(503));
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.server")) {
      clock.advance(Duration.ofHours(1));
      fetch();
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("the last good copy is used", "503");
    }
    assertThat(metadataRequests()).isEqualTo(2);
    fetch();
    assertThat(metadataRequests()).as("a failed fetch is not repeated at once").isEqualTo(2);
    clock.advance(Duration.ofMinutes(1));
    fetch();
    assertThat(metadataRequests()).isEqualTo(3);

    clock.advance(Duration.ofHours(23).minusMinutes(1).minusNanos(1));
    fetch();
    clock.advance(Duration.ofNanos(1));
    assertThatThrownBy(this::fetch).isInstanceOf(OAuthException.class).hasMessageContaining("503");
    server.script(PLACE).answerHealthy();
    fetch();
  }

  @Spec("MD-08")
  @Test
  void allWhoNeedTheDocumentAtOnceShareOneFetch() {
    server.script(PLACE).answerNext(Answer.healthy().held());
    List<CompletableFuture<Void>> all = atOnce(8);
    server.awaitHung(1, Duration.ofSeconds(10));
    server.releaseHung();
    all.forEach(CompletableFuture::join);

    assertThat(metadataRequests()).isEqualTo(1);
    assertThat(server.tokenRequests()).hasSize(8);
  }

  private List<CompletableFuture<Void>> atOnce(int count) {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(CompletableFuture.runAsync(this::fetch, threads));
    }
    threads.shutdown();
    return all;
  }

  @Spec("MD-08")
  @Test
  @Timeout(20)
  void nobodyWaitsForAFetchThatHangsWhileAStaleCopyIsThere() {
    try (OAuthClient patient = builder().exchangeTimeout(Duration.ofMinutes(1)).build()) {
      patient.fetch(Grant.clientCredentials());
      server.script(PLACE).answerAlways(Answer.hang());
      clock.advance(Duration.ofHours(1));
      patient.fetch(Grant.clientCredentials());
      server.awaitHung(1, Duration.ofSeconds(10));
      patient.fetch(Grant.clientCredentials());
    }
    assertThat(metadataRequests()).as("one refetch at a time").isEqualTo(2);
    assertThat(server.tokenRequests()).hasSize(3);
  }

  @Spec("MD-08")
  @Test
  void aStaleCopyIsReplacedByOneFetchAtATime() {
    List<Runnable> tasks = new ArrayList<>();
    try (OAuthClient own = Refetching.on(tasks::add, builder()).build()) {
      own.fetch(Grant.clientCredentials());
      for (int round = 1; round <= 2; round++) {
        clock.advance(Duration.ofHours(1));
        own.fetch(Grant.clientCredentials());
        own.fetch(Grant.clientCredentials());
        assertThat(tasks).hasSize(round);
        assertThat(metadataRequests()).isEqualTo(round);
        tasks.get(round - 1).run();
        assertThat(metadataRequests()).isEqualTo(round + 1);
        own.fetch(Grant.clientCredentials());
        assertThat(tasks).hasSize(round);
      }
    }
  }

  @Spec("MD-08")
  @Test
  void signedMetadataIsIgnoredAndReported() {
    server.metadata(Map.of("signed_metadata", "e30.e30.e30"));
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.server")) {
      fetch();
      assertThat(logs.messages(Level.INFO))
          .singleElement()
          .asString()
          .contains("signed_metadata", "not evaluated");
      assertThat(logs.everything().toString()).doesNotContain("e30.e30");
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }

  // ---- changes

  private List<String> audited(Map<String, ?> before, Map<String, ?> after) {
    server.metadata(before);
    clock.advance(Duration.ofDays(2));
    fetch();
    server.metadata(after);
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.server")) {
      clock.advance(Duration.ofHours(1));
      fetch();
      return logs.messages(Level.WARNING);
    }
  }

  @Spec("MD-09")
  @Test
  void changesOfKeysHostsAndMethodsAreAudited() {
    assertThat(
            audited(
                Map.of("jwks_uri", "https://a.example/k1"),
                Map.of("jwks_uri", "https://a.example/k2")))
        .singleElement()
        .asString()
        .contains("Audit", server.issuer().toString(), "jwks_uri", "k1", "k2");
    assertThat(
            audited(
                Map.of("authorization_endpoint", "https://a.example/auth"),
                Map.of("authorization_endpoint", "https://b.example/auth")))
        .singleElement()
        .asString()
        .contains("Audit", "authorization_endpoint", "a.example", "b.example");
    assertThat(
            audited(
                Map.of("revocation_endpoint_auth_methods_supported", List.of("a")),
                Map.of("revocation_endpoint_auth_methods_supported", List.of("a", "none"))))
        .singleElement()
        .asString()
        .contains("Audit", "revocation_endpoint_auth_methods_supported", "none");
    assertThat(audited(Map.of(), Map.of("brand_new_endpoint", "https://c.example/d")))
        .singleElement()
        .asString()
        .contains("Audit", "brand_new_endpoint", "nothing");
  }

  @Spec("MD-09")
  @Test
  void otherChangesAreNobodysBusiness() {
    assertThat(audited(Map.of(), Map.of())).isEmpty();
    assertThat(
            audited(
                Map.of("registration_endpoint", "https://a.example/one"),
                Map.of("registration_endpoint", "https://a.example/two")))
        .isEmpty();
    assertThat(
            audited(
                Map.of("introspection_endpoint_auth_methods_supported", List.of("a", "b")),
                Map.of("introspection_endpoint_auth_methods_supported", List.of("b", "a"))))
        .isEmpty();
    assertThat(
            audited(
                Map.of("scopes_supported", List.of("a")), Map.of("scopes_supported", List.of("b"))))
        .isEmpty();
  }
}
