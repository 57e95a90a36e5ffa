package dev.everbearer.benchmarks.clients;

import java.time.Duration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/** Spring Security, as its handbook sets it up outside of a web request. */
final class SpringClient implements TokenClient {

  /** It has no time limit of its own; this is the shortest that Everbearer gives an exchange. */
  private static final Duration TIME_LIMIT = Duration.ofSeconds(2);

  private final OAuth2AuthorizedClientManager manager;

  /** Built once, in its favour: its own interceptors build one for each call. */
  private final OAuth2AuthorizeRequest request =
      OAuth2AuthorizeRequest.withClientRegistrationId("api").principal("benchmark").build();

  SpringClient(TokenServer server, Duration margin) {
    manager = manager(registration(server), margin);
  }

  private static ClientRegistration registration(TokenServer server) {
    return ClientRegistration.withRegistrationId("api")
        .tokenUri(server.tokenEndpoint().toString())
        .clientId(TokenServer.CLIENT_ID)
        .clientSecret(TokenServer.CLIENT_SECRET)
        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
        .build();
  }

  private static OAuth2AuthorizedClientManager manager(
      ClientRegistration registration, Duration margin) {
    InMemoryClientRegistrationRepository registrations =
        new InMemoryClientRegistrationRepository(registration);
    AuthorizedClientServiceOAuth2AuthorizedClientManager manager =
        new AuthorizedClientServiceOAuth2AuthorizedClientManager(
            registrations, new InMemoryOAuth2AuthorizedClientService(registrations));
    RestClientClientCredentialsTokenResponseClient exchange =
        new RestClientClientCredentialsTokenResponseClient();
    exchange.setRestClient(http());
    manager.setAuthorizedClientProvider(
        OAuth2AuthorizedClientProviderBuilder.builder()
            .clientCredentials(grant -> grant.clockSkew(margin).accessTokenResponseClient(exchange))
            .build());
    return manager;
  }

  private static RestClient http() {
    JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory();
    requests.setReadTimeout(TIME_LIMIT);
    return RestClient.builder()
        .requestFactory(requests)
        .configureMessageConverters(
            converters ->
                converters
                    .addCustomConverter(new FormHttpMessageConverter())
                    .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
        .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
        .build();
  }

  @Override
  public OAuth2AccessToken lookUp() {
    OAuth2AuthorizedClient client = manager.authorize(request);
    if (client == null) {
      throw new IllegalStateException("The manager does not know the grant.");
    }
    return client.getAccessToken();
  }

  @Override
  public String authorization() {
    return "Bearer " + lookUp().getTokenValue();
  }

  @Override
  public void close() {
    // It holds nothing open.
  }
}
