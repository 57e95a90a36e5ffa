package dev.everbearer.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault as a client sees it, through the recording tap and without it. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class FaultsTest {

  private final ScriptedAuthorizationServer server;

  FaultsTest(boolean recording) {
    server = ScriptedAuthorizationServer.builder().recording(recording).start();
    server.registerClient("c", "s");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private RawClient connect() throws IOException {
    return new RawClient(server.origin());
  }

  private RawClient ask(Answer answer) throws IOException {
    server.answerNext(answer);
    return connect().sendTokenRequest();
  }

  @Test
  void closesBeforeTheAnswer() throws IOException {
    try (RawClient client = ask(Answer.closeBeforeAnswer())) {
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void resetsBeforeTheAnswer() throws IOException {
    try (RawClient client = ask(Answer.reset())) {
      assertThatThrownBy(client::readToEnd)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void resetsInTheBody() throws IOException {
    try (RawClient client = ask(Answer.resetInBody("{\"acc", 100))) {
      assertThatThrownBy(client::readToEnd)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThat(client.readSoFar()).contains("Content-Length: 100\r\n").endsWith("\r\n\r\n{\"acc");
    }
  }

  @Test
  void cutsTheBody() throws IOException {
    try (RawClient client = ask(Answer.cutBody("{\"acc", 100))) {
      assertThat(client.readToEnd())
          .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
          .contains("Content-Length: 100\r\n")
          .endsWith("\r\n\r\n{\"acc");
    }
  }

  @Test
  void hangsUntilReleased() throws IOException {
    try (RawClient client = ask(Answer.hang())) {
      server.awaitHung(1, Http.PATIENCE);
      assertThat(server.accessTokensIssued()).isZero();
      client.timeout(Duration.ofMillis(50));
      assertThatThrownBy(client::readToEnd).isInstanceOf(SocketTimeoutException.class);

      assertThat(server.releaseHung()).isEqualTo(1);
      client.timeout(Http.PATIENCE);
      assertThat(client.readMessage()).contains("200 OK", "access_token");
      assertThat(server.hungCount()).isZero();
    }
  }

  @Test
  void endsHungRequestsOnClose() throws IOException {
    try (RawClient client = ask(Answer.hang())) {
      server.awaitHung(1, Http.PATIENCE);
      server.close();
      assertThat(client.readToEnd()).isEmpty();
      assertThat(server.releaseHung()).isZero();
    }
  }

  @Test
  void holdsAnAnswerWhoseWorkIsDone() throws IOException {
    try (RawClient client = ask(Answer.healthy().held())) {
      server.awaitHung(1, Http.PATIENCE);
      assertThat(server.accessTokensIssued()).isEqualTo(1);
      server.releaseHung();
      assertThat(client.readMessage()).contains("200 OK", "access_token");
    }
  }

  @Test
  void delaysInRealTime() throws IOException {
    long start = System.nanoTime();
    try (RawClient client = ask(Answer.healthy().delayed(Duration.ofMillis(150)))) {
      assertThat(client.readMessage()).contains("200 OK");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
    }
  }

  @Test
  void dripsTheBodyAndKeepsTheConnection() throws IOException {
    long start = System.nanoTime();
    try (RawClient client = ask(Answer.drip("0123456789", Duration.ofMillis(10)))) {
      assertThat(client.readMessage()).contains("Content-Length: 10\r\n").endsWith("0123456789");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(99));
      assertThat(client.sendTokenRequest().readMessage()).contains("access_token");
    }
  }

  @Test
  void streamsEndlesslyUntilTheClientGoesAway() throws IOException {
    try (RawClient client = ask(Answer.endlessBody())) {
      String start = client.readBytes(10_000_000);
      assertThat(start).contains("Transfer-Encoding: chunked\r\n").contains("{\"access_token\":\"");
    }
    try (RawClient next = connect()) {
      assertThat(next.sendTokenRequest().readMessage()).contains("200 OK");
    }
  }

  @Test
  void sendsRawBytesAndServesOn() throws IOException {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    try (RawClient client = ask(Answer.raw(bytes))) {
      String sent = new String(bytes, StandardCharsets.ISO_8859_1);
      assertThat(client.readBytes(256)).isEqualTo(sent);
      assertThat(client.sendTokenRequest().readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
      server.answerNext(Answer.raw("nonsense").thenClose());
      assertThat(client.sendTokenRequest().readToEnd()).isEqualTo("nonsense");
    }
  }

  @Test
  void keepsConnectionsOpenInSilence() throws IOException {
    try (RawClient client = ask(Answer.json(200, "{}").thenHold())) {
      assertThat(client.readMessage()).endsWith("{}");
      client.timeout(Duration.ofMillis(50));
      assertThatThrownBy(() -> client.sendTokenRequest().readToEnd())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void closesAfterTheAnswerUnannounced() throws IOException {
    try (RawClient client = ask(Answer.healthy().thenClose())) {
      assertThat(client.readToEnd()).contains("access_token").doesNotContain("Connection: close");
    }
  }

  @Test
  void resetsAfterTheAnswer() throws IOException {
    try (RawClient client = ask(Answer.json(200, "{}").thenReset())) {
      assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
      assertThat(client.readSoFar()).endsWith("{}");
    }
  }

  @Test
  void losesTheAnswerOfDoneWork() throws IOException {
    try (RawClient client = ask(Answer.healthy().sentAs(Answer.closeBeforeAnswer()))) {
      assertThat(client.readToEnd()).isEmpty();
      assertThat(server.accessTokensIssued()).isEqualTo(1);
    }
  }

  @Test
  void redirects() throws IOException {
    try (RawClient client = ask(Answer.redirect(307, URI.create("http://127.0.0.1:1/x")))) {
      assertThat(client.readMessage())
          .startsWith("HTTP/1.1 307 ")
          .contains("Location: http://127.0.0.1:1/x\r\n");
    }
  }

  @Test
  void leavesNoThreadsBehind() throws Exception {
    try (RawClient endless = ask(Answer.endlessBody())) {
      assertThat(endless.readBytes(1000)).isNotEmpty();
      try (RawClient dripping = ask(Answer.drip("0123456789", Duration.ofHours(1)))) {
        assertThat(dripping.readBytes(10)).isNotEmpty();
        try (RawClient silent = ask(Answer.raw("x").thenHold())) {
          assertThat(silent.readBytes(1)).isEqualTo("x");
          server.close();
        }
      }
    }
    for (Thread thread : serverThreads()) {
      thread.join(Http.PATIENCE.toMillis());
      assertThat(thread.getStackTrace()).as(thread.getName()).isEmpty();
    }
  }

  private static Thread[] serverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("scripted-server"))
        .toArray(Thread[]::new);
  }

  @Test
  void refusesHeadersThatWouldBreakTheLine() {
    for (String bad : Arrays.asList("a\r\nb", "a\nb", "a\u0000b")) {
      assertThatThrownBy(() -> Answer.status(200).header("X", bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Answer.raw("x").header("X", "y"))
        .isInstanceOf(IllegalStateException.class);
  }
}
