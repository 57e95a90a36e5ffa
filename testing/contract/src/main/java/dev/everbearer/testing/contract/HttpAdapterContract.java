package dev.everbearer.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every adapter for an HTTP client must pass, blocking or not. */
public abstract class HttpAdapterContract extends HttpAdapterLife {

  /** Sends requests through the adapter under test. */
  public interface Sender extends AutoCloseable {

    /**
     * Sends a GET and reads the whole answer.
     *
     * @throws Exception whatever the HTTP client throws
     */
    Reply get(URI uri) throws Exception;

    /**
     * Sends a POST whose body can be sent again.
     *
     * @throws Exception whatever the HTTP client throws
     */
    Reply post(URI uri, String body) throws Exception;

    /**
     * Sends a POST whose body can be read once.
     *
     * @throws Exception whatever the HTTP client throws
     */
    Reply postOnce(URI uri, String body) throws Exception;

    /**
     * Sends a GET with a header field of the caller's own.
     *
     * @throws Exception whatever the HTTP client throws
     */
    Reply getWith(URI uri, String name, String value) throws Exception;

    /**
     * Sends a GET with a limit of the caller's own for everything.
     *
     * @throws Exception whatever the HTTP client throws
     */
    Reply get(URI uri, Duration timeout) throws Exception;

    /** Begins a GET that can be given up. */
    Pending begin(URI uri);

    /**
     * Sends a GET and gives the body as it comes in.
     *
     * @throws Exception whatever the HTTP client throws
     */
    InputStream stream(URI uri) throws Exception;

    /** Whether an error says that the caller's limit is used up. */
    boolean isTimeout(Throwable error);

    @Override
    void close();
  }

  /** A request under way. */
  public interface Pending {

    /** Gives it up, in the way of the HTTP client. */
    void cancel();

    /**
     * What came of it.
     *
     * @throws Exception whatever the HTTP client throws, for one that was given up, too
     */
    Reply await() throws Exception;
  }

  /**
   * An answer as the caller sees it.
   *
   * @param status the HTTP status
   * @param body the whole body
   */
  public record Reply(int status, String body) {}

  @Test
  void aBoundOriginGetsExactlyOneHeader() throws Exception {
    assertThat(sender.get(api.uri("/user")).status()).isEqualTo(200);
    RecordedRequest request = api.requests().get(0);
    assertThat(request.headers("Authorization")).containsExactly(source.token().authorization());
    assertThat(request.target()).isEqualTo("/user");
  }

  @Test
  @Spec("LC-50")
  void anUnboundOriginIsRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(() -> sender.get(foreign.uri("/"))).hasMessageContaining("bind(");
    assertThat(foreign.requests()).isEmpty();
  }

  @Test
  @Spec("LC-50")
  void aCallersOwnHeaderIsRespectedAndItsRefusalNotHandled() throws Exception {
    assertThat(sender.getWith(api.uri("/"), "Authorization", "Bearer mine").status())
        .isEqualTo(401);
    assertThat(authorizations()).containsExactly("Bearer mine");
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  void aRefusedTokenIsRenewedOnceAndTheRequestSentAgain() throws Exception {
    sender.get(api.uri("/"));
    server.revokeAllAccessTokens();
    Reply reply = sender.post(api.uri("/orders"), "one order");
    assertThat(reply.status()).isEqualTo(200);
    List<RecordedRequest> sent = api.requests();
    assertThat(sent).hasSize(3);
    assertThat(sent.get(1).bodyText()).isEqualTo("one order");
    assertThat(sent.get(2).bodyText()).isEqualTo("one order");
    assertThat(sent.get(2).header("Authorization"))
        .isNotEqualTo(sent.get(1).header("Authorization"));
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  void aBodyThatCanBeReadOnceIsNotSentAgain() throws Exception {
    sender.get(api.uri("/"));
    server.revokeAllAccessTokens();
    assertThat(sender.postOnce(api.uri("/orders"), "one order").status()).isEqualTo(401);
    assertThat(api.requests()).hasSize(2);
  }

  @Test
  void anApiThatAlwaysRefusesIsHandedOverAndCostsBoundedRenewals() throws Exception {
    api.answerAlways(
        Answer.text(401, "text/plain", "never")
            .header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    for (int i = 0; i < 10; i++) {
      assertThat(sender.get(api.uri("/"))).isEqualTo(new Reply(401, "never"));
    }
    assertThat(server.tokenRequests()).hasSizeLessThanOrEqualTo(1 + 3);
  }

  @Test
  void whatIsNotAboutTheTokenIsHandedOver() throws Exception {
    api.answerNext(
        Answer.status(403).header("WWW-Authenticate", "Bearer error=\"insufficient_scope\""),
        Answer.status(500),
        Answer.redirect(307, foreign.uri("/trap")));
    assertThat(sender.get(api.uri("/")).status()).isEqualTo(403);
    assertThat(sender.post(api.uri("/"), "x").status()).isEqualTo(500);
    assertThat(sender.get(api.uri("/")).status()).isEqualTo(307);
    assertThat(api.requests()).hasSize(3);
    assertThat(foreign.requests()).isEmpty();
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void manyRefusalsLeaveNoConnectionBehind() throws Exception {
    sender.get(api.uri("/"));
    for (int i = 0; i < 50; i++) {
      api.answerNext(
          Answer.text(401, "text/plain", "no".repeat(2000))
              .header("WWW-Authenticate", "Bearer error=\"insufficient_scope\""));
      assertThat(sender.get(api.uri("/")).status()).isEqualTo(401);
    }
    assertThat(api.openConnections()).isLessThanOrEqualTo(2);
  }
}
