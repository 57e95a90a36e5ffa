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

  @Test
  @Spec("DP-04")
  void whenOkHttpSendsAProofTwiceAfterABrokenConnectionANewOneIsTriedOnce() throws IOException {
    api.dpop().require(true);
    try (OAuthClient owner = builder().dpop().build()) {
      OkHttpClient proving =
          OAuthInterceptor.of(owner.authorizer().bind(GRANT, api.origin().toString()).build())
              .over(plain);
      assertThat(status(proving, request("/first"))).isEqualTo(200);
      api.answerNext(Answer.healthy().sentAs(Answer.closeBeforeAnswer()));
      assertThat(post(proving, RequestBody.create("one order", null))).isEqualTo(200);
    }
    List<RecordedRequest> orders = api.requests().subList(1, api.requestCount());
    assertThat(orders).hasSize(3);
    assertThat(orders.get(1).header("DPoP")).isEqualTo(orders.get(0).header("DPoP"));
    assertThat(orders.get(2).header("DPoP")).isNotEqualTo(orders.get(0).header("DPoP"));
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
