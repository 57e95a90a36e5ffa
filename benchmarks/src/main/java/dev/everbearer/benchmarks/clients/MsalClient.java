package dev.everbearer.benchmarks.clients;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.net.MalformedURLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Microsoft's library. It wants a server of Microsoft's kind by TLS; here it gets a token from an
 * HTTP client that answers by itself, and so takes part in look-ups only.
 */
public final class MsalClient implements TokenClient {

  private final OneAnswer http = new OneAnswer();
  private final ConfidentialClientApplication application;
  private final ClientCredentialParameters parameters =
      ClientCredentialParameters.builder(Set.of("https://api.example.com/.default")).build();

  /** A client that has no token yet. */
  public MsalClient() {
    try {
      application =
          ConfidentialClientApplication.builder(
                  TokenServer.CLIENT_ID,
                  ClientCredentialFactory.createFromSecret(TokenServer.CLIENT_SECRET))
              .authority("https://login.example.com/adfs/")
              .validateAuthority(false)
              .httpClient(http)
              .build();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("The authority is no URL.", e);
    }
  }

  /** Grants the same token to everybody. */
  private static final class OneAnswer implements IHttpClient {

    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public IHttpResponse send(HttpRequest request) {
      requests.incrementAndGet();
      HttpResponse response = new HttpResponse();
      response.addHeaders(Map.of("Content-Type", List.of("application/json")));
      return response
          .statusCode(200)
          .body("{\"access_token\":\"token\",\"token_type\":\"Bearer\",\"expires_in\":36000}");
    }
  }

  /** How many requests it has sent. */
  public int requests() {
    return http.requests.get();
  }

  @Override
  public IAuthenticationResult lookUp() throws ExecutionException, InterruptedException {
    return application.acquireToken(parameters).get();
  }

  @Override
  public String authorization() throws ExecutionException, InterruptedException {
    return "Bearer " + lookUp().accessToken();
  }

  @Override
  public void close() {
    // It holds nothing open.
  }
}
