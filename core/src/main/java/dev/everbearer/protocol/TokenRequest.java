package dev.everbearer.protocol;

import dev.everbearer.grant.Grant;
import dev.everbearer.grant.Request;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;

/** The body of a token request, before client authentication. */
public final class TokenRequest {

  private final String grantType;
  private final Scope scope;
  private final Scope requiredScope;
  private final FormBody form;
  private final boolean isUnrepeatable;

  private TokenRequest(String grantType, Request request, FormBody form, boolean isUnrepeatable) {
    this.grantType = grantType;
    this.scope = request.scope();
    this.requiredScope = request.requiredScope();
    this.form = form;
    this.isUnrepeatable = isUnrepeatable;
  }

  /** RFC 6749 section 4.4.2. */
  public static TokenRequest clientCredentials(Grant grant) {
    FormBody form = new FormBody().add("grant_type", "client_credentials");
    return new TokenRequest("client_credentials", grant.request(), addTarget(form, grant), false);
  }

  /** RFC 6749 section 6. */
  public static TokenRequest refresh(Grant grant, Secret refreshToken) {
    FormBody form =
        new FormBody()
            .add("grant_type", "refresh_token")
            .add("refresh_token", refreshToken.reveal());
    return new TokenRequest("refresh_token", grant.request(), addTarget(form, grant), true);
  }

  private static FormBody addTarget(FormBody form, Grant grant) {
    Request request = grant.request();
    if (!request.scope().isEmpty()) {
      form.add("scope", request.scope().toString());
    }
    request.resources().forEach(resource -> form.add("resource", resource.toString()));
    request.audiences().forEach(audience -> form.add("audience", audience));
    return form.addAll(request.parameters());
  }

  /** The {@code grant_type}. */
  public String grantType() {
    return grantType;
  }

  Scope scope() {
    return scope;
  }

  Scope requiredScope() {
    return requiredScope;
  }

  /** Whether what it sends may be used up by an answer that is lost. */
  boolean isUnrepeatable() {
    return isUnrepeatable;
  }

  /** The body, before client authentication. */
  FormBody form() {
    return form;
  }

  /** The grant type and parameter names; no values. */
  @Override
  public String toString() {
    return "TokenRequest" + form;
  }
}
