package dev.everbearer.benchmarks.clients;

import com.google.auth.oauth2.UserCredentials;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Google's library with credentials that are refreshed at a server of ours. */
final class GoogleClient implements TokenClient {

  private static final URI API = URI.create("https://api.example.com/");

  /** How long before its end a token is not given out any more; it must be less than the margin. */
  private static final Duration EXPIRY_MARGIN = Duration.ofMillis(300);

  private final UserCredentials credentials;

  GoogleClient(TokenServer server, Duration margin) {
    credentials =
        UserCredentials.newBuilder()
            .setClientId(TokenServer.CLIENT_ID)
            .setClientSecret(TokenServer.CLIENT_SECRET)
            .setRefreshToken(server.refreshToken())
            .setTokenServerUri(server.tokenEndpoint())
            .setRefreshMargin(margin)
            .setExpirationMargin(EXPIRY_MARGIN)
            .build();
  }

  /** The header fields: {@code getAccessToken()} would hand out tokens that are over, too. */
  @Override
  public Map<String, List<String>> lookUp() throws IOException {
    return credentials.getRequestMetadata(API);
  }

  @Override
  public String authorization() throws IOException {
    List<String> values = lookUp().get("Authorization");
    if (values == null) {
      throw new IOException("The credentials gave no header field.");
    }
    return values.get(0);
  }

  @Override
  public void close() {
    // It holds nothing open.
  }
}
