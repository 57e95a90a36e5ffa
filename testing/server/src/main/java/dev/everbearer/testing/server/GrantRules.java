package dev.everbearer.testing.server;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server grants of what it is asked for: at first, everything. Thread-safe.
 */
public final class GrantRules {

  private volatile @Nullable List<String> scopes;
  private volatile @Nullable List<String> resources;
  private volatile @Nullable List<String> detailsTypes;
  private volatile UnaryOperator<List<String>> scopeAlteration = UnaryOperator.identity();
  private volatile UnaryOperator<List<Map<String, Object>>> detailsAlteration =
      UnaryOperator.identity();

  GrantRules() {}

  /** Knows only these scope tokens; others are {@code invalid_scope}. */
  public GrantRules scopes(String... supported) {
    scopes = List.of(supported);
    return this;
  }

  /** Knows only these resources and audiences; others are {@code invalid_target} (RFC 8707). */
  public GrantRules resources(String... supported) {
    resources = List.of(supported);
    return this;
  }

  /**
   * Knows only these types of authorization details (RFC 9396), and lists them in the metadata;
   * others are {@code invalid_authorization_details}.
   */
  public GrantRules authorizationDetailsTypes(String... supported) {
    detailsTypes = List.of(supported);
    return this;
  }

  /** Grants another scope than the one asked for. */
  public GrantRules alterScope(UnaryOperator<List<String>> alteration) {
    scopeAlteration = alteration;
    return this;
  }

  /** Grants other authorization details than those asked for: enriched or narrowed. */
  public GrantRules alterAuthorizationDetails(UnaryOperator<List<Map<String, Object>>> alteration) {
    detailsAlteration = alteration;
    return this;
  }

  /** Checks what is asked for, without granting anything yet. */
  void check(OAuthForm form) {
    requireKnown(scopes, form.scope(), "invalid_scope");
    requireKnown(resources, form.audience(), "invalid_target");
    AuthorizationDetails.in(form)
        .forEach(
            each ->
                requireKnown(
                    detailsTypes,
                    List.of(AuthorizationDetails.type(each)),
                    "invalid_authorization_details"));
  }

  private static void requireKnown(
      @Nullable List<String> known, List<String> asked, String errorCode) {
    if (known != null && !known.containsAll(asked)) {
      throw OAuthError.of(errorCode, "Only " + known + " is known here: " + asked);
    }
  }

  /**
   * What is granted of what is asked for.
   *
   * @param login the person who grants it; null if the client acts for itself
   */
  Grant grant(String clientId, OAuthForm form, @Nullable Login login) {
    check(form);
    return new Grant(
        clientId,
        List.copyOf(scopeAlteration.apply(form.scope())),
        form.audience(),
        login,
        List.copyOf(detailsAlteration.apply(AuthorizationDetails.in(form))));
  }

  /** The part of a grant that a later request asks for; what it does not ask for stays. */
  Grant part(Grant grant, OAuthForm form) {
    check(form);
    return grant.narrowedTo(form.scope(), form.audience(), AuthorizationDetails.in(form));
  }

  void describe(Map<String, Object> document) {
    List<String> types = detailsTypes;
    if (types != null) {
      document.put("authorization_details_types_supported", types);
    }
    List<String> known = scopes;
    if (known != null) {
      document.put("scopes_supported", known);
    }
  }
}
