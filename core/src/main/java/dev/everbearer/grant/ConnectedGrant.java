package dev.everbearer.grant;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user of a service has granted in a login that the service made itself: the refresh token
 * stands in the client's store, where {@code OAuthClient.connect} put it, and not in the grant.
 * Equal for all processes that name the user alike.
 */
public final class ConnectedGrant extends ScopedGrant<ConnectedGrant> {

  private final String subject;

  ConnectedGrant(Request request, String subject) {
    super(request);
    if (subject.isEmpty() || subject.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "A user is named by a text without control characters that is not empty, such as the id"
              + " that your service knows them by.");
    }
    this.subject = subject;
  }

  @Override
  ConnectedGrant with(Request newRequest) {
    return new ConnectedGrant(newRequest, subject);
  }

  /** Whose grant it is, as {@code connect} was told. */
  @Override
  public String subject() {
    return subject;
  }

  @Override
  public String grantType() {
    return "refresh_token";
  }

  @Override
  String whose() {
    return " of " + subject;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnectedGrant that
        && request().equals(that.request())
        && subject.equals(that.subject);
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), subject);
  }
}
