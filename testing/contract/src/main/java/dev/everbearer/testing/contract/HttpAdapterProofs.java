package dev.everbearer.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.challenge.StepUp;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.contract.HttpAdapterContract.Reply;
import dev.everbearer.testing.contract.HttpAdapterContract.Sender;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Tokens that are bound to a key (RFC 9449), and APIs that want another login (RFC 9470). */
abstract class HttpAdapterProofs extends HttpAdapterScene {

  // ---- tokens that are bound to a key

  /** What is done through an adapter whose tokens are bound. */
  private interface Calls {
    void make(Sender proving) throws Exception;
  }

  private void proving(Calls calls) throws Exception {
    api.dpop().require(true);
    try (OAuthClient owner = builder().dpop().build();
        Sender proving =
            open(
                owner
                    .authorizer()
                    .bind(Grant.clientCredentials(), api.origin().toString())
                    .build())) {
      calls.make(proving);
    }
  }

  private List<String> proofs() {
    return api.requests().stream().flatMap(sent -> sent.headers("DPoP").stream()).toList();
  }

  private static Answer proofRefused() {
    return Answer.text(401, "text/plain", "proof")
        .header("WWW-Authenticate", "DPoP error=\"invalid_dpop_proof\"");
  }

  @Test
  @Spec({"DP-04", "DP-06", "DP-09"})
  void aTokenThatIsBoundToAKeyGoesWithANewProofEachTimeAndWithTheNonceThatTheApiWants()
      throws Exception {
    api.dpop().requireNonce(true);
    proving(
        sender -> {
          assertThat(sender.post(api.uri("/orders"), "one order").status()).isEqualTo(200);
          assertThat(sender.get(api.uri("/user?of=mine")).status()).isEqualTo(200);
        });
    List<RecordedRequest> sent = api.requests();
    assertThat(sent).as("the first without a nonce").hasSize(3);
    assertThat(sent.get(1).bodyText()).isEqualTo("one order");
    assertThat(proofs()).hasSize(3).doesNotHaveDuplicates();
    assertThat(authorizations()).hasSize(3).allMatch(each -> each.startsWith("DPoP "));
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("DP-05")
  void thereIsOneProofWhateverTheCallerPutsIn() throws Exception {
    proving(
        sender ->
            assertThat(sender.getWith(api.uri("/"), "dpop", "theirs").status()).isEqualTo(200));
    assertThat(proofs()).hasSize(1).doesNotContain("theirs");
  }

  @Test
  @Spec("DP-05")
  void aCallersOwnProofOfAnotherTokenIsLeftAlone() throws Exception {
    assertThat(sender.getWith(api.uri("/"), "DPoP", "theirs").status()).isEqualTo(200);
    assertThat(proofs()).as("a token that is bound to nothing").containsExactly("theirs");
  }

  @Test
  @Spec({"DP-04", "DP-15"})
  void aRefusedProofOfAGetIsReplacedOnceAndTheTokenKept() throws Exception {
    api.answerNext(proofRefused());
    proving(
        sender -> {
          assertThat(sender.get(api.uri("/")).status()).isEqualTo(200);
          api.answerNext(proofRefused(), proofRefused());
          assertThat(sender.get(api.uri("/"))).isEqualTo(new Reply(401, "proof"));
        });
    assertThat(proofs()).as("once for each request").hasSize(4).doesNotHaveDuplicates();
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("DP-15")
  void aRefusedProofOfAPostIsNotReplacedForTheFirstSendingMayHaveBeenCarriedOut() throws Exception {
    api.answerNext(proofRefused());
    proving(
        sender ->
            assertThat(sender.post(api.uri("/orders"), "one order"))
                .isEqualTo(new Reply(401, "proof")));
    assertThat(proofs()).hasSize(1);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  // ---- another login

  private static Answer wantsStronger(String scheme) {
    return Answer.text(401, "text/plain", "log in")
        .header(
            "WWW-Authenticate",
            scheme
                + " error=\"insufficient_user_authentication\", acr_values=\"gold silver\","
                + " max_age=\"600\"");
  }

  @Test
  @Spec({"SU-01", "SU-03"})
  void anApiThatWantsAnotherLoginGetsItsTokenOnceForEachRequest() throws Exception {
    TokenSource stronger = client.tokens(Grant.clientCredentials().scope("stronger"));
    List<StepUp> wanted = new CopyOnWriteArrayList<>();
    try (Sender stepping =
        open(
            bound()
                .stepUp(
                    source,
                    what -> {
                      wanted.add(what);
                      return stronger;
                    })
                .build())) {
      api.answerNext(wantsStronger("Bearer"));
      assertThat(stepping.post(api.uri("/"), "an order").status()).isEqualTo(200);
      api.answerNext(wantsStronger("DPoP"), wantsStronger("Bearer"));
      assertThat(stepping.post(api.uri("/"), "an order")).isEqualTo(new Reply(401, "log in"));
    }
    assertThat(wanted)
        .hasSize(2)
        .allSatisfy(
            each -> {
              assertThat(each.acrValues()).containsExactly("gold", "silver");
              assertThat(each.maxAge()).contains(Duration.ofMinutes(10));
            });
    String weak = source.token().authorization();
    String strong = stronger.token().authorization();
    assertThat(authorizations()).containsExactly(weak, strong, weak, strong);
    assertThat(api.requests()).allMatch(sent -> sent.bodyText().equals("an order"));
    assertThat(server.tokenRequests()).as("both tokens are kept").hasSize(2);
  }

  @Test
  @Spec("SU-02")
  void withoutAWayToLogInTheWishIsTheCallersAndNoTokenIsRenewed() throws Exception {
    for (String scheme : List.of("Bearer", "DPoP")) {
      api.answerNext(wantsStronger(scheme));
      assertThat(sender.get(api.uri("/"))).isEqualTo(new Reply(401, "log in"));
    }
    assertThat(api.requests()).hasSize(2);
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
