package dev.everbearer.benchmarks.clients;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenSource;
import java.time.Duration;

/** This library. */
final class EverbearerClient implements TokenClient {

  private final OAuthClient client;
  private final TokenSource source;

  EverbearerClient(TokenServer server, Duration margin) {
    client = builder(server).renewalPolicy(RenewalPolicy.standard().softMargin(margin)).build();
    source = client.tokens(Grant.clientCredentials());
  }

  static OAuthClientBuilder builder(TokenServer server) {
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic(TokenServer.CLIENT_ID, TokenServer.CLIENT_SECRET);
  }

  @Override
  public AccessToken lookUp() {
    return source.token();
  }

  @Override
  public String authorization() {
    return source.token().authorization();
  }

  @Override
  public void close() {
    client.close();
  }
}
