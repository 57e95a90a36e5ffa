package dev.everbearer.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import java.io.IOException;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bodies are sent again, and what OkHttp sends again by itself. */
class RepeatedSendingTest extends OkHttpScene {

  private int post(OkHttpClient to, RequestBody body) throws IOException {
    return status(to, request("/orders").post(body));
  }

  @Test
  @Spec({"LC-40", "LC-44"})
  void aBodyThatSaysThatItCanBeWrittenAgainIsWrittenAgain() throws IOException {
    assertThat(status(http, request("/"))).isEqualTo(200);
    server.revokeAllAccessTokens();
    int[] written = {0};
    RequestBody counting =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return MediaType.get("text/plain");
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            written[0]++;
            sink.writeUtf8("one order");
          }
        };
    assertThat(post(http, counting)).isEqualTo(200);
    assertThat(written[0]).isEqualTo(2);
    List<RecordedRequest> sent = api.requests();
    assertThat(sent.get(1).bodyText()).isEqualTo("one order");
    assertThat(sent.get(2).bodyText()).isEqualTo("one order");
    assertThat(sent.get(2).headers("Content-Type")).containsExactly("text/plain");
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10_000})
  @Spec("LC-42")
  void bufferingMakesAOneShotBodyRepeatableUpToItsSize(int size) throws IOException {
    String text = "x".repeat(size);
    OAuthInterceptor interceptor = OAuthInterceptor.of(bound().build());
    OkHttpClient enough = interceptor.bufferBodies(size).over(plain);
    OkHttpClient tooLittle = interceptor.bufferBodies(size - 1).over(plain);
    assertThat(status(http, request("/"))).isEqualTo(200);
    server.revokeAllAccessTokens();
    assertThat(post(enough, new OkHttpSender.OneShot(text))).isEqualTo(200);
    assertThat(api.requests()).hasSize(3);
    assertThat(api.requests().get(2).bodyText()).isEqualTo(text);
    api.answerNext(invalidToken());
    assertThat(post(tooLittle, new OkHttpSender.OneShot(text))).isEqualTo(401);
    assertThat(api.requests()).as("sent once").hasSize(4);
  }

  @Test
  @Spec("LC-42")
  void aBodyThatIsKnownToBeTooLargeIsNotKept() throws IOException {
    RequestBody large =
        new BufferingBody(
            new OkHttpSender.OneShot("x") {
              @Override
              public long contentLength() {
                return 11;
              }
            },
            10);
    assertThat(large.isOneShot()).isTrue();
    assertThat(large.contentLength()).isEqualTo(11);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OAuthInterceptor.of(bound().build()).bufferBodies(-1));
  }

  /** Sends one request whose connection breaks when the API has seen its proof. */
  private int sentTwice(Request.Builder request) throws IOException {
    api.dpop().require(true);
    try (OAuthClient owner = builder().dpop().build()) {
      OkHttpClient proving =
          OAuthInterceptor.of(owner.authorizer().bind(GRANT, api.origin().toString()).build())
              .over(plain);
      assertThat(status(proving, request("/first"))).isEqualTo(200);
      api.clearRequests();
      api.answerNext(Answer.healthy().sentAs(Answer.closeBeforeAnswer()));
      return status(proving, request);
    } finally {
      assertThat(server.tokenRequests()).hasSize(1);
      assertThat(proofs().get(1)).as("OkHttp's own").isEqualTo(proofs().get(0));
    }
  }

  private List<String> proofs() {
    return api.requests().stream().map(sent -> sent.header("DPoP").orElse("")).toList();
  }

  @Test
  @Spec("DP-04")
  void whenOkHttpSendsTheProofOfAGetTwiceANewOneIsTriedOnce() throws IOException {
    assertThat(sentTwice(request("/user"))).isEqualTo(200);
    assertThat(proofs()).hasSize(3);
    assertThat(proofs().get(2)).isNotEqualTo(proofs().get(0));
  }

  @Test
  @Spec({"DP-04", "DP-15"})
  void whenOkHttpSendsTheProofOfAPostTwiceTheRefusalKeepsItFromBeingCarriedOutTwice()
      throws IOException {
    assertThat(sentTwice(request("/orders").post(RequestBody.create("one order", null))))
        .isEqualTo(401);
    assertThat(proofs()).hasSize(2);
  }
}
