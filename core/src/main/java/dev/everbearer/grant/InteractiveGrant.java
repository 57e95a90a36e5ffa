package dev.everbearer.grant;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.token.Scope;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

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

  /**
   * The grant that brings what an API wants beyond this one: a grant of its own, with tokens of its
   * own, for the union of the scopes, under a subject that names what was wanted; this one and its
   * tokens stay for other calls.
   *
   * @throws IllegalArgumentException if {@code acr_values} or a {@code max_age} are wanted, and no
   *     such login can be asked for in this way
   */
  public G stepUp(StepUp wanted) {
    if (!wanted.acrValues().isEmpty() || wanted.maxAge().isPresent()) {
      throw new IllegalArgumentException(
          "The API wants another login (%s), and by %s none can be asked for (RFC 9470 section 4)."
                  .formatted(wanted, this)
              + " Use a login in a browser.");
    }
    return withMore(wanted);
  }

  final G withMore(StepUp wanted) {
    Set<String> tokens = new LinkedHashSet<>(scope().tokens());
    tokens.addAll(wanted.scope());
    return with(request().withScope(Scope.of(tokens)), subject() + " " + wanted);
  }

  @Override
  public final String subject() {
    return subject;
  }
}
