package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.read;
import static dev.everbearer.Exchanges.refusal;
import static dev.everbearer.Exchanges.refuse;
import static dev.everbearer.Exchanges.stackTrace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.ServerUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much and for how long a server may answer. */
@ExtendWith(ScriptedServers.class)
class ExchangeLimitsTest {

  private static final int CAP = 256 * 1024;
  private static final int METADATA_CAP = 512 * 1024;
  private static final Duration SOON = Duration.ofSeconds(20);

  // ---- size

  @Test
  @Spec("SE-10")
  void anAnswerOfJustTheCapIsRead(ScriptedAuthorizationServer server) {
    assertThat(read(server, ofSize(CAP)).accessToken().value()).isEqualTo("t");
  }

  @Test
  @Spec("SE-10")
  void oneByteMoreIsRefused(ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, ofSize(CAP + 1), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "answered 200 with too much: the body is over 262144 bytes",
        "This is not what an authorization server answers.");
  }

  private static Answer ofSize(int size) {
    String json = "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}";
    return Answer.json(200, json + " ".repeat(size - json.length()));
  }

  @Test
  @Spec("SE-10")
  void anEndlessAnswerIsAborted(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.endlessBody());
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(Grant.clientCredentials())),
          FailureKind.MALFORMED,
          200,
          "answered 200 with too much");
      server.awaitEndedConnections(1, SOON);
    }
  }

  @Test
  @Spec("SE-10")
  void aCompressedAnswerIsRefusedSoThatNoneCanSwell(ScriptedAuthorizationServer server)
      throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      zip.write(new byte[8 << 20]);
    }
    Answer answer =
        Answer.bytes(200, "application/json", bomb.toByteArray())
            .header("Content-Encoding", "gzip");
    assertRefusal(
        refuse(server, answer, MalformedAnswerException.class),
        FailureKind.MALFORMED,
        200,
        "answered 200 in a content encoding that we did not ask for");
  }

  @Test
  @Spec("SE-10")
  void metadataHasACapOfItsOwn(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    String document =
        "{\"issuer\":\"%s\",\"token_endpoint\":\"%s\"}"
            .formatted(server.issuer(), server.tokenEndpoint());
    String path = "/.well-known/oauth-authorization-server";
    server.script(path).answerAlways(Answer.json(200, padded(document, METADATA_CAP)));
    try (OAuthClient client = byIssuer(server)) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().value()).isNotEmpty();
    }

    server.script(path).answerAlways(Answer.json(200, padded(document, METADATA_CAP + 1)));
    try (OAuthClient client = byIssuer(server)) {
      assertRefusal(
          refusal(ServerUnavailableException.class, () -> client.fetch(Grant.clientCredentials())),
          FailureKind.SERVER_TROUBLE,
          200,
          "metadata endpoint " + server.uri(path),
          "the body is over 524288 bytes");
    }
  }

  private static String padded(String json, int size) {
    return json + " ".repeat(size - json.length());
  }

  private static OAuthClient byIssuer(ScriptedAuthorizationServer server) {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretBasic(ID, SECRET)
        .build();
  }

  // ---- time

  @Test
  @Spec("SE-11")
  void connectingMayTakeFiveSecondsByDefault(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(
              client
                  .httpClientFor("https://api.example.com", Grant.clientCredentials())
                  .connectTimeout())
          .contains(Duration.ofSeconds(5));
    }
  }

  @Test
  @Spec("SE-11")
  void anAnswerThatDripsIsAborted(ScriptedAuthorizationServer server) {
    String body = "{\"access_token\":\"" + CANARY + "\",\"token_type\":\"Bearer\"}";
    assertGivenUp(server, Answer.drip(body, Duration.ofSeconds(1)));
  }

  @Test
  @Spec("SE-11")
  void aServerThatKeepsSilentIsGivenUp(ScriptedAuthorizationServer server) {
    assertGivenUp(server, Answer.hang());
  }

  private static void assertGivenUp(ScriptedAuthorizationServer server, Answer answer) {
    server.answerNext(answer);
    try (OAuthClient client = clientOf(server).exchangeTimeout(Duration.ofMillis(300)).build()) {
      long start = System.nanoTime();
      OAuthException refusal =
          refusal(ServerUnavailableException.class, () -> client.fetch(Grant.clientCredentials()));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(300), SOON);
      assertRefusal(
          refusal,
          FailureKind.UNCLEAR,
          0,
          "token endpoint " + server.tokenEndpoint() + " did not answer whole within 300 ms",
          "Whether it processed the request is not known.");
      server.awaitEndedConnections(1, SOON);
    }
  }

  @Test
  @Spec("SE-11")
  void anAnswerInTimeIsRead(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.healthy().delayed(Duration.ofMillis(50)));
    try (OAuthClient client = clientOf(server).exchangeTimeout(SOON).build()) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().value()).isNotEmpty();
    }
  }

  // ---- what is no HTTP at all

  @ParameterizedTest
  @ValueSource(strings = {"cAnArY\r\n\r\n", "HTTP/1.1 cAnArY OK\r\n\r\n"})
  void whatIsNoHttpIsMalformedAndNotQuoted(String bytes, ScriptedAuthorizationServer server) {
    assertRefusal(
        refuse(server, Answer.raw(bytes).thenClose(), MalformedAnswerException.class),
        FailureKind.MALFORMED,
        0,
        "answered with something that is not HTTP. This is not what an authorization server");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\ncAnArY: x y\u0001\r\nContent-Length: cAnArY\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ncAnArY\r\n"
      })
  void brokenHttpIsNotQuoted(String bytes, ScriptedAuthorizationServer server) {
    server.answerNext(Answer.raw(bytes).thenClose());
    try (OAuthClient client = clientOf(server).build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("token endpoint " + server.tokenEndpoint())
          .satisfies(thrown -> assertThat(stackTrace(thrown)).doesNotContain(CANARY));
    }
  }

  @Test
  void aConnectionThatBreaksIsNamed(ScriptedAuthorizationServer server) {
    String part = "{\"access_token\":\"cAnArY";
    for (Answer broken :
        new Answer[] {
          Answer.reset(),
          Answer.closeBeforeAnswer(),
          Answer.cutBody(part, 500),
          Answer.resetInBody(part, 500)
        }) {
      assertRefusal(
          refuse(server, broken, ServerUnavailableException.class),
          FailureKind.UNCLEAR,
          0,
          "broke the connection before its answer was whole");
    }
  }
}
