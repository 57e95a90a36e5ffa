package dev.everbearer;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientCertificate;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.client.SigningKey;
import dev.everbearer.http.internal.ClientRules;
import dev.everbearer.login.Login;
import dev.everbearer.protocol.BearerCaller;
import dev.everbearer.protocol.RegistrationEndpoint;
import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.TokenStore;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.Urls;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link OAuthClient}. Required are a server ({@link #issuer} or {@link #tokenEndpoint})
 * and a client authentication; everything else has a default. Not thread-safe.
 */
public final class OAuthClientBuilder {

  private static final String USER_AGENT = "Everbearer/0.1";
  private static final Set<String> RESERVED_HEADERS =
      Set.of(
          "authorization",
          "content-type",
          "accept",
          "host",
          "content-length",
          "dpop",
          "oauth-client-attestation",
          "oauth-client-attestation-pop");

  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

  // Read by the Assembly and by ServerAccess.
  @Nullable String issuer;
  @Nullable URI learntFrom;
  @Nullable URI tokenEndpoint;
  final Map<Endpoint, URI> endpoints = new EnumMap<>(Endpoint.class);
  @Nullable Login login;
  JwtRegistration idTokens = JwtRegistration.standard();
  Set<String> trustedAudiences = Set.of();
  JwtRegistration authorizationResponses = JwtRegistration.standard();
  boolean isPinged;
  private @Nullable ClientAuthentication authentication;
  @Nullable String storedAs;
  @Nullable Supplier<DpopKey> dpopKey;
  boolean requiresDpop;
  @Nullable ProviderProfile profile;
  boolean isFapi2;
  @Nullable TokenStore store;
  @Nullable Outbox outbox;
  RenewalPolicy policy = RenewalPolicy.standard();
  Duration maxWait = Duration.ofSeconds(30);
  UserSources.Limits keptSources = new UserSources.Limits(10_000, Duration.ofMinutes(10));
  Duration exchangeTimeout = Duration.ofSeconds(15);
  int maxConcurrentExchanges = 16;
  @Nullable HttpClient httpClient;
  @Nullable ProxySelector proxy;
  @Nullable ProxyCredentials proxyCredentials;
  @Nullable SSLContext sslContext;
  @Nullable Authorities trusted;
  @Nullable Supplier<SigningKey> requestKeys;
  @Nullable ClientCertificate certificate;
  @Nullable Duration connectTimeout;
  final Map<String, String> headers = new HashMap<>();
  Consumer<HttpRequest.Builder> customizer = request -> {};
  boolean allowsLoopback = true;
  final Set<String> plainHttpHosts = new HashSet<>();
  final Set<String> internalHosts = new HashSet<>();
  Consumer<TokenSet> onRotated = tokens -> {};
  final List<RenewalListener> listeners = new ArrayList<>();
  InstantSource wall = InstantSource.system();
  LongSupplier nanoTime = System::nanoTime;
  DoubleSupplier random = new SecureRandom()::nextDouble;
  @Nullable ScheduledExecutorService scheduler;
  @Nullable Executor worker;
  Executor refetcher = OAuthClientBuilder::onDaemon;

  OAuthClientBuilder() {
    headers.put("Accept", "application/json");
    headers.put("User-Agent", USER_AGENT);
  }

  // ---- the server

  /**
   * The issuer, whose metadata is found by RFC 8414, then by OpenID Connect discovery, when a token
   * is first needed. It must match the document character by character; it is checked by {@link
   * #build}.
   */
  public OAuthClientBuilder issuer(String issuerIdentifier) {
    this.issuer = Objects.requireNonNull(issuerIdentifier, "issuer");
    return this;
  }

  /**
   * The token endpoint itself, in place of an issuer. Its query, if any, is kept.
   *
   * @throws IllegalArgumentException if the text is no URL
   */
  public OAuthClientBuilder tokenEndpoint(String url) {
    this.tokenEndpoint = Urls.parse("token endpoint", Objects.requireNonNull(url, "url"));
    return this;
  }

  /**
   * An endpoint beside the {@link #tokenEndpoint}, for servers without metadata: to log in, the
   * authorization endpoint.
   *
   * @throws IllegalArgumentException if it is the token endpoint, or the text is no URL
   */
  public OAuthClientBuilder endpoint(Endpoint endpoint, String url) {
    if (endpoint == Endpoint.TOKEN) {
      throw new IllegalArgumentException("The token endpoint is given by tokenEndpoint(...).");
    }
    endpoints.put(endpoint, Urls.parse(endpoint.toString(), Objects.requireNonNull(url, "url")));
    return this;
  }

  /**
   * What the server does beyond or against the specifications. By default {@link
   * ProviderProfile#forServer} for the issuer or token endpoint, and {@link
   * ProviderProfile#standard()} for a server that is not well known.
   */
  public OAuthClientBuilder profile(ProviderProfile providerProfile) {
    this.profile = Objects.requireNonNull(providerProfile, "profile");
    return this;
  }

  /**
   * Holds to the FAPI 2.0 Security Profile, and to the letter of the specifications: {@link #build}
   * refuses a weaker configuration and names what is missing. It asks for an {@link #issuer},
   * {@code private_key_jwt} or mutual TLS, tokens that are bound by {@link #dpop()} or a client
   * certificate, and the algorithms PS256, ES256 and Ed25519 alone. Nobody is sent to log in at a
   * server whose metadata does not offer pushed requests, PKCE with {@code S256}, and its name in
   * the answer. Connections use TLS 1.3, or TLS 1.2 by the cipher suites of BCP 195 alone. Off by
   * default.
   */
  public OAuthClientBuilder fapi2() {
    this.isFapi2 = true;
    return this;
  }

  // ---- the client

  /** Proves who we are by a secret in a Basic header ({@code client_secret_basic}). */
  public OAuthClientBuilder clientSecretBasic(String clientId, String clientSecret) {
    return authentication(ClientAuthentication.clientSecretBasic(clientId, clientSecret));
  }

  /** Proves who we are by a secret in the body ({@code client_secret_post}). */
  public OAuthClientBuilder clientSecretPost(String clientId, String clientSecret) {
    return authentication(ClientAuthentication.clientSecretPost(clientId, clientSecret));
  }

  /**
   * Proves who we are by a JWT with an HMAC under the secret ({@code client_secret_jwt}).
   *
   * @throws IllegalArgumentException if the secret is shorter than 32 bytes
   */
  public OAuthClientBuilder clientSecretJwt(String clientId, String clientSecret) {
    return authentication(ClientAuthentication.clientSecretJwt(clientId, clientSecret));
  }

  /** Proves who we are by a JWT that our private key signs ({@code private_key_jwt}). */
  public OAuthClientBuilder privateKeyJwt(String clientId, SigningKey key) {
    return authentication(ClientAuthentication.privateKeyJwt(clientId, key));
  }

  /** Proves who we are by any method. */
  public OAuthClientBuilder authentication(ClientAuthentication method) {
    this.authentication = Objects.requireNonNull(method, "authentication");
    return this;
  }

  /**
   * The name under which grants of this client are stored; the client id by default. It outlives
   * changes of endpoints and scopes.
   */
  public OAuthClientBuilder storedAs(String name) {
    this.storedAs = Objects.requireNonNull(name, "storedAs");
    return this;
  }

  // ---- binding tokens to a key

  /**
   * Binds tokens to a key (RFC 9449) that is made by {@link #build} and lives as long as the
   * client: as {@link #dpop(DpopKey)}. By default tokens are bound to no key.
   */
  public OAuthClientBuilder dpop() {
    return dpop(DpopKey::generate, true);
  }

  /**
   * Binds tokens to a key (RFC 9449). A Bearer token in an answer is discarded, and fails. A public
   * client must keep the key for as long as its refresh tokens, which are bound to it.
   */
  public OAuthClientBuilder dpop(DpopKey key) {
    Objects.requireNonNull(key, "key");
    return dpop(() -> key, true);
  }

  /**
   * As {@link #dpop()}, where the server offers it; where it does not, Bearer tokens are used and
   * the log says so once.
   */
  public OAuthClientBuilder dpopWhenOffered() {
    return dpop(DpopKey::generate, false);
  }

  /** As {@link #dpopWhenOffered()}, with a key of yours. */
  public OAuthClientBuilder dpopWhenOffered(DpopKey key) {
    Objects.requireNonNull(key, "key");
    return dpop(() -> key, false);
  }

  private OAuthClientBuilder dpop(Supplier<DpopKey> key, boolean isRequired) {
    this.dpopKey = key;
    this.requiresDpop = isRequired;
    return this;
  }

  // ---- tokens

  /** Where grants are kept; in memory by default. The store is not closed with the client. */
  public OAuthClientBuilder store(TokenStore tokenStore) {
    this.store = Objects.requireNonNull(tokenStore, "store");
    return this;
  }

  /**
   * Where answers of the server are kept until a durable store has them, so that a rotated refresh
   * token survives the end of this process in between. In memory by default, where it does not; one
   * outbox is for one client, and is not closed with it.
   */
  public OAuthClientBuilder outbox(Outbox answers) {
    this.outbox = Objects.requireNonNull(answers, "outbox");
    return this;
  }

  /** When tokens are renewed; {@link RenewalPolicy#standard()} by default. */
  public OAuthClientBuilder renewalPolicy(RenewalPolicy renewalPolicy) {
    this.policy = Objects.requireNonNull(renewalPolicy, "renewalPolicy");
    return this;
  }

  /**
   * How long callers wait for a token that do not say themselves; 30 seconds by default.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public OAuthClientBuilder maxWait(Duration wait) {
    this.maxWait = requireNotNegative(wait);
    return this;
  }

  /**
   * For how many users ({@link OAuthClient#tokensOf}) tokens are kept in this process at once:
   * 10,000 by default, and those that nobody used for 10 minutes are let go of. The store keeps all
   * of them; a user who comes again is read from there. Those with a call under way count, and are
   * never let go of.
   *
   * @throws IllegalArgumentException unless both are positive
   */
  public OAuthClientBuilder keptSources(int atMost, Duration idle) {
    if (atMost < 1) {
      throw new IllegalArgumentException("At least one source must be kept: " + atMost);
    }
    this.keptSources = new UserSources.Limits(atMost, requirePositive(idle));
    return this;
  }

  /**
   * Is given each answer that brought a new refresh token, before its access token is used. On the
   * memory store whoever wants to survive a restart must keep it. Called on a worker thread, while
   * those who wait for the token go on waiting: to ask the same grant for a token from inside it
   * blocks until {@code maxWait}. What it throws is logged. By default nothing is done.
   */
  public OAuthClientBuilder onRotated(Consumer<TokenSet> keeper) {
    this.onRotated = Objects.requireNonNull(keeper, "onRotated");
    return this;
  }

  /** Adds one who hears what happens to tokens. */
  public OAuthClientBuilder listener(RenewalListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * How a person is asked when a token of {@code Grant.authorizationCode()} or {@code
   * Grant.device()} is needed and only a login brings it. By default nobody is asked, and such
   * grants fail with a {@code LoginRequiredException}.
   */
  public OAuthClientBuilder login(Login way) {
    this.login = Objects.requireNonNull(way, "login");
    return this;
  }

  /**
   * What the client has registered about its ID tokens; {@link JwtRegistration#standard()} by
   * default.
   */
  public OAuthClientBuilder idTokens(JwtRegistration registered) {
    this.idTokens = Objects.requireNonNull(registered, "idTokens");
    return this;
  }

  /**
   * Others that ID tokens may be for as well ({@code aud}, OpenID Connect Core section 3.1.3.7); by
   * default an ID token is for this client alone.
   */
  public OAuthClientBuilder trustedAudiences(String... audiences) {
    this.trustedAudiences = Set.of(audiences);
    return this;
  }

  /**
   * What the client has registered about answers by JWT ({@code byJwt()} at a login); {@link
   * JwtRegistration#standard()} by default.
   */
  public OAuthClientBuilder authorizationResponses(JwtRegistration registered) {
    this.authorizationResponses = Objects.requireNonNull(registered, "authorizationResponses");
    return this;
  }

  /**
   * Says that the client is registered for the ping mode of CIBA: the server notifies a web server
   * of yours when a person has decided, and that hands the notification to {@link
   * OAuthClient#cibaNotifications()}. By default the server is only asked at intervals.
   */
  public OAuthClientBuilder cibaPing() {
    this.isPinged = true;
    return this;
  }

  // ---- the transport

  /**
   * Calls everything through this client, which stays yours to close. In place of {@link #proxy},
   * {@link #proxyCredentials}, {@link #sslContext} and {@link #connectTimeout}, which {@link
   * #build} refuses beside it.
   *
   * @throws IllegalArgumentException if it follows redirects, or drops the Authorization header
   *     because of an Authenticator on this JDK
   */
  public OAuthClientBuilder httpClient(HttpClient client) {
    ClientRules.check(client);
    this.httpClient = client;
    return this;
  }

  /** The proxy of all calls, to the authorization server and to APIs; by default the platform's. */
  public OAuthClientBuilder proxy(ProxySelector selector) {
    this.proxy = Objects.requireNonNull(selector, "proxy");
    return this;
  }

  /**
   * What every proxy that {@link #proxy} names is told, with each call and unasked (Basic, RFC
   * 7617); by default nothing. It goes to proxies alone, never to a server. For https, where a
   * proxy is asked for a tunnel, Java says it only when the system property {@code
   * jdk.http.auth.tunneling.disabledSchemes} does not name Basic, as it does unless it is set.
   *
   * @throws IllegalArgumentException if the user is empty or has a colon, or either has a control
   *     character
   */
  public OAuthClientBuilder proxyCredentials(String user, String password) {
    this.proxyCredentials = ProxyCredentials.basic(user, password);
    return this;
  }

  /** Which servers are trusted; by default those that the platform trusts. */
  public OAuthClientBuilder sslContext(SSLContext context) {
    this.sslContext = Objects.requireNonNull(context, "sslContext");
    return this;
  }

  /**
   * Whose certificates are trusted, in place of the platform's authorities: those that the key
   * store holds as trusted. One that holds nothing but the certificate of the server, or of its
   * authority, pins it. The last of this and {@link #trustAlso} counts.
   */
  public OAuthClientBuilder trustStore(KeyStore authorities) {
    this.trusted = new Authorities(Objects.requireNonNull(authorities, "trustStore"), false);
    return this;
  }

  /**
   * Whose certificates are trusted beside the platform's authorities, such as the authority of a
   * company: those that the key store holds as trusted.
   */
  public OAuthClientBuilder trustAlso(KeyStore authorities) {
    this.trusted = new Authorities(Objects.requireNonNull(authorities, "authorities"), true);
    return this;
  }

  /**
   * Shows a client certificate to the authorization server and to bound APIs (RFC 8705), so that
   * tokens are bound to it. Not needed beside {@code tlsClientAuth}, which brings its own.
   */
  public OAuthClientBuilder clientCertificate(ClientCertificate clientCertificate) {
    this.certificate = Objects.requireNonNull(clientCertificate, "clientCertificate");
    return this;
  }

  /**
   * Signs authorization requests (RFC 9101), so that nobody on the way through the browser can
   * change them. Unsigned by default; a server that wants signed ones only is then not asked.
   *
   * @param keys asked for each request
   */
  public OAuthClientBuilder signedRequests(Supplier<SigningKey> keys) {
    this.requestKeys = Objects.requireNonNull(keys, "keys");
    return this;
  }

  /** As {@link #signedRequests(Supplier)}, always with the same key. */
  public OAuthClientBuilder signedRequests(SigningKey key) {
    Objects.requireNonNull(key, "key");
    return signedRequests(() -> key);
  }

  /** How long connecting may take; 5 seconds by default. */
  public OAuthClientBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = requirePositive(timeout);
    return this;
  }

  /**
   * How long a whole exchange with the authorization server may take, body included; 15 seconds by
   * default. Exchanges that may be repeated are given up sooner when tokens are short-lived.
   */
  public OAuthClientBuilder exchangeTimeout(Duration timeout) {
    this.exchangeTimeout = requirePositive(timeout);
    return this;
  }

  /** How many calls to the authorization server may be under way at once; 16 by default. */
  public OAuthClientBuilder maxConcurrentExchanges(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("At least one exchange must be allowed: " + count);
    }
    this.maxConcurrentExchanges = count;
    return this;
  }

  /**
   * Adds a header field to every call to the authorization server, or replaces the User-Agent. An
   * API gets none of them, nor does the host of its metadata, but for the User-Agent of the calls
   * that {@link ResourceClientBuilder#connect} makes there.
   *
   * @throws IllegalArgumentException if the library sets it itself, or name or value cannot stand
   *     in a header
   */
  public OAuthClientBuilder header(String name, String value) {
    if (!HEADER_NAME.matcher(name).matches() || !HEADER_VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "A header field has a character in its name or value that must not stand in a header; a"
              + " line break at the end of a file is the usual reason.");
    }
    if (RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(name + " is set by the library.");
    }
    headers.keySet().removeIf(name::equalsIgnoreCase);
    headers.put(name, value);
    return this;
  }

  /**
   * Is given each request to the authorization server before it is sent, and none to an API or to
   * its metadata; nothing by default.
   */
  public OAuthClientBuilder customizer(Consumer<HttpRequest.Builder> requestCustomizer) {
    this.customizer = Objects.requireNonNull(requestCustomizer, "customizer");
    return this;
  }

  /**
   * Allows plain http to the named hosts, for networks that are encrypted below HTTP. By default
   * plain http is allowed on loopback alone.
   */
  public OAuthClientBuilder allowPlainHttp(String... hosts) {
    for (String host : hosts) {
      plainHttpHosts.add(host.toLowerCase(Locale.ROOT));
    }
    return this;
  }

  /**
   * Lets servers name URLs on these hosts although they have loopback, link-local, private or other
   * addresses that are not public. By default such a URL (of a key set, for one) is called only
   * when the issuer itself has an address of that kind. Hosts of {@link #allowPlainHttp} are
   * allowed as well. Where a proxy resolves host names this cannot be enforced.
   */
  public OAuthClientBuilder allowInternalHosts(String... hosts) {
    for (String host : hosts) {
      internalHosts.add(host.toLowerCase(Locale.ROOT));
    }
    return this;
  }

  /** Refuses plain http on loopback as well. */
  public OAuthClientBuilder requireHttpsOnLoopback() {
    this.allowsLoopback = false;
    return this;
  }

  // ---- time, threads and chance

  /** The clocks; by default the system's and {@link System#nanoTime}. */
  public OAuthClientBuilder clocks(InstantSource wallClock, LongSupplier monotonicClock) {
    this.wall = Objects.requireNonNull(wallClock, "wallClock");
    this.nanoTime = Objects.requireNonNull(monotonicClock, "monotonicClock");
    return this;
  }

  /**
   * Runs short tasks that never block; by default one daemon thread for all clients. Whoever gives
   * it shuts it down, after this client is closed.
   */
  public OAuthClientBuilder scheduler(ScheduledExecutorService service) {
    this.scheduler = Objects.requireNonNull(service, "scheduler");
    return this;
  }

  /**
   * Runs exchanges and listeners; by default virtual threads, or at most 64 daemon threads. Whoever
   * gives it shuts it down, after this client is closed.
   */
  public OAuthClientBuilder executor(Executor executor) {
    this.worker = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /** Numbers between 0 and 1 for jitter; by default from {@link SecureRandom}. */
  public OAuthClientBuilder random(DoubleSupplier source) {
    this.random = Objects.requireNonNull(source, "random");
    return this;
  }

  /** Runs fetches of metadata that nobody waits for; by default a daemon thread for each. */
  OAuthClientBuilder refetcher(Executor executor) {
    this.refetcher = executor;
    return this;
  }

  private static void onDaemon(Runnable task) {
    Thread thread =
        new Thread(null, task, "everbearer-metadata", 0, /* inheritThreadLocals= */ false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  // ---- the start from an API

  /** Everything is called as named by a server, but for what the user gave: this URL. */
  OAuthClientBuilder learntFrom(URI url) {
    this.learntFrom = url;
    return this;
  }

  /** Whoever asks before there is a client, with the same settings. */
  ResourceStart resourceStart(URI url, Set<String> metadataHosts) {
    ServerAccess server = new ServerAccess(this);
    Connections connections = server.connections(null);
    return new ResourceStart(
        url,
        new ResourceStart.Means(
            server.rules(),
            server.learntFrom(url),
            Set.copyOf(metadataHosts),
            connections.transport(request -> {}, wall),
            connections.transport(customizer, wall),
            Map.copyOf(headers),
            exchangeTimeout,
            nanoTime));
  }

  /** Clients that are built by the same settings, one after the other, share key and grants. */
  void keepForSuccessors() {
    if (store == null) {
      store = new MemoryTokenStore(wall);
    }
    if (dpopKey != null) {
      DpopKey key = dpopKey.get();
      dpopKey = () -> key;
    }
  }

  boolean hasDpopKey() {
    return dpopKey != null;
  }

  // ---- the end

  /**
   * The client. Does no I/O on the caller's thread; what an ended process left in an outbox is
   * written into a durable store by another.
   *
   * @throws IllegalStateException if the server or the client authentication is missing, or both an
   *     issuer and an endpoint are given, or an HTTP client beside settings for our own, or what
   *     {@link #fapi2} asks for is missing, or the client is attested by a DPoP key that is not
   *     that of {@link #dpop(DpopKey)}, or the key of {@code private_key_jwt} is used at another
   *     server and a profile makes the audience of its assertions another than the issuer
   * @throws IllegalArgumentException if a URL must not be called
   */
  public OAuthClient build() {
    ClientAuthentication method = authentication;
    if (method == null) {
      throw new IllegalStateException(
          "Say how the client proves who it is: clientSecretBasic(...), clientSecretPost(...),"
              + " privateKeyJwt(...) or authentication(...).");
    }
    return new Assembly(this, method).client();
  }

  /**
   * In place of a client: registers clients at this server. Needs the server and takes the settings
   * of the transport; everything else is left aside.
   *
   * @throws IllegalStateException if the server is missing or contradictory
   * @throws IllegalArgumentException if a URL must not be called
   */
  public Registrar registrar() {
    ServerAccess server = new ServerAccess(this);
    EndpointRules rules = server.rules();
    Transport connected = server.connections(null).transport(customizer, wall);
    // Where a registration is managed is for the server to say.
    Transport transport = server.guarded(connected);
    BearerCaller caller =
        new BearerCaller(
            server.directory(rules, transport), null, server.profile(), transport, headers);
    return new Registrar(
        server.serverName(),
        new RegistrationEndpoint(caller, rules),
        connected,
        exchangeTimeout,
        wall);
  }

  private static Duration requireNotNegative(Duration duration) {
    if (Objects.requireNonNull(duration, "duration").isNegative()) {
      throw new IllegalArgumentException("A duration must not be negative: " + duration);
    }
    return duration;
  }

  private static Duration requirePositive(Duration duration) {
    if (requireNotNegative(duration).isZero()) {
      throw new IllegalArgumentException("A timeout must not be zero.");
    }
    return duration;
  }
}
