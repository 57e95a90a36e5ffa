package dev.everbearer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Access tokens that are bound to a key. */
class BoundTokenTest {

  private record NamedKey(String thumbprint) implements SenderKey {

    @Override
    public String proof(String method, URI uri, AccessToken token) {
      return "proof";
    }

    @Override
    public boolean noteNonce(URI uri, List<String> nonces) {
      return false;
    }
  }

  private static final SenderKey KEY = new NamedKey("k1");
  private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  @Spec("DP-06")
  void aBoundTokenIsSentAsDpop() {
    AccessToken token = AccessToken.dpop("canary", KEY, null, END, Scope.of("a"));
    assertThat(token.type()).isEqualTo("DPoP");
    assertThat(token.authorization()).isEqualTo("DPoP canary");
    assertThat(token.needsProof()).isTrue();
    assertThat(token.senderKey()).contains(KEY);
    assertThat(token.keyThumbprint()).contains("k1");
    assertThat(token).hasToString("DPoP token ***, until " + END + ", scope a");
    assertThat(token).isNotEqualTo(AccessToken.bearer("canary"));
  }

  @Test
  void aBearerTokenIsBoundToNothing() {
    AccessToken token = AccessToken.bearer("t");
    assertThat(token.needsProof()).isFalse();
    assertThat(token.senderKey()).isEmpty();
    assertThat(token.keyThumbprint()).isEmpty();
    assertThatThrownBy(() -> token.withKey(KEY)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Spec({"DP-06", "DP-16"})
  void aTokenThatWasKeptWithoutItsKeyTakesThatKeyBackAndNoOther() {
    AccessToken kept = AccessToken.dpop("t", "k1", null, END, null);
    assertThat(kept.needsProof()).isTrue();
    assertThat(kept.senderKey()).isEmpty();
    AccessToken whole = kept.withKey(KEY);
    assertThat(whole.senderKey()).contains(KEY);
    assertThat(whole).isEqualTo(kept);
    assertThat(whole.expiresAt()).contains(END);
    assertThatThrownBy(() -> kept.withKey(new NamedKey("k2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not bound to this key");
  }

  @Test
  void aBoundTokenCannotBreakOutOfItsHeader() {
    assertThatThrownBy(() -> AccessToken.dpop("a\r\nb", KEY, null, null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
