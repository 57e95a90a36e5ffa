package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.everbearer.client.ClientAttester;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The attester of an installed client: attests whatever key it is asked for, for an hour. */
public final class AttestedInstallation implements ClientAttester {

  public static final String ID = "installed";
  public static final String ATTESTATION = "OAuth-Client-Attestation";
  public static final String PROOF = "OAuth-Client-Attestation-PoP";
  public static final String CHALLENGE = "OAuth-Client-Attestation-Challenge";

  private final ECKey key;
  private final InstantSource clock;
  private final List<String> given = new CopyOnWriteArrayList<>();
  private volatile UnaryOperator<Jwt> change = jwt -> jwt;

  public AttestedInstallation(InstantSource clock) {
    this.clock = clock;
    try {
      this.key = new ECKeyGenerator(Curve.P_256).keyID("attester").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** Registers the client at a server that trusts this attester, for one method alone. */
  public void registerAt(ScriptedAuthorizationServer server, String method) {
    server.attestations().trust(key.toPublicJWK().toJSONString());
    server.clientMetadata(ID, Map.of("token_endpoint_auth_method", method));
  }

  /** Changes what is attested from now on. */
  public AttestedInstallation changing(UnaryOperator<Jwt> fault) {
    change = fault;
    return this;
  }

  /** All attestations in their order. */
  public List<String> given() {
    return List.copyOf(given);
  }

  @Override
  public String attest(Map<String, Object> instanceKey) {
    long now = clock.instant().getEpochSecond();
    Jwt jwt =
        Jwt.signedBy(key.toJSONString(), "ES256")
            .header("typ", "oauth-client-attestation+jwt")
            .claim("sub", ID)
            .claim("iat", now)
            .claim("exp", now + Duration.ofHours(1).toSeconds())
            .claim("cnf", Map.of("jwk", instanceKey));
    String compact = change.apply(jwt).compact();
    given.add(compact);
    return compact;
  }

  /** The only header field of a name. */
  public static String only(RecordedRequest request, String name) {
    assertThat(request.headers(name)).as("%s of %s", name, request).hasSize(1);
    return request.headers(name).get(0);
  }

  /** The proof of a request. */
  public static SignedJWT proof(RecordedRequest request) {
    return parsed(only(request, PROOF));
  }

  /** A claim of the proof of a request; null when there is none. */
  public static Object claim(RecordedRequest request, String name) {
    return proof(request).getPayload().toJSONObject().get(name);
  }

  /** The key that a request names. */
  public static Object shownKey(RecordedRequest request) {
    return parsed(only(request, ATTESTATION)).getPayload().toJSONObject().get("cnf");
  }

  public static SignedJWT parsed(String compact) {
    try {
      return SignedJWT.parse(compact);
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }
}
