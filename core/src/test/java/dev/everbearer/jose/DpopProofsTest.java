package dev.everbearer.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.everbearer.testing.Spec;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of a proof that others have to come to as well. */
class DpopProofsTest {

  @Test
  @Spec("DP-02")
  void theTokenHashOfTheSpecification() {
    assertThat(DpopProofs.tokenHash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"))
        .isEqualTo("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
  }

  @Test
  @Spec("DP-02")
  void theThumbprintOfTheSpecification() throws Exception {
    String key =
        """
        {"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
         "y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}
        """;
    assertThat(PublicJwk.thumbprint(ECKey.parse(key).toPublicKey()))
        .isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
  }

  @Test
  @Spec("DP-02")
  void theThumbprintOfRfc7638() throws Exception {
    String key =
        """
        {"kty":"RSA","e":"AQAB","alg":"RS256","kid":"2011-04-29",
         "n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}
        """;
    assertThat(PublicJwk.thumbprint(RSAKey.parse(key).toPublicKey()))
        .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  }

  @ParameterizedTest
  @Spec("DP-03")
  @CsvSource({
    "https://api.example.com/a/b,              https://api.example.com/a/b",
    "HTTPS://API.Example.COM:443/A,            https://api.example.com/A",
    "https://api.example.com,                  https://api.example.com/",
    "https://api.example.com?q=1,              https://api.example.com/",
    "https://api.example.com/a?q=%7E#f,        https://api.example.com/a",
    "https://api.example.com/%7Ea/%7ea/~a,     https://api.example.com/%7Ea/%7ea/~a",
    "https://api.example.com/a/../b//c/,       https://api.example.com/a/../b//c/",
    "https://api.example.com:8443/,            https://api.example.com:8443/",
    "http://api.example.com:80/a,              http://api.example.com/a",
    "http://api.example.com:443/a,             http://api.example.com:443/a",
    "https://api.example.com:/a,               https://api.example.com/a",
    "https://user@api.example.com/a,           https://api.example.com/a",
    "https://[2001:DB8::1]:443/a,              https://[2001:db8::1]/a",
    "http://[::1]:8080/a,                      http://[::1]:8080/a",
    "wss://api.example.com/ws,                 https://api.example.com/ws",
    "WS://api.example.com:80,                  http://api.example.com/",
  })
  void theTargetIsTheUriOnTheWireWithoutQueryAndFragment(URI uri, String target) {
    assertThat(DpopProofs.targetUri(uri)).isEqualTo(target);
  }

  @ParameterizedTest
  @Spec("DP-03")
  @CsvSource({"/a", "https:/a", "https://under_score.example.com/a"})
  void aUriWithoutAHostIsNoTarget(URI uri) {
    assertThatThrownBy(() -> DpopProofs.targetUri(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("absolute URI with a host");
  }
}
