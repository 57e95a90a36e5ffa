package dev.everbearer.testing.server;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Lets requests with good tokens in (RFC 6750, RFC 9449 section 7, RFC 8705 section 3). */
final class ResourceGate {

  private static final String BEARER = "bearer";
  private static final String DPOP = "dpop";

  private final InstantSource clock;
  private final Function<String, Optional<AccessToken>> activeTokens;
  private final DpopRules dpop;
  private final DpopProofs proofs;
  private final String realm;
  private final Function<RecordedRequest, Optional<String>> metadataUrl;

  ResourceGate(
      InstantSource clock,
      Function<String, Optional<AccessToken>> activeTokens,
      DpopRules dpop,
      DpopProofs proofs,
      String realm,
      Function<RecordedRequest, Optional<String>> metadataUrl) {
    this.clock = clock;
    this.activeTokens = activeTokens;
    this.dpop = dpop;
    this.proofs = proofs;
    this.realm = realm;
    this.metadataUrl = metadataUrl;
  }

  /**
   * The token of a request.
   *
   * @throws Refusal if there is none that is good
   */
  private AccessToken admit(RecordedRequest request) {
    // 1. One token, in the header.
    List<String> authorizations = request.headers("Authorization");
    if (authorizations.size() > 1 || carriesTokenElsewhere(request)) {
      throw Refusal.of(400, "invalid_request");
    }
    if (authorizations.isEmpty()) {
      throw Refusal.unauthenticated();
    }
    String scheme = scheme(request);
    String value = authorizations.get(0).substring(scheme.length()).strip();
    // 2. A token that is known, alive and not revoked.
    AccessToken token =
        activeTokens.apply(value).orElseThrow(() -> Refusal.of(401, "invalid_token"));
    // 3. The scheme and the key that it is bound to.
    requireBinding(request, scheme, token);
    return token;
  }

  private void requireBinding(RecordedRequest request, String scheme, AccessToken token) {
    String certificate = token.confirmation().certificate();
    if (certificate != null && !certificate.equals(thumbprint(request))) {
      throw Refusal.of(401, "invalid_token", "error_description", "Bound to another certificate");
    }
    boolean isBound = token.confirmation().jkt() != null;
    boolean isRight = isBound ? scheme.equals(DPOP) : scheme.equals(BEARER) && !dpop.isRequired();
    if (!isRight) {
      throw Refusal.of(401, "invalid_token");
    }
    if (isBound && !thumbprint(request, token).equals(token.confirmation().jkt())) {
      throw Refusal.of(401, "invalid_token");
    }
  }

  private static String thumbprint(RecordedRequest request) {
    return request.clientCertificate().map(TlsIdentity::thumbprint).orElse("");
  }

  private String thumbprint(RecordedRequest request, AccessToken token) {
    try {
      return proofs.check(request, token.value());
    } catch (OAuthError e) {
      throw Refusal.of(401, e.code(), "error_description", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Lets a request in, or tells why not.
   *
   * @param rules what is wanted of the token beyond that it is good
   * @param content the answer to a request that is let in
   */
  Answer guard(
      RecordedRequest request, ResourceRules rules, Function<AccessToken, Answer> content) {
    try {
      AccessToken token = admit(request);
      rules.check(token.grant(), clock.instant());
      return content.apply(token);
    } catch (Refusal e) {
      Refusal refusal =
          metadataUrl.apply(request).map(url -> e.with("resource_metadata", url)).orElse(e);
      return refusal.toAnswer(challenges(request));
    }
  }

  private List<String> challenges(RecordedRequest request) {
    boolean usesDpop = scheme(request).equals(DPOP);
    List<String> challenges = new ArrayList<>();
    if (!dpop.isRequired() && (!usesDpop || dpop.isOffered())) {
      challenges.add("Bearer realm=\"" + realm + "\"");
    }
    if (dpop.isRequired() || usesDpop || dpop.isOffered()) {
      String algorithms = String.join(" ", dpop.algorithms());
      challenges.add("DPoP realm=\"" + realm + "\", algs=\"" + algorithms + "\"");
    }
    return challenges;
  }

  private static String scheme(RecordedRequest request) {
    String authorization = request.header("Authorization").orElse("");
    return authorization.replaceFirst(" .*", "").toLowerCase(Locale.ROOT);
  }

  private static boolean carriesTokenElsewhere(RecordedRequest request) {
    boolean isForm =
        request
            .header("Content-Type")
            .map(type -> type.toLowerCase(Locale.ROOT))
            .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
            .isPresent();
    return namesToken(request.query()) || (isForm && namesToken(Optional.of(request.bodyText())));
  }

  private static boolean namesToken(Optional<String> form) {
    return form.map(text -> ("&" + text).contains("&access_token=")).orElse(false);
  }
}
