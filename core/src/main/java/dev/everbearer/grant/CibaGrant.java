package dev.everbearer.grant;

import dev.everbearer.token.Scope;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person grants on a device of their own when the server asks them there (OpenID Connect
 * CIBA Core 1.0): the program knows who the person is, and nobody enters a code. The person is
 * asked when somebody asks for a token and none can be had without it. For clients that prove who
 * they are.
 */
public final class CibaGrant extends InteractiveGrant<CibaGrant> {

  private static final String BINDING_MESSAGE = "binding_message";
  private static final String REQUESTED_EXPIRY = "requested_expiry";
  private static final String OPENID = "openid";

  private static final Set<String> SET_HERE =
      Set.of(
          "login_hint",
          "login_hint_token",
          "id_token_hint",
          "user_code",
          "client_notification_token",
          BINDING_MESSAGE,
          REQUESTED_EXPIRY);

  private final CibaHint hint;
  private final @Nullable AssertionSource userCode;

  private CibaGrant(
      Request request, String subject, CibaHint hint, @Nullable AssertionSource userCode) {
    super(request, subject);
    this.hint = hint;
    this.userCode = userCode;
    if (!request.scope().tokens().contains(OPENID)) {
      throw new IllegalArgumentException(
          "The scope of a CIBA grant holds openid (CIBA Core section 7.1), and this does not: "
              + request.scope());
    }
  }

  static CibaGrant of(CibaHint hint) {
    Request openid = Request.EMPTY.withScope(Scope.of(OPENID));
    return new CibaGrant(openid, hint.name(), hint, null);
  }

  @Override
  CibaGrant with(Request newRequest, String newSubject) {
    return new CibaGrant(newRequest, newSubject, hint, userCode);
  }

  @Override
  boolean isReserved(String parameter) {
    return super.isReserved(parameter) || SET_HERE.contains(parameter);
  }

  /**
   * A short text that both devices show, so that the person sees what belongs together.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public CibaGrant bindingMessage(String text) {
    return with(request().withOwn(BINDING_MESSAGE, text));
  }

  /**
   * How long the login should wait for the person, in whole seconds; by default the server says.
   *
   * @throws IllegalArgumentException unless it is one second or more
   */
  public CibaGrant requestedExpiry(Duration expiry) {
    if (expiry.toSeconds() < 1) {
      throw new IllegalArgumentException("A login waits for a second or more: " + expiry);
    }
    return with(request().withOwn(REQUESTED_EXPIRY, Long.toString(expiry.toSeconds())));
  }

  /**
   * A code that only the person and the server know, for servers that want it before they ask; read
   * anew for each login. None by default.
   */
  public CibaGrant userCode(AssertionSource code) {
    return new CibaGrant(request(), subject(), hint, Objects.requireNonNull(code, "code"));
  }

  /** Who is to be asked. */
  public CibaHint hint() {
    return hint;
  }

  /** The code that the server wants before it asks; empty when there is none. */
  public Optional<AssertionSource> userCode() {
    return Optional.ofNullable(userCode);
  }

  @Override
  public String grantType() {
    return "urn:openid:params:grant-type:ciba";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CibaGrant that
        && request().equals(that.request())
        && subject().equals(that.subject())
        && hint.equals(that.hint)
        && Objects.equals(userCode, that.userCode);
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), subject(), hint, userCode);
  }
}
