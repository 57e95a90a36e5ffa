package dev.everbearer.server;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Well-known servers: how each is recognised, and what it does beyond or against the
 * specifications. What only helps applies where the server is recognised; what loosens a rule
 * applies where somebody names it.
 */
final class Providers {

  private static final ReuseWindow NONE = ReuseWindow.none();
  private static final ReuseWindow UNLIMITED = ReuseWindow.unlimited();
  private static final String OFFLINE_ACCESS = "Ask for the scope offline_access.";

  static final List<Provider> ALL =
      List.of(
          provider("atlassian", "auth.atlassian.com")
              .with(it -> it.reuseWindow(minutes(10)).refreshTokenAdvice(OFFLINE_ACCESS))
              .with(it -> it.idleLimit(Duration.ofDays(90))),
          provider("auth0", "*.auth0.com")
              .with(it -> it.reuseWindow(NONE))
              .with(it -> it.refreshTokenAdvice(OFFLINE_ACCESS + " The API must allow it.")),
          provider("dropbox", "www.dropbox.com", "api.dropboxapi.com")
              .with(it -> it.refreshTokenAdvice(parameters("token_access_type=offline"))),
          provider("facebook", "www.facebook.com", "graph.facebook.com")
              .with(it -> it.scopeSeparator(',').tokenRefusal(Providers::isRefusedByFacebook))
              .with(
                  it ->
                      it.refreshTokenAdvice(
                          "There are none here: exchange the token for a long-lived one.")),
          provider("github", "github.com")
              .with(it -> it.scopeSeparator(',').reuseWindow(NONE))
              .with(
                  it ->
                      it.refreshTokenAdvice(
                          "They come where a GitHub App has expiring user tokens switched on.")),
          provider("gitlab", "gitlab.com").with(it -> it.reuseWindow(NONE)),
          provider("google", "accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com")
              .with(it -> it.reuseWindow(UNLIMITED).idleLimit(Duration.ofDays(180)))
              .with(
                  it ->
                      it.refreshTokenAdvice(
                          parameters("access_type=offline", "prompt=consent")
                              + " Without the second it comes with a person's first consent only.")),
          provider("keycloak")
              .with(
                  it ->
                      it.refreshTokenAdvice(
                          "A login brings one by itself; the scope offline_access one that outlives"
                              + " the person's session.")),
          provider("linkedin", "www.linkedin.com")
              .with(
                  it -> it.refreshTokenAdvice("LinkedIn has to approve an application for them.")),
          provider("microsoft", "login.microsoftonline.com", "login.microsoftonline.us")
              .with(it -> it.reuseWindow(UNLIMITED).refreshTokenAdvice(OFFLINE_ACCESS)),
          provider("okta", "*.okta.com", "*.oktapreview.com", "*.okta-emea.com")
              .with(it -> it.reuseWindow(ReuseWindow.of(Duration.ofSeconds(30))))
              .with(
                  it ->
                      it.refreshTokenAdvice(
                          OFFLINE_ACCESS + " The application must have the refresh token grant.")),
          provider("reddit", "www.reddit.com", "ssl.reddit.com")
              .with(it -> it.refreshTokenAdvice(parameters("duration=permanent"))),
          provider("salesforce", "login.salesforce.com", "test.salesforce.com")
              .at("*.my.salesforce.com")
              .with(it -> it.reuseWindow(NONE).idleLimit(Duration.ofDays(30)))
              .with(it -> it.refreshTokenAdvice("Ask for the scope refresh_token.")),
          provider("slack", "slack.com")
              .with(it -> it.scopeSeparator(',').reuseWindow(NONE))
              .with(it -> it.refreshTokenAdvice("Switch token rotation on for the application."))
              .whenNamed(it -> it.tokenTypeIsBearer("bot").tokenTypeIsBearer("user")),
          provider("strava", "www.strava.com").with(it -> it.absoluteExpiry("expires_at")),
          provider("tiktok", "open.tiktokapis.com").with(it -> it.scopeSeparator(',')),
          provider("x", "api.x.com", "api.twitter.com")
              .with(it -> it.refreshTokenAdvice("Ask for the scope offline.access.")),
          provider("xero", "identity.xero.com", "login.xero.com")
              .with(it -> it.reuseWindow(minutes(30)).refreshTokenAdvice(OFFLINE_ACCESS)));

  private static final Map<String, Provider> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Provider::name, Function.identity()));

  private Providers() {}

  /**
   * One server.
   *
   * @param hosts of its issuer or token endpoint, in lower case; one that begins with {@code *.} is
   *     for all below it; none for what everybody runs on a host of their own
   * @param recognised what applies by itself
   * @param named what applies where it is named
   */
  record Provider(
      String name, List<String> hosts, ProviderProfile recognised, ProviderProfile named) {

    Provider at(String host) {
      return new Provider(
          name, Stream.concat(hosts.stream(), Stream.of(host)).toList(), recognised, named);
    }

    Provider with(UnaryOperator<ProviderProfile.Builder> switches) {
      return new Provider(name, hosts, changed(recognised, switches), changed(named, switches));
    }

    Provider whenNamed(UnaryOperator<ProviderProfile.Builder> switches) {
      return new Provider(name, hosts, recognised, changed(named, switches));
    }

    boolean isAt(String host) {
      return hosts.stream()
          .anyMatch(
              each -> each.startsWith("*.") ? host.endsWith(each.substring(1)) : host.equals(each));
    }
  }

  private static Provider provider(String name, String... hosts) {
    ProviderProfile start = ProviderProfile.builder().provider(name).build();
    return new Provider(name, List.of(hosts), start, start);
  }

  private static ProviderProfile changed(
      ProviderProfile profile, UnaryOperator<ProviderProfile.Builder> switches) {
    return switches.apply(profile.toBuilder()).build();
  }

  private static ReuseWindow minutes(int length) {
    return ReuseWindow.of(Duration.ofMinutes(length));
  }

  private static String parameters(String... parameters) {
    return "Ask for it by the authorization parameter"
        + (parameters.length == 1 ? " " : "s ")
        + String.join(" and ", parameters)
        + ".";
  }

  /** 400 with {@code OAuth "Facebook Platform" "invalid_token" "..."}, which is no challenge. */
  private static boolean isRefusedByFacebook(int status, Function<String, List<String>> headers) {
    return status == 400
        && headers.apply("WWW-Authenticate").stream()
            .anyMatch(each -> each.startsWith("OAuth \"Facebook Platform\" \"invalid_token\""));
  }

  /** The one that is named so. */
  static Provider named(String name) {
    Provider found = BY_NAME.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "There is no profile of a provider '%s'; there are: %s. Another one is written with"
                  .formatted(name, String.join(", ", ALL.stream().map(Provider::name).toList()))
              + " ProviderProfile.builder().");
    }
    return found;
  }

  /** The one whose server this is, by its host alone. */
  static Optional<Provider> at(URI server) {
    String host = server.getHost();
    return host == null
        ? Optional.empty()
        : ALL.stream().filter(each -> each.isAt(host.toLowerCase(Locale.ROOT))).findFirst();
  }
}
