package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.wire.TransportException.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How far an exchange came, by what the platform throws. */
@ExtendWith(ScriptedServers.class)
class TroublesTest {

  @Test
  @Spec("LC-28")
  void whereNoTlsIsSpokenNothingWasSent(ScriptedApi api) {
    URI tls = URI.create("https://127.0.0.1:" + api.uri("/").getPort() + "/token");
    Throwable thrown =
        catchThrowable(
            () ->
                HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(tls).build(), BodyHandlers.discarding()));
    assertThat(thrown).isInstanceOf(SSLException.class);
    TransportException trouble = Troubles.classify(thrown);
    assertThat(trouble.trouble()).isEqualTo(Trouble.NOT_CONNECTED);
    assertThat(HttpFailures.ofTransport("token endpoint", tls, trouble).message())
        .contains("does not speak TLS there; perhaps that port is for http");
  }

  private static TransportException asked(String url) {
    Throwable thrown =
        catchThrowable(
            () ->
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        BodyHandlers.discarding()));
    return Troubles.classify(thrown);
  }

  @Test
  @Spec("LC-26")
  void whoCannotBeReachedWasSentNothing() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    assertThat(asked("http://127.0.0.1:" + closed + "/token"))
        .returns(Trouble.NOT_CONNECTED, TransportException::trouble)
        .hasMessageContaining("could not be reached (connection refused)");
    assertThat(asked("http://no-such-host.invalid/token"))
        .returns(Trouble.NOT_CONNECTED, TransportException::trouble)
        .hasMessageContaining("its host name does not resolve");
  }

  @Test
  @Spec("LC-26")
  void aHandshakeThatIsCutOffWasSentNothing() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread cutter =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (Socket connection = socket.accept()) {
                    connection.shutdownOutput();
                  } catch (IOException e) {
                    // The test is over.
                  }
                }
              });
      cutter.start();
      assertThat(asked("https://127.0.0.1:" + socket.getLocalPort() + "/token"))
          .returns(Trouble.NOT_CONNECTED, TransportException::trouble);
    }
  }

  @Test
  @Spec("LC-28")
  void brokenTlsLaterOnIsNoProofThatNothingWasSent() {
    SSLException later =
        new SSLException("Unrecognized record version 0.0 , plaintext connection?");
    assertThat(Troubles.classify(later).trouble()).isEqualTo(Trouble.UNCLEAR);
  }
}
