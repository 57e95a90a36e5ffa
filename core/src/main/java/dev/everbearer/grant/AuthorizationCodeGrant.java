package dev.everbearer.grant;

import dev.everbearer.challenge.StepUp;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a person grants in a browser (RFC 6749 section 4.1), always with PKCE (RFC 7636). The login
 * happens when somebody asks for a token and none can be had without it; from then on the refresh
 * token is used, if the server gives one.
 */
public final class AuthorizationCodeGrant extends InteractiveGrant<AuthorizationCodeGrant> {

  private static final Set<String> RESERVED =
      Set.of(
          "client_id",
          "client_secret",
          "client_assertion",
          "client_assertion_type",
          "code_verifier",
          "response_type",
          "redirect_uri",
          "state",
          "nonce",
          "scope",
          "resource",
          "authorization_details",
          "code_challenge",
          "code_challenge_method",
          "request",
          "request_uri",
          "dpop_jkt",
          "response_mode");

  private final Map<String, String> authorizationParameters;
  private final boolean needsFreshLogin;

  AuthorizationCodeGrant(Request request, String subject) {
    this(request, subject, Map.of(), false);
  }

  private AuthorizationCodeGrant(
      Request request,
      String subject,
      Map<String, String> authorizationParameters,
      boolean needsFreshLogin) {
    super(request, subject);
    this.authorizationParameters = authorizationParameters;
    this.needsFreshLogin = needsFreshLogin;
  }

  @Override
  AuthorizationCodeGrant with(Request newRequest, String newSubject) {
    return new AuthorizationCodeGrant(
        newRequest, newSubject, authorizationParameters, needsFreshLogin);
  }

  /**
   * Adds a parameter to the authorization request, such as {@code prompt}, {@code login_hint},
   * {@code acr_values} or {@code max_age}; in place of an earlier one of its name.
   *
   * @throws IllegalArgumentException if the library sets it itself, or name or value is empty
   */
  public AuthorizationCodeGrant authorizationParameter(String name, String value) {
    if (name.isEmpty() || value.isEmpty()) {
      throw new IllegalArgumentException("A parameter has a name and a value: '" + name + "'");
    }
    if (RESERVED.contains(name)) {
      throw new IllegalArgumentException(name + " is set by the library.");
    }
    Map<String, String> all = new TreeMap<>(authorizationParameters);
    all.put(name, value);
    return new AuthorizationCodeGrant(
        request(), subject(), Collections.unmodifiableMap(all), needsFreshLogin);
  }

  /**
   * The grant that brings what an API wants beyond this one (RFC 9470 section 4): a new login with
   * the {@code acr_values} and {@code max_age} of the challenge, and the union of the scopes. It is
   * a grant of its own, with tokens of its own, under a subject that names what was wanted; this
   * one and its tokens stay for other calls.
   */
  @Override
  public AuthorizationCodeGrant stepUp(StepUp wanted) {
    AuthorizationCodeGrant stepped = withMore(wanted);
    if (!wanted.acrValues().isEmpty()) {
      stepped = stepped.authorizationParameter("acr_values", String.join(" ", wanted.acrValues()));
    }
    String maxAge = wanted.maxAge().map(age -> String.valueOf(age.toSeconds())).orElse("");
    return maxAge.isEmpty()
        ? stepped
        : stepped.authorizationParameter("max_age", maxAge).withFreshLogin();
  }

  private AuthorizationCodeGrant withFreshLogin() {
    return new AuthorizationCodeGrant(request(), subject(), authorizationParameters, true);
  }

  /**
   * Whether its tokens come from logins alone: true after a {@link #stepUp} for a {@code max_age},
   * since a refresh brings a new token of the same old login.
   */
  public boolean needsFreshLogin() {
    return needsFreshLogin;
  }

  /** The extra parameters of the authorization request, by name. */
  public Map<String, String> authorizationParameters() {
    return authorizationParameters;
  }

  @Override
  public String grantType() {
    return "authorization_code";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AuthorizationCodeGrant that
        && request().equals(that.request())
        && subject().equals(that.subject())
        && authorizationParameters.equals(that.authorizationParameters)
        && needsFreshLogin == that.needsFreshLogin;
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), subject(), authorizationParameters, needsFreshLogin);
  }
}
