package dev.everbearer.cli;

import dev.everbearer.OAuthClientBuilder;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which authorization server. */
final class ServerOptions {

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "The authorization server; its endpoints are discovered.")
  @Nullable URI issuer;

  @Option(
      names = "--token-endpoint",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "The server's token endpoint, if it has no discovery.")
  @Nullable URI tokenEndpoint;

  boolean isMissing() {
    return issuer == null && tokenEndpoint == null;
  }

  void addTo(OAuthClientBuilder builder) {
    if (issuer != null) {
      builder.issuer(issuer.toString());
    } else if (tokenEndpoint != null) {
      builder.tokenEndpoint(tokenEndpoint.toString());
    }
  }

  @Override
  public String toString() {
    String url = String.valueOf(issuer != null ? issuer : tokenEndpoint);
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }
}
