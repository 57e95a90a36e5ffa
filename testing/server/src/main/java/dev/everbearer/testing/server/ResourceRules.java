package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an API wants of a token beyond that it is good: at first, nothing. Thread-safe. */
public final class ResourceRules {

  private volatile List<String> scope = List.of();
  private volatile List<String> acrValues = List.of();
  private volatile @Nullable Duration maxAge;
  private volatile @Nullable String resource;

  ResourceRules() {}

  /** Wants these scope tokens; else 403 with {@code insufficient_scope} (RFC 6750 section 3.1). */
  public ResourceRules requireScope(String... tokens) {
    scope = List.of(tokens);
    return this;
  }

  /**
   * Wants a login of one of these authentication context classes; else 401 with {@code
   * insufficient_user_authentication} (RFC 9470).
   */
  public ResourceRules requireAcr(String... values) {
    acrValues = List.of(values);
    return this;
  }

  /**
   * Wants a login that is not older than this; else 401 with {@code
   * insufficient_user_authentication} (RFC 9470).
   *
   * @param age null to want nothing
   */
  public ResourceRules requireMaxAge(@Nullable Duration age) {
    maxAge = age;
    return this;
  }

  /**
   * Wants tokens for this resource (RFC 8707); else 401 with {@code invalid_token}.
   *
   * @param identifier null to want nothing
   */
  public ResourceRules requireResource(@Nullable String identifier) {
    resource = identifier;
    return this;
  }

  /**
   * Checks a token that is good.
   *
   * @throws Refusal if it is not good enough
   */
  void check(Grant grant, Instant now) {
    String wanted = resource;
    if (wanted != null && !grant.audience().contains(wanted)) {
      throw Refusal.of(401, "invalid_token", "error_description", "Not for this resource");
    }
    if (!isLoginGoodEnough(grant.login(), now)) {
      throw insufficientUserAuthentication();
    }
    if (!grant.scope().containsAll(scope)) {
      throw Refusal.of(403, "insufficient_scope", "scope", String.join(" ", scope));
    }
  }

  private boolean isLoginGoodEnough(@Nullable Login login, Instant now) {
    Duration age = maxAge;
    if (acrValues.isEmpty() && age == null) {
      return true;
    }
    return login != null
        && (acrValues.isEmpty() || (login.acr() != null && acrValues.contains(login.acr())))
        && (age == null || !now.isAfter(login.authTime().plus(age)));
  }

  private Refusal insufficientUserAuthentication() {
    Refusal refusal = Refusal.of(401, "insufficient_user_authentication");
    if (!acrValues.isEmpty()) {
      refusal = refusal.with("acr_values", String.join(" ", acrValues));
    }
    Duration age = maxAge;
    return age == null ? refusal : refusal.with("max_age", String.valueOf(age.toSeconds()));
  }
}
