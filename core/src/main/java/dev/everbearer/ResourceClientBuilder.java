package dev.everbearer;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.store.MemoryRegistrationStore;
import dev.everbearer.store.RegistrationStore;
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
import java.util.function.Function;
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
  private @Nullable ClientMetadata template;
  private Function<ClientRegistration, ClientAuthentication> method =
      ClientRegistration::authentication;
  private RegistrationStore registrations = new MemoryRegistrationStore();
  private boolean stepsUp;
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
   * Registers the client (RFC 7591) at the authorization server, once it is known, trusted or
   * approved, where the client is neither {@link #registered} nor read from its document. What the
   * server answers is kept by {@link #registrations}, so that the next start finds it. When the
   * server does not take it any more ({@code invalid_client}), also because its secret has ended,
   * it is updated (RFC 7592) or else made anew, while the client runs. By default no client is
   * registered.
   *
   * @param metadata such as {@code ClientMetadata.nativeApp().clientName("Reports")}; the redirect
   *     URI of the {@code login(...)} and the grant type are added where they are missing
   */
  public ResourceClientBuilder register(ClientMetadata metadata) {
    return register(metadata, ClientRegistration::authentication);
  }

  /**
   * As {@link #register(ClientMetadata)}, for a client that proves itself by a key.
   *
   * @param proof makes the client authentication for a registration, such as {@code
   *     private_key_jwt} with its client id
   */
  public ResourceClientBuilder register(
      ClientMetadata metadata, Function<ClientRegistration, ClientAuthentication> proof) {
    this.template = Objects.requireNonNull(metadata, "metadata");
    this.method = Objects.requireNonNull(proof, "proof");
    return this;
  }

  /**
   * Where registrations are kept, one for each issuer: one store for each program, as it is the
   * program that is registered. By default in memory, for this builder alone. A server that is
   * found here was approved for another API perhaps, and is asked about all the same.
   */
  public ResourceClientBuilder registrations(RegistrationStore store) {
    this.registrations = Objects.requireNonNull(store, "store");
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
   * Has the person log in once more when the API wants another login (RFC 9470) or more scopes, and
   * sends the request again: once for each request. What comes is a grant of its own, for the union
   * of the scopes. Such a request waits for the person unless it has a timeout. By default the
   * answer is handed to the caller, and so is one that wants something else than 100 different ones
   * before it, or another login where the person logs in on another device.
   */
  public ResourceClientBuilder stepUp() {
    this.stepsUp = true;
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
      BoundTokenRules bound = new BoundTokenRules(metadata, server);
      bound.settleKey(builder);
      // 4. What to ask for.
      InteractiveGrant<?> grant = grant(builder, metadata, hint, server);
      // 5. Who we are there.
      ResourceClient.Access access = access(builder.issuer(issuer), server, grant, bound);
      return new ResourceClient(start.place(hint), metadata, issuer, grant, access, stepsUp);
    }
  }

  private boolean isKnown(String issuer) {
    return registered.containsKey(issuer) || trusted.contains(issuer);
  }

  private InteractiveGrant<?> grant(
      OAuthClientBuilder builder,
      ResourceMetadata metadata,
      ResourceStart.Hint hint,
      AuthorizationServer server) {
    Scope wanted = scope != null ? scope : ResourceRules.scope(hint, metadata);
    if (isMcp) {
      wanted = ResourceRules.withOfflineAccess(wanted, server);
    }
    String resource = ResourceRules.identifier(metadata, isMcp);
    return ResourceRules.isOnAnotherDevice(builder.login, server)
        ? asking(Grant.device().resource(resource), wanted)
        : asking(Grant.authorizationCode().resource(resource), wanted);
  }

  private static <G extends InteractiveGrant<G>> G asking(G grant, Scope wanted) {
    return wanted.isEmpty() ? grant : grant.scope(wanted.toString());
  }

  private ResourceClient.Access access(
      OAuthClientBuilder builder,
      AuthorizationServer server,
      InteractiveGrant<?> grant,
      BoundTokenRules bound)
      throws InterruptedException {
    String issuer = server.issuer().orElse("");
    ClientAuthentication known = ResourceRules.authentication(server, registered, metadataDocument);
    if (known != null) {
      bound.requireCertificates(builder, known);
      return ResourceClient.Access.of(client(builder, issuer, known), builder.wall);
    }
    ClientMetadata metadata = template;
    if (metadata == null || server.endpoint(Endpoint.REGISTRATION).isEmpty()) {
      throw ResourceRules.unregistered(server, registered.keySet(), metadata != null);
    }
    Enrolment enrolment =
        new Enrolment(
            issuer,
            Enrolment.completed(metadata, grant, builder.login, server),
            registrations,
            builder::registrar,
            builder.wall);
    builder.keepForSuccessors();
    Function<ClientRegistration, ClientAuthentication> proof = method;
    return ResourceClient.Access.of(
        new EnrolledClient(
            enrolment,
            registration -> {
              ClientAuthentication ours = proof.apply(registration);
              bound.requireCertificates(builder, ours);
              return client(builder, issuer, ours);
            },
            new EnrolledClient.Means(
                builder.refetcher,
                builder.wall,
                builder.nanoTime,
                builder.random,
                builder.maxWait)),
        builder.nanoTime,
        builder.wall);
  }

  /** Grants are kept for the issuer and the client id, so that no other server finds them. */
  private static OAuthClient client(
      OAuthClientBuilder builder, String issuer, ClientAuthentication authentication) {
    return builder
        .authentication(authentication)
        .storedAs(issuer + " " + authentication.clientId())
        .build();
  }
}
