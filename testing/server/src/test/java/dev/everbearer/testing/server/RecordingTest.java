package dev.everbearer.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class RecordingTest {

  private static final String CHUNKED =
      String.join(
          "\r\n",
          "PUT /a%2Fb?q=1 HTTP/1.1",
          "hOSt: x",
          "X-Two:  padded ",
          "x-two: second",
          "Transfer-Encoding: chunked",
          "",
          "4;ext=1",
          "Wiki",
          "5",
          "pedia",
          "0",
          "T: 1",
          "",
          "");

  private final ScriptedAuthorizationServer server;

  RecordingTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  private RawClient connect() throws IOException {
    return new RawClient(server.origin());
  }

  @Test
  void recordsEveryByteOfARequest(SettableClock clock) throws IOException {
    clock.advance(Duration.ofSeconds(7));
    try (RawClient client = connect()) {
      assertThat(client.send(CHUNKED).readMessage()).startsWith("HTTP/1.1 404");
    }

    RecordedRequest request = server.requests().get(0);
    assertThat(request.rawBytes()).isEqualTo(CHUNKED.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.target()).isEqualTo("/a%2Fb?q=1");
    assertThat(request.path()).isEqualTo("/a%2Fb");
    assertThat(request.query()).contains("q=1");
    assertThat(request.headers())
        .containsExactly(
            new Header("hOSt", "x"),
            new Header("X-Two", "padded"),
            new Header("x-two", "second"),
            new Header("Transfer-Encoding", "chunked"));
    assertThat(request.headers("X-TWO")).containsExactly("padded", "second");
    assertThat(request.header("host")).contains("x");
    assertThat(request.bodyText()).isEqualTo("Wikipedia");
    assertThat(request.arrival()).isEqualTo(SettableClock.START.plusSeconds(7));
    assertThat(request.connection()).isEqualTo(1);
  }

  @Test
  void findsRequestsThatComeInPiecesOrTogether() throws IOException {
    String get = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";
    try (RawClient client = connect()) {
      for (int i = 0; i < CHUNKED.length(); i++) {
        client.send(CHUNKED.substring(i, i + 1));
      }
      client.readMessage();
      client.send(get + "\r\n" + CHUNKED + get);
      server.awaitRequests(4, Http.PATIENCE);
    }

    assertThat(server.requests())
        .extracting(RecordedRequest::method)
        .containsExactly("PUT", "GET", "PUT", "GET");
    assertThat(server.requests().get(2).bodyText()).isEqualTo("Wikipedia");
  }

  @Test
  void decodesForms() throws IOException {
    server.registerClient("c", "s");
    try (RawClient client = connect()) {
      client.sendTokenRequest().readMessage();
      client
          .send("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 19\r\n\r\na=1&b=%C3%A9+x&a=2&")
          .readMessage();
    }

    assertThat(server.tokenRequests()).hasSize(1);
    assertThat(server.tokenRequests().get(0).form())
        .containsExactly(Map.entry("grant_type", List.of("client_credentials")));
    assertThat(server.requests().get(1).form())
        .containsExactly(Map.entry("a", List.of("1", "2")), Map.entry("b", List.of("é x")));
  }

  @Test
  void recordsBothDirectionsOfAConnection() throws IOException {
    server.answerNext(Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
    try (RawClient client = connect()) {
      client.sendTokenRequest().readMessage();
      client.send("\u0001\u0002");
      client.endOutput();
      client.readToEnd();
    }

    RecordedConnection connection = server.connections().get(0);
    assertThat(new String(connection.sentBytes(), StandardCharsets.ISO_8859_1))
        .startsWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    assertThat(connection.receivedBytes()).endsWith((byte) 1, (byte) 2);
    assertThat(server.requestCount()).isEqualTo(1);
  }

  @Test
  void countsConnections() throws IOException {
    try (RawClient first = connect();
        RawClient second = connect()) {
      first.sendTokenRequest().readMessage();
      second.sendTokenRequest().readMessage();
      second.sendTokenRequest().readMessage();
      assertThat(server.openConnections()).isEqualTo(2);

      second.endOutput();
      second.readToEnd();

      assertThat(server.openConnections()).isEqualTo(1);
      assertThat(server.totalConnections()).isEqualTo(2);
      assertThat(server.requests())
          .extracting(RecordedRequest::connection)
          .containsExactly(1, 2, 2);
    }
  }

  @Test
  void waitsForRequestsAndForgetsThem() throws IOException {
    assertThatThrownBy(() -> server.awaitRequests(1, Duration.ofMillis(10)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("0 of 1 requests");
    try (RawClient client = connect()) {
      server.answerNext(Answer.hang());
      client.sendTokenRequest();
      assertThat(server.awaitRequests(1, Http.PATIENCE)).hasSize(1);
      server.clearRequests();
      assertThat(server.requestCount()).isZero();
      assertThat(server.connections().get(0).receivedBytes()).isEmpty();
    }
  }

  @Test
  void seesClientsGoAwayWhileTheirRequestsHang() throws IOException {
    server.answerAlways(Answer.hang());
    RawClient resetting = connect().sendTokenRequest();
    RawClient closing = connect().sendTokenRequest();
    server.awaitHung(2, Http.PATIENCE);
    assertThat(server.openConnections()).isEqualTo(2);

    resetting.reset();
    server.awaitEndedConnections(1, Http.PATIENCE);
    closing.close();
    server.awaitEndedConnections(2, Http.PATIENCE);

    assertThat(server.openConnections()).isZero();
    assertThat(server.releaseHung()).isEqualTo(2);
  }

  @Test
  void withoutRecordingOnlyCounts() throws IOException {
    try (ScriptedAuthorizationServer plain =
            ScriptedAuthorizationServer.builder().recording(false).start();
        RawClient client = new RawClient(plain.origin())) {
      client.sendTokenRequest().readMessage();
      client.sendTokenRequest().readMessage();

      assertThat(plain.requestCount()).isEqualTo(2);
      assertThat(plain.totalConnections()).isEqualTo(1);
      assertThat(plain.openConnections()).isEqualTo(1);
      assertThatThrownBy(plain::requests).isInstanceOf(IllegalStateException.class);
      plain.clearRequests();
      assertThat(plain.requestCount()).isZero();
    }
  }
}
