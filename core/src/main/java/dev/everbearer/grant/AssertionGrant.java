package dev.everbearer.grant;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A signed statement of somebody whom the server trusts (RFC 7521): a JWT (RFC 7523 section 2.1) or
 * a SAML 2.0 assertion (RFC 7522 section 2.1), which is opaque here. It is read anew for each token
 * request, and after a refusal it is not sent again by itself.
 */
public final class AssertionGrant extends ScopedGrant<AssertionGrant> {

  private final String grantType;
  private final AssertionSource assertions;

  AssertionGrant(Request request, String grantType, AssertionSource assertions) {
    super(request);
    this.grantType = grantType;
    this.assertions = Objects.requireNonNull(assertions, "assertions");
  }

  @Override
  AssertionGrant with(Request newRequest) {
    return new AssertionGrant(newRequest, grantType, assertions);
  }

  /** Where the assertion comes from. */
  public AssertionSource assertions() {
    return assertions;
  }

  @Override
  public String grantType() {
    return grantType;
  }

  @Override
  public String subject() {
    return assertions.name();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AssertionGrant that
        && request().equals(that.request())
        && grantType.equals(that.grantType)
        && assertions.equals(that.assertions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), grantType, assertions);
  }
}
