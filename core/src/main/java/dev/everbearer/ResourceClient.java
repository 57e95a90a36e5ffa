package dev.everbearer;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.server.ResourceMetadata;
import java.net.http.HttpClient;

/**
 * What was found out from the URL of an API: its metadata, a client at the authorization server
 * that it names, and the grant to ask that server for. Thread-safe; close it when done.
 */
public final class ResourceClient implements AutoCloseable {

  private final String origin;
  private final ResourceMetadata metadata;
  private final String issuer;
  private final AuthorizationCodeGrant grant;
  private final OAuthClient client;
  private final HttpClient http;

  ResourceClient(
      String origin,
      ResourceMetadata metadata,
      String issuer,
      AuthorizationCodeGrant grant,
      OAuthClient client) {
    this.origin = origin;
    this.metadata = metadata;
    this.issuer = issuer;
    this.grant = grant;
    this.client = client;
    this.http = client.httpClientFor(origin, grant);
  }

  /**
   * Sends tokens to the origin of the API and refuses every other; the first request has the person
   * log in.
   */
  public HttpClient http() {
    return http;
  }

  /**
   * The same after the API wanted more (RFC 9470, {@code insufficient_scope}): its first request
   * has the person log in once more, with the union of the scopes. Tokens of {@link #http()} stay.
   */
  public HttpClient http(StepUp wanted) {
    return client.httpClientFor(origin, grant.stepUp(wanted));
  }

  /** What the API published about itself when it was asked. */
  public ResourceMetadata metadata() {
    return metadata;
  }

  /** The issuer of the authorization server that was chosen. */
  public String issuer() {
    return issuer;
  }

  /** What is asked for, with the {@code resource} of the API. */
  public AuthorizationCodeGrant grant() {
    return grant;
  }

  /** The client at that server. It is closed with this object. */
  public OAuthClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return "ResourceClient[" + metadata + " by " + issuer + "]";
  }
}
