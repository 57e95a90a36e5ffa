package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.FailingStore;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What happens to tokens can be seen in a recording of the JDK's Flight Recorder. */
@ExtendWith(ScriptedServers.class)
class FlightRecorderTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  private final List<Object> heard = new CopyOnWriteArrayList<>();
  @TempDir private Path directory;
  private ScriptedAuthorizationServer server;

  @BeforeEach
  void start(ScriptedAuthorizationServer scripted) {
    server = scripted;
    server.registerClient(ID, "any");
  }

  private interface Work {
    void run() throws Exception;
  }

  private OAuthClient client() {
    return clientOf(server).listener(new KeptEvents(heard)).build();
  }

  /** What was recorded until a listener had heard of an event of that type too. */
  private List<RecordedEvent> recorded(String name, Class<?> type, Work work) throws Exception {
    try (Recording recording = new Recording()) {
      recording.start();
      work.run();
      Awaitility.await().until(() -> heard.stream().anyMatch(type::isInstance));
      recording.stop();
      return events(recording).stream()
          .filter(event -> event.getEventType().getName().equals("dev.everbearer." + name))
          .toList();
    }
  }

  private List<RecordedEvent> events(Recording recording) throws IOException {
    Path file = directory.resolve("events.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file);
  }

  @Test
  void aTokenObtainedIsRecordedWithoutItsValue() throws Exception {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      List<RecordedEvent> events =
          recorded("TokenObtained", RenewalListener.Obtained.class, () -> source.token(LONG));

      assertThat(events).hasSize(1);
      assertThat(events.get(0).getString("grant")).startsWith("client_credentials at http://");
      assertThat(events.get(0).getBoolean("inBackground")).isFalse();
      assertThat(events.get(0).getDuration("lead")).isZero();
      assertThat(events.get(0).getInt("attempts")).isEqualTo(1);
      AccessToken token = source.token(LONG);
      assertThat(events.get(0).toString()).doesNotContain(token.value());
    }
  }

  @Test
  void aFailedAttemptIsRecordedWithItsClass() throws Exception {
    server.answerNext(Answer.status(503));
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      List<RecordedEvent> events =
          recorded("RenewalFailed", RenewalListener.Failed.class, () -> source.token(LONG));

      assertThat(events).hasSize(1);
      assertThat(events.get(0).getString("kind")).isEqualTo("SERVER_TROUBLE");
      assertThat(events.get(0).getBoolean("serving")).isFalse();
      assertThat(events.get(0).getInt("failures")).isEqualTo(1);
      assertThat(events.get(0).getDuration("nextAttemptIn")).isPositive();
    }
  }

  @Test
  void whoHadToWaitIsRecorded() throws Exception {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      List<RecordedEvent> events =
          recorded(
              "TokenWait",
              RenewalListener.Waited.class,
              () -> {
                source.token(LONG);
                source.token(LONG);
              });

      assertThat(events).hasSize(1);
      assertThat(events.get(0).getBoolean("gotToken")).isTrue();
      assertThat(events.get(0).getDuration("waited")).isPositive();
    }
  }

  @Test
  void aHealed401IsRecorded(ScriptedApi api) throws Exception {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      AccessToken token = source.token(LONG);
      server.revokeAccessToken(token.value());
      var http = client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
      List<RecordedEvent> events =
          recorded(
              "RefusalHealed",
              RenewalListener.Healed.class,
              () ->
                  http.send(
                      HttpRequest.newBuilder(api.uri("/")).build(), BodyHandlers.discarding()));

      assertThat(events).hasSize(1);
      assertThat(events.get(0).getString("origin")).isEqualTo(api.origin().toString());
    }
  }

  @Test
  void aGrantThatIsOverIsRecorded() throws Exception {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.refreshToken("unknown-to-the-server"));
      List<RecordedEvent> events =
          recorded(
              "LoginRequired",
              RenewalListener.LoginRequired.class,
              () ->
                  assertThatThrownBy(() -> source.token(LONG))
                      .isInstanceOf(LoginRequiredException.class));

      assertThat(events).hasSize(1);
      assertThat(events.get(0).getString("reason")).isNotEmpty();
      assertThat(events.get(0).toString()).doesNotContain("unknown-to-the-server");
    }
  }

  @Test
  void anOutageOfTheStoreAndItsEndAreRecorded() throws Exception {
    FailingStore store = new FailingStore();
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    try (OAuthClient client =
        clientOf(server).store(store).listener(new KeptEvents(heard)).build()) {
      TokenSource source = client.tokens(grant);
      store.down(true);
      List<RecordedEvent> begun =
          recorded(
              "StoreDown",
              RenewalListener.StoreDown.class,
              () ->
                  assertThatThrownBy(() -> source.token(Duration.ofMillis(50)))
                      .isInstanceOf(OAuthException.class));
      assertThat(begun).hasSize(1);
      assertThat(begun.get(0).getString("registration")).isEqualTo(ID);
      assertThat(begun.get(0).getString("message")).contains("IllegalStateException");
      store.down(false);
      List<RecordedEvent> ended =
          recorded("StoreUp", RenewalListener.StoreUp.class, () -> source.token(LONG));
      assertThat(ended).hasSize(1);
      assertThat(ended.get(0).getDuration("after")).isPositive();
    }
  }
}
