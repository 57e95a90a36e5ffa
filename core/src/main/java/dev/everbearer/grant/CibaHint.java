package dev.everbearer.grant;

import dev.everbearer.token.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be asked (OpenID Connect CIBA Core section 7.1): exactly one of three hints. Equal by
 * value; prints no token.
 */
public final class CibaHint {

  private final String parameter;
  private final AssertionSource value;
  private final String name;

  private CibaHint(String parameter, AssertionSource value, String name) {
    this.parameter = parameter;
    this.value = value;
    this.name = name;
  }

  /**
   * A name that the server knows the person by, such as an address or a telephone number.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static CibaHint loginHint(String hint) {
    if (hint.isBlank()) {
      throw new IllegalArgumentException("Say who is to be asked: the login hint is empty.");
    }
    return new CibaHint("login_hint", AssertionSource.of(hint), hint);
  }

  /** A token that names the person; read anew for each login. */
  public static CibaHint loginHintToken(AssertionSource token) {
    return new CibaHint("login_hint_token", token, token.name());
  }

  /** An ID token that the server gave for the person before; read anew for each login. */
  public static CibaHint idTokenHint(AssertionSource idToken) {
    return new CibaHint("id_token_hint", idToken, idToken.name());
  }

  /** The name of the parameter. */
  public String parameter() {
    return parameter;
  }

  /** Its value now. */
  public Secret value() {
    return value.get();
  }

  /** What tells it from others: a login hint as it is, a token by where it comes from. */
  public String name() {
    return name;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CibaHint that
        && parameter.equals(that.parameter)
        && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(parameter, value);
  }

  @Override
  public String toString() {
    return parameter + " " + name;
  }
}
