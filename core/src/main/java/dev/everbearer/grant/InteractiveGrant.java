package dev.everbearer.grant;

import java.util.Objects;

/**
 * What a person has to grant. A token that only a person can replace is used until it ends; the
 * person is asked only while somebody waits for a token, never in the background.
 *
 * @param <G> the kind of grant
 */
public abstract sealed class InteractiveGrant<G extends InteractiveGrant<G>> extends ScopedGrant<G>
    permits AuthorizationCodeGrant, DeviceGrant, CibaGrant {

  private final String subject;

  InteractiveGrant(Request request, String subject) {
    super(request);
    this.subject = subject;
  }

  abstract G with(Request newRequest, String newSubject);

  @Override
  final G with(Request newRequest) {
    return with(newRequest, subject);
  }

  /**
   * Names whose grant it is, in words of your own, so that several people's grants live side by
   * side. By default it is who the grant names by itself, as a CIBA grant does; else empty, which
   * is one grant for each client registration.
   */
  public final G subject(String name) {
    return with(request(), Objects.requireNonNull(name, "subject"));
  }

  @Override
  public final String subject() {
    return subject;
  }
}
