package dev.everbearer.jose;

import static dev.everbearer.jose.SignatureAlgorithm.HS256;
import static dev.everbearer.jose.SignatureAlgorithm.RS256;

import dev.everbearer.wire.JsonBody;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * What an attacker would send in place of a JWT that {@link #KEYS} verify by RS256, whatever the
 * JWT is for. Each comes with a name, and with what this library is to say of it.
 */
public final class BadJwts {

  /** The server's keys; {@code r} is the one that counts. */
  public static final KeySource KEYS =
      Keys.source(
          Keys.jwk(Keys.RSA, "kid", "r"),
          Keys.jwk(Keys.P256, "kid", "e"),
          Keys.jwk(Keys.ED25519, "kid", "o"));

  /** The same, hidden among keys of the same {@code kid} that are somebody else's. */
  public static final KeySource DECOYS =
      Keys.source(
          Keys.jwk(Keys.OTHER_RSA, "kid", "r", "use", "enc"),
          Keys.jwk(Keys.OTHER_RSA, "kid", "r", "alg", "PS256"),
          Keys.jwk(Keys.OTHER_P256, "kid", "r"),
          Keys.jwk(Keys.RSA, "kid", "r", "alg", "RS256", "use", "sig"));

  private static final String PLAIN = "JWT";

  private final String typ;

  private BadJwts(String typ) {
    this.typ = typ;
  }

  /** Those whose {@code typ} is this one. */
  public static BadJwts typed(String typ) {
    return new BadJwts(typ);
  }

  /** One that is signed as it should be. */
  public static String signed(Map<String, ?> claims) {
    return typed(PLAIN).good(claims);
  }

  /** One that the owner of the {@link #DECOYS} has signed. */
  public static String byDecoy(Map<String, ?> claims) {
    return typed(PLAIN).ofDecoy(claims);
  }

  /** One whose MAC was made with a text. */
  public static String mac(String secret, Map<String, ?> claims) {
    return typed(PLAIN).macOf(secret, claims);
  }

  /**
   * Those whose claims are good.
   *
   * @param claims with which one that is {@link #signed} is taken
   */
  public static Stream<Arguments> forged(Map<String, ?> claims) {
    return typed(PLAIN).forgeries(claims);
  }

  /** Those that are signed as they should be, and of another server, for others or not of now. */
  public static Stream<Arguments> misused(Map<String, ?> claims) {
    return typed(PLAIN).misuses(claims);
  }

  /** As {@link #signed}. */
  public String good(Map<String, ?> claims) {
    return jwt(RS256, Keys.RSA, "r", claims);
  }

  /** As {@link #byDecoy}. */
  public String ofDecoy(Map<String, ?> claims) {
    return jwt(RS256, Keys.OTHER_RSA, "r", claims);
  }

  private String jwt(
      SignatureAlgorithm algorithm, KeyPair pair, String kid, Map<String, ?> claims) {
    return Keys.jwt(typ, algorithm, pair, kid, claims);
  }

  private String macOf(String secret, Map<String, ?> claims) {
    return JwtSigner.compact(
        typ, HS256, null, claims, input -> Signatures.mac(HS256, secret, input));
  }

  /** As {@link #forged}. */
  public Stream<Arguments> forgeries(Map<String, ?> claims) {
    return Stream.of(otherAlgorithms(claims), otherKeys(claims), otherForms(claims))
        .flatMap(each -> each);
  }

  private Stream<Arguments> otherAlgorithms(Map<String, ?> claims) {
    String modulus = String.valueOf(Keys.jwk(Keys.RSA).get("n"));
    byte[] spki = Keys.RSA.getPublic().getEncoded();
    String text = Base64.getEncoder().encodeToString(spki);
    String pem = "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
    return Stream.of(
        bad("none", withHeader("{\"alg\":\"none\",\"kid\":\"r\"}", claims), "is not known"),
        bad("None", withHeader("{\"alg\":\"None\",\"kid\":\"r\"}", claims), "is not known"),
        bad(
            "none without a signature",
            encoded(typedHeader("{\"alg\":\"none\"}")) + "." + encoded(json(claims)) + ".",
            "it is not signed"),
        bad("RSA1_5", withHeader("{\"alg\":\"RSA1_5\"}", claims), "is not known"),
        bad("no alg", withHeader("{}", claims), "is not known"),
        bad("alg as a list", withHeader("{\"alg\":[\"RS256\"]}", claims), "is not known"),
        bad(
            "another that its key can",
            jwt(SignatureAlgorithm.PS256, Keys.RSA, "r", claims),
            "PS256"),
        bad(
            "another of the server's",
            jwt(SignatureAlgorithm.ES256, Keys.P256, "e", claims),
            "ES256"),
        bad("HS256 with the modulus", macOf(modulus, claims), "signed by HS256"),
        bad("HS256 with the encoded public key", macOf(text, claims), "signed by HS256"),
        bad("HS256 with the public key as PEM", macOf(pem, claims), "signed by HS256"));
  }

  private Stream<Arguments> otherKeys(Map<String, ?> claims) {
    String[] parts = good(claims).split("\\.");
    Map<String, Object> others = new LinkedHashMap<>(claims);
    others.put("sub", "mallory");
    return Stream.of(
        bad("another's key", ofDecoy(claims), "does not bear"),
        bad(
            "other claims",
            parts[0] + "." + encoded(json(others)) + "." + parts[2],
            "does not bear"),
        bad("an unknown kid", jwt(RS256, Keys.RSA, "z", claims), "no key 'z' for RS256"),
        bad("the kid of a key of another type", jwt(RS256, Keys.RSA, "e", claims), "no key"),
        bad("a kid that is a number", withHeader("{\"alg\":\"RS256\",\"kid\":7}", claims), "kid"),
        bad(
            "a key of its own",
            withHeader(
                "{\"alg\":\"RS256\",\"kid\":\"z\",\"jwk\":{\"kty\":\"RSA\",\"kid\":\"z\"}}",
                claims),
            "no key 'z'"),
        bad(
            "a key set of its own",
            withHeader(
                "{\"alg\":\"RS256\",\"kid\":\"z\",\"jku\":\"https://evil.example/k\"}", claims),
            "no key 'z'"));
  }

  private Stream<Arguments> otherForms(Map<String, ?> claims) {
    String good = good(claims);
    String twice = json(claims).replaceFirst("\\{", "{\"iss\":\"https://evil.example.com\",");
    return Stream.of(
        bad("crit", withHeader("{\"alg\":\"RS256\",\"crit\":[\"x\"]}", claims), "crit"),
        bad(
            "a claim twice",
            Keys.jwtOf(typedHeader("{\"alg\":\"RS256\"}"), twice),
            "claims cannot be read"),
        bad(
            "alg twice",
            withHeader("{\"alg\":\"RS256\",\"alg\":\"none\"}", claims),
            "header cannot be read"),
        bad("padding", good + "=", "not strict base64url"),
        bad("a fourth part", good + ".e30", "three parts"),
        bad("no signature", good.substring(0, good.lastIndexOf('.') + 1), "it is not signed"),
        bad("encrypted", "a.b.c.d.e", "encrypted"),
        bad("JSON serialisation", "{\"payload\":\"e30\"}", "JSON serialisation"),
        bad("junk", "junk", "three parts"));
  }

  /** As {@link #misused}. */
  public Stream<Arguments> misuses(Map<String, ?> claims) {
    return Stream.of(
        changed("another issuer", claims, "iss", "https://evil.example.com", "of another"),
        changed("no issuer", claims, "iss", null, "no iss"),
        changed("two issuers", claims, "iss", List.of(claims.get("iss")), "not a string"),
        changed("another audience", claims, "aud", "them", "for another client"),
        changed("no audience", claims, "aud", null, "no aud"),
        changed("an audience that is a number", claims, "aud", 7, "aud is not a string"),
        changed("one audience more", claims, "aud", List.of("us", "them"), "aud"),
        changed("expired", claims, "exp", 1_000_000_000L, "expired at"),
        changed("no expiry", claims, "exp", null, "no exp"),
        changed("an expiry that is text", claims, "exp", "4000000000", "not a number of seconds"),
        changed("an expiry without end", claims, "exp", 1e30, "not a number of seconds"),
        changed("not yet good", claims, "nbf", 4_000_000_000L, "this machine's clock"));
  }

  private Arguments changed(
      String name, Map<String, ?> claims, String claim, Object value, String why) {
    Map<String, Object> changed = new LinkedHashMap<>(claims);
    changed.put(claim, value);
    if (value == null) {
      changed.remove(claim);
    }
    return bad(name, good(changed), why);
  }

  private static Arguments bad(String name, String token, String why) {
    return Arguments.of(name, token, why);
  }

  private String withHeader(String header, Map<String, ?> claims) {
    return Keys.jwtOf(typedHeader(header), json(claims));
  }

  private String typedHeader(String header) {
    String member = "\"typ\":\"" + typ + "\"";
    return "{" + member + header.substring(1).replaceFirst("^\"", ",\"");
  }

  private static String json(Map<String, ?> claims) {
    return new JsonBody(claims).encoded();
  }

  private static String encoded(String text) {
    return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}
