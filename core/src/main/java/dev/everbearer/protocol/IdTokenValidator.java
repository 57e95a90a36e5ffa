package dev.everbearer.protocol;

import dev.everbearer.jose.Claims;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.jose.JweReader;
import dev.everbearer.jose.JwtVerifier;
import dev.everbearer.jose.KeySource;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.internal.ServerDirectory;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.Secret;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates ID tokens, in the order of OpenID Connect Core section 3.1.3.7. The signature is always
 * verified; that the token came over TLS from the token endpoint is not taken in its place.
 * Thread-safe.
 */
public final class IdTokenValidator {

  /** Claims that only other kinds of JWTs have: logout tokens and introspection answers. */
  private static final Set<String> FOREIGN_CLAIMS = Set.of("events", "token_introspection");

  private final ServerDirectory directory;
  private final KeySource keys;
  private final IdTokenRules rules;
  private final InstantSource wall;

  /** A validator of one server's ID tokens for one client. */
  public IdTokenValidator(
      ServerDirectory directory, KeySource keys, IdTokenRules rules, InstantSource wall) {
    this.directory = directory;
    this.keys = keys;
    this.rules = rules;
    this.wall = wall;
  }

  /**
   * Whether ID tokens of a server can be validated: one that publishes no keys is no OpenID
   * provider, whatever scope was asked for.
   */
  public static boolean hasKeys(AuthorizationServer server) {
    return server.issuer().isPresent() && server.metadata().containsKey("jwks_uri");
  }

  /**
   * Validates one.
   *
   * @param compact as it stands in the token answer
   * @throws dev.everbearer.token.OAuthException if it is refused, so that what came with it must
   *     not be used either; or when the server's keys cannot be had
   * @throws InterruptedException when interrupted
   */
  public IdToken validate(Secret compact, IdTokenExpectation expected) throws InterruptedException {
    AuthorizationServer server = directory.server();
    try {
      String signed = signed(compact.reveal());
      CompactJws jwt = CompactJws.parse(signed);
      check(jwt, server, expected);
      return IdToken.checked(Secret.of(signed), jwt.claims().members());
    } catch (InvalidJwtException e) {
      throw refusal(server, e).toException();
    }
  }

  /**
   * Whether a token that was refused names another person than the login that is refreshed; by its
   * own words, which nobody has to stand for. One that cannot be read names nobody.
   *
   * @param original of that login; null when it is not known
   */
  public boolean namesAnother(Secret compact, @Nullable IdToken original) {
    if (original == null) {
      return false;
    }
    try {
      Claims claims = CompactJws.parse(signed(compact.reveal())).claims();
      return !(Objects.equals(original.issuer(), claims.text("iss"))
          && Objects.equals(original.subject(), claims.text("sub")));
    } catch (InvalidJwtException e) {
      return false;
    }
  }

  /** The signed JWT, which stands inside an encrypted one if that was registered. */
  private String signed(String token) throws InvalidJwtException {
    JweReader decryption = rules.decryption();
    return decryption == null ? token : decryption.open(token);
  }

  private void check(CompactJws jwt, AuthorizationServer server, IdTokenExpectation expected)
      throws InvalidJwtException, InterruptedException {
    Claims claims = jwt.claims();
    IdTokenClaims token = new IdTokenClaims(claims, rules, wall.instant());
    // 1. It is an ID token and no other kind of JWT (RFC 8725 section 3.11).
    requireKind(jwt.headerText("typ"), claims);
    // 2. The issuer, exactly.
    token.requireIssuer(server);
    // 3. The audience; 4. and 5. the authorized party.
    token.requireAudience();
    token.requireAuthorizedParty();
    // 6. to 8. The signature, by the registered algorithm, with the server's key or our secret.
    SignatureAlgorithm algorithm =
        new JwtVerifier(rules.algorithmAt(server), keys, rules.clientSecret()).verify(jwt);
    // 9. and 10. The times.
    claims.requiredText("sub");
    token.requireTimes();
    // 11. The nonce.
    token.requireNonce(expected);
    // 12. and 13. How and when the person logged in.
    token.requireAcr(expected);
    token.requireAuthTime(expected);
    // Section 3.1.3.8: the access token beside it.
    token.requireAccessTokenHash(expected, algorithm);
    // Section 12.2: the login that is refreshed.
    token.requireSameLogin(expected.original());
  }

  private static void requireKind(@Nullable String type, Claims claims) throws InvalidJwtException {
    String name = type == null ? "jwt" : type.toLowerCase(Locale.ROOT);
    if (!name.equals("jwt") && !name.equals("application/jwt")) {
      throw new InvalidJwtException("by its typ it is another kind of JWT, not an ID token");
    }
    if (FOREIGN_CLAIMS.stream().anyMatch(claims::has)) {
      throw new InvalidJwtException("it has claims of another kind of JWT, not of an ID token");
    }
  }

  private static Failure refusal(AuthorizationServer server, InvalidJwtException thrown) {
    return Failure.builder(
            FailureKind.MALFORMED,
            "The ID token of %s is refused: %s. So who logged in is not known, and the tokens that"
                    .formatted(server, thrown.getMessage())
                + " came with it are not used. Compare the client's registration and the clocks"
                + " with the server's; if nothing explains it, treat it as an attack.")
        .endpoint(server.tokenEndpoint())
        .status(200)
        .build();
  }
}
