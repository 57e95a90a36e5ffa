package dev.everbearer;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.http.Origin;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.token.Scope;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts from nothing but the URL of an API (RFC 9728): asks it who protects it, finds that
 * authorization server, and gives a client there. Not thread-safe.
 *
 * <p>Everything that is learnt on the way is checked before it is used: metadata stands on the
 * API's own origin, no URL leads inside unless the API is there itself, and no authorization server
 * is used that is not known, trusted or approved.
 */
public final class ResourceClientBuilder {

  private final URI url;
  private final Map<String, ClientAuthentication> registered = new LinkedHashMap<>();
  private final Set<String> trusted = new HashSet<>();
  private final Set<String> metadataHosts = new HashSet<>();
  private BiPredicate<ResourceMetadata, String> approval = (metadata, issuer) -> false;
  private @Nullable String metadataDocument;
  private @Nullable Scope scope;
  private boolean isMcp;
  private Consumer<OAuthClientBuilder> settings = builder -> {};

  ResourceClientBuilder(String url) {
    this.url = Urls.parse("URL of the API", url);
  }

  // ---- the authorization server

  /** Takes these authorization servers when the API names them; none by default. */
  public ResourceClientBuilder trust(String... issuers) {
    trusted.addAll(List.of(issuers));
    return this;
  }

  /**
   * Is asked about each authorization server that the API names and that is not known, in order,
   * until it says yes: show the API and the issuer to the person. By default the answer is no.
   */
  public ResourceClientBuilder approve(BiPredicate<ResourceMetadata, String> question) {
    this.approval = Objects.requireNonNull(question, "approval");
    return this;
  }

  /**
   * Reads the metadata of the API also from these hosts, when the API names a URL there; by default
   * from its own origin alone.
   */
  public ResourceClientBuilder allowMetadataHosts(String... hosts) {
    for (String host : hosts) {
      metadataHosts.add(host.toLowerCase(Locale.ROOT));
    }
    return this;
  }

  // ---- the client

  /**
   * How the client is registered at one authorization server, which is known and trusted thereby.
   * These credentials go to this issuer and to no other.
   */
  public ResourceClientBuilder registered(String issuer, ClientAuthentication authentication) {
    registered.put(issuer, Objects.requireNonNull(authentication, "authentication"));
    return this;
  }

  /**
   * The https URL of the document that describes the client, which is its client id at servers that
   * read such documents. Used where the client is not registered; by default there is none.
   */
  public ResourceClientBuilder clientIdMetadataDocument(String documentUrl) {
    this.metadataDocument = Objects.requireNonNull(documentUrl, "documentUrl");
    return this;
  }

  /**
   * The scope to ask for. By default that of the API's challenge, else all that its metadata lists,
   * else none.
   */
  public ResourceClientBuilder scope(String... tokens) {
    this.scope = Scope.of(tokens);
    return this;
  }

  /**
   * By the rules of MCP authorization: a server must say in its metadata that it has PKCE, the
   * {@code resource} goes without a needless slash, and {@code offline_access} is asked for where
   * the server offers it. Off by default.
   */
  public ResourceClientBuilder mcp() {
    this.isMcp = true;
    return this;
  }

  /**
   * Everything else of the client, such as {@code login(...)} and {@code store(...)}. It must leave
   * server, client authentication and registration alone.
   */
  public ResourceClientBuilder configure(Consumer<OAuthClientBuilder> clientSettings) {
    this.settings = Objects.requireNonNull(clientSettings, "settings");
    return this;
  }

  // ---- the end

  /**
   * Asks the API and the authorization server; nobody logs in yet.
   *
   * @throws dev.everbearer.token.OAuthException when the way ends somewhere; the message says where
   *     and what to do
   * @throws IllegalArgumentException if the URL must not be called
   */
  public ResourceClient connect() {
    return Blocking.get("Finding out who protects " + Urls.shown(url), this::found);
  }

  private ResourceClient found() throws InterruptedException {
    OAuthClientBuilder builder = OAuthClient.builder().learntFrom(url);
    settings.accept(builder);
    try (ResourceStart start = builder.resourceStart(url, metadataHosts)) {
      // 1. The API says where its metadata is, and which scope it wants.
      ResourceStart.Hint hint = start.hint();
      // 2. The metadata say how tokens are sent, and who gives them.
      ResourceMetadata metadata = start.metadata(hint);
      ResourceRules.requireUsable(metadata, builder.hasDpopKey());
      String issuer =
          ResourceRules.issuer(metadata, this::isKnown, each -> approval.test(metadata, each));
      // 3. The authorization server describes itself.
      AuthorizationServer server = start.server(issuer);
      if (isMcp) {
        ResourceRules.requirePkce(server);
      }
      // 4. Who we are there.
      ClientAuthentication authentication =
          ResourceRules.authentication(server, registered, metadataDocument);
      // 5. What to ask for.
      AuthorizationCodeGrant grant = grant(metadata, hint, server);
      OAuthClient client =
          builder
              .issuer(issuer)
              .authentication(authentication)
              .registration(issuer + " " + authentication.clientId())
              .build();
      return new ResourceClient(Origin.of(url).toString(), metadata, issuer, grant, client);
    }
  }

  private boolean isKnown(String issuer) {
    return registered.containsKey(issuer) || trusted.contains(issuer);
  }

  private AuthorizationCodeGrant grant(
      ResourceMetadata metadata, ResourceStart.Hint hint, AuthorizationServer server) {
    Scope wanted = scope != null ? scope : ResourceRules.scope(hint, metadata);
    if (isMcp) {
      wanted = ResourceRules.withOfflineAccess(wanted, server);
    }
    AuthorizationCodeGrant grant =
        Grant.authorizationCode().resource(ResourceRules.identifier(metadata, isMcp));
    return wanted.isEmpty() ? grant : grant.scope(wanted.toString());
  }
}
