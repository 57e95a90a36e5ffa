package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ScriptedServers.class)
class ServerKeysTest {

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;

  ServerKeysTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  private JWKSet fetched() throws Exception {
    HttpResponse<String> response = http.get(server.endpoint("jwks_uri"));
    assertThat(response.statusCode()).isEqualTo(200);
    return JWKSet.parse(response.body());
  }

  private boolean isGood(Jwt jwt, JWKSet keys) {
    try {
      ReceivedJwt.parse(jwt.compact()).requireSignatureBy(keys);
      return true;
    } catch (BadJwt e) {
      return false;
    }
  }

  @Test
  void publishesPublicKeysAndCountsTheFetches() throws Exception {
    JWKSet keys = fetched();

    assertThat(keys.getKeys()).hasSize(2).noneMatch(JWK::isPrivate);
    assertThat(keys.getKeys())
        .extracting(each -> each.getAlgorithm().getName())
        .containsExactlyInAnyOrder("RS256", "ES256");
    fetched();
    assertThat(server.keys().fetches()).isEqualTo(2);
    assertThat(server.requestsTo("jwks_uri")).hasSize(2);
    assertThat(http.post(server.endpoint("jwks_uri"), "a=b").statusCode()).isEqualTo(405);
    HttpResponse<String> metadata = http.get(server.uri("/.well-known/oauth-authorization-server"));
    assertThat(string(metadata, "jwks_uri")).isEqualTo(server.endpoint("jwks_uri").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "RS256", "PS256", "ES512", "Ed25519", "EdDSA"})
  void signsByEachAlgorithm(String algorithm) throws Exception {
    Jwt jwt = server.keys().jwt(algorithm).claim("sub", "alice");

    assertThat(isGood(jwt, fetched())).isTrue();
    assertThat(isGood(jwt.brokenSignature(), fetched())).isFalse();
    assertThat(SignedJWT.parse(jwt.compact()).getJWTClaimsSet().getSubject()).isEqualTo("alice");
  }

  @Test
  void rotates() throws Exception {
    Jwt old = server.keys().jwt("ES256");
    JWKSet before = fetched();
    server.keys().rotate();
    Jwt fresh = server.keys().jwt("ES256");

    assertThat(isGood(fresh, before)).isFalse();
    assertThat(isGood(fresh, fetched())).isTrue();
    assertThat(isGood(old, fetched())).isTrue();
    server.keys().publishSigningKeys();
    assertThat(isGood(old, fetched())).isFalse();
    assertThat(fetched().getKeys()).hasSize(2);
  }

  @Test
  void signsBeforeItPublishes() throws Exception {
    fetched();
    server.keys().rotateUnpublished();
    Jwt early = server.keys().jwt("ES256");

    assertThat(isGood(early, fetched())).isFalse();
    server.keys().publishSigningKeys();
    assertThat(isGood(early, fetched())).isTrue();
  }

  @Test
  void publishesDecoysWithoutTheirPrivatePart() throws Exception {
    String kid = JWK.parse(server.keys().publicJwk("ES256")).getKeyID();
    server.keys().publish(ServerKeys.generate("RS256", kid).toJSONString());

    assertThat(fetched().getKeys()).filteredOn(each -> each.getKeyID().equals(kid)).hasSize(2);
    assertThat(fetched().getKeys()).noneMatch(JWK::isPrivate);
    assertThat(isGood(server.keys().jwt("ES256"), fetched())).isTrue();
    assertThatThrownBy(() -> server.keys().publish("{}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jwtsAreSpoiledAtWill() {
    Jwt jwt = server.keys().jwt("ES256").claim("a", 1).claims(Map.of("b", List.of("x")));

    assertThat(jwt.claim("a", null).without("b").claims())
        .containsOnlyKeys("a")
        .containsValue(null);
    assertThat(jwt.header("alg", "RS256").header()).containsEntry("alg", "RS256");
    assertThat(jwt.unsigned().compact()).endsWith(".");
    assertThat(jwt.signature(new byte[] {1, 2, 3}).compact()).endsWith(".AQID");
    byte[] publicKey = server.keys().publicJwk("RS256").getBytes(StandardCharsets.UTF_8);
    assertThat(jwt.hmac("HS256", publicKey).header()).containsEntry("alg", "HS256");
    assertThat(Jwt.signedBy(server.keys().privateJwk("ES256"), "ES256").header())
        .containsEntry("kid", jwt.header().get("kid"));
  }

  @Test
  void encrypts() throws Exception {
    RSAKey rsa = ServerKeys.generate("RS256", "enc").toRSAKey();
    ECKey ec = ServerKeys.generate("ES256", "enc").toECKey();
    Jwt jwt = server.keys().jwt("ES256").claim("sub", "alice");

    JWEObject nested =
        JWEObject.parse(jwt.encrypted(rsa.toJSONString(), "RSA-OAEP-256", "A256GCM").compact());
    nested.decrypt(new RSADecrypter(rsa));
    assertThat(isGood(jwt, JWKSet.parse(server.keys().jwks()))).isTrue();
    assertThat(ReceivedJwt.parse(nested.getPayload().toString()).claims())
        .containsEntry("sub", "alice");

    JWEObject bare =
        JWEObject.parse(jwt.encryptedUnsigned(ec.toJSONString(), "ECDH-ES", "A128GCM").compact());
    bare.decrypt(new ECDHDecrypter(ec));
    assertThat(bare.getPayload().toString()).isEqualTo("{\"sub\":\"alice\"}");
    assertThat(bare.getHeader().getEncryptionMethod()).isEqualTo(EncryptionMethod.A128GCM);

    String bomb =
        jwt.claim("x", "0".repeat(300_000))
            .encryptedCompressed(rsa.toJSONString(), "RSA-OAEP-256", "A256GCM")
            .compact();
    assertThat(bomb).hasSizeLessThan(5_000);
  }
}
