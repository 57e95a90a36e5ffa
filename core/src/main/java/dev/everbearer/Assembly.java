package dev.everbearer;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientCertificate;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.client.internal.JweReaders;
import dev.everbearer.login.internal.CodeFlows;
import dev.everbearer.login.internal.FrontChannel;
import dev.everbearer.login.internal.IdTokenCheck;
import dev.everbearer.login.internal.Logins;
import dev.everbearer.login.internal.Pings;
import dev.everbearer.login.internal.RemoteLogins;
import dev.everbearer.login.internal.RequestDelivery;
import dev.everbearer.login.internal.ResponseJwts;
import dev.everbearer.login.internal.ValidatedIdTokens;
import dev.everbearer.protocol.BearerCaller;
import dev.everbearer.protocol.EndpointCaller;
import dev.everbearer.protocol.IdTokenRules;
import dev.everbearer.protocol.IdTokenValidator;
import dev.everbearer.protocol.PushedAuthorization;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.server.internal.JwksCache;
import dev.everbearer.server.internal.ServerDirectory;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.Outbox;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.StrongTls;
import dev.everbearer.wire.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a client together from its settings; does no I/O. */
final class Assembly {

  private final OAuthClientBuilder settings;
  private final ClientAuthentication method;
  private final ServerAccess server;

  Assembly(OAuthClientBuilder settings, ClientAuthentication method) {
    this.settings = settings;
    this.method = method;
    this.server = new ServerAccess(settings);
  }

  OAuthClient client() {
    if (settings.isFapi2) {
      requireFapi2();
    }
    method.dpopKey().ifPresent(this::requireDpopBy);
    EndpointRules rules = server.rules();
    Connections connections = server.connections(certificate());
    Transport connected = connections.transport(settings.customizer, settings.wall);
    Transport guarded = server.guarded(connected);
    Transport transport = settings.learntFrom == null ? connected : guarded;
    ServerDirectory found = server.directory(rules, transport);
    ProviderProfile profile = server.profile();
    ServerDirectory directory = settings.isFapi2 ? Fapi2.restricted(found) : found;
    requireKeyOfOneServer(profile);
    DpopSender sender = sender();
    EndpointCaller caller =
        new EndpointCaller(
            directory,
            method,
            certificate(),
            sender,
            profile,
            transport,
            settings.headers,
            settings.wall,
            settings.nanoTime);
    TokenEndpoint endpoint = new TokenEndpoint(caller);
    JwksCache keys =
        new JwksCache(
            directory, guarded, settings.headers, settings.exchangeTimeout, settings.nanoTime);
    IdTokenValidator validator =
        new IdTokenValidator(directory, keys, idTokenRules(), settings.wall);
    IdTokenCheck loginTokens = new ValidatedIdTokens(validator);
    ResponseJwts responseJwts =
        new ResponseJwts(
            method.clientId(),
            settings.authorizationResponses,
            keys,
            method.clientSecret().orElse(null),
            settings.wall);
    CodeFlows codeFlows =
        codeFlows(endpoint, rules, frontChannel(caller), loginTokens, responseJwts);
    Pings pings = settings.isPinged ? new Pings() : null;
    return new OAuthClient(
        new Setup(
            settings.storedAs == null ? method.clientId() : settings.storedAs,
            server.serverName(),
            profile,
            method,
            caller,
            new BearerCaller(directory, certificate(), profile, transport, settings.headers),
            keys,
            endpoint,
            Logins.of(
                settings.login,
                codeFlows,
                new RemoteLogins(endpoint, loginTokens, rules, settings.exchangeTimeout),
                caller,
                pings),
            validator,
            codeFlows,
            pings,
            sender,
            certificate(),
            connected,
            settings.store == null ? new MemoryTokenStore(settings.wall) : settings.store,
            settings.store == null,
            settings.outbox == null ? Outbox.inMemory() : settings.outbox,
            settings.policy,
            settings.maxWait,
            settings.keptSources,
            settings.exchangeTimeout,
            settings.maxConcurrentExchanges,
            rules,
            settings.onRotated,
            List.copyOf(settings.listeners),
            settings.wall,
            settings.nanoTime,
            settings.random,
            settings.scheduler,
            settings.worker,
            connections.apiClients(),
            connections.areOurs()));
  }

  /**
   * What calls itself otherwise than it is configured is known by its metadata alone, and looked at
   * when it is asked for tokens.
   */
  private void requireKeyOfOneServer(ProviderProfile profile) {
    if (profile.expectedIssuer().isPresent()) {
      return;
    }
    try {
      method.configuredFor(
          new ClientAuthentication.Target(
              server.asConfigured(), Endpoint.TOKEN, profile, settings.wall));
    } catch (OAuthException e) {
      throw new IllegalStateException(e.getMessage());
    }
  }

  private void requireDpopBy(DpopKey attested) {
    boolean isSame =
        settings.dpopKey != null
            && settings.requiresDpop
            && settings.dpopKey.get().thumbprint().equals(attested.thumbprint());
    if (!isSame) {
      throw new IllegalStateException(
          "The client is attested by the DPoP key %s: give the same key to dpop(...)."
              .formatted(attested.thumbprint()));
    }
  }

  private @Nullable DpopSender sender() {
    return settings.dpopKey == null
        ? null
        : new DpopSender(settings.dpopKey.get(), settings.requiresDpop, settings.wall);
  }

  private @Nullable ClientCertificate certificate() {
    return settings.certificate != null ? settings.certificate : method.certificate().orElse(null);
  }

  private FrontChannel frontChannel(EndpointCaller caller) {
    FrontChannel delivery =
        new RequestDelivery(
            method.clientId(),
            new PushedAuthorization(caller),
            settings.requestKeys,
            settings.exchangeTimeout,
            settings.wall);
    return settings.isFapi2 ? Fapi2.checked(delivery) : delivery;
  }

  private IdTokenRules idTokenRules() {
    return new IdTokenRules(
        method.clientId(),
        settings.trustedAudiences,
        settings.idTokens.algorithm().orElse(null),
        method.clientSecret().orElse(null),
        settings.idTokens.decryptionKey().map(JweReaders::of).orElse(null));
  }

  private CodeFlows codeFlows(
      TokenEndpoint endpoint,
      EndpointRules rules,
      FrontChannel frontChannel,
      IdTokenCheck loginTokens,
      ResponseJwts responseJwts) {
    return new CodeFlows(
        new CodeFlows.Context(
            method.clientId(),
            endpoint,
            server.profile(),
            rules,
            settings.exchangeTimeout,
            settings.wall,
            frontChannel,
            loginTokens,
            responseJwts,
            settings.onRotated));
  }

  private void requireFapi2() {
    boolean isPlain =
        settings.profile == null
            || settings.profile == ProviderProfile.standard()
            || settings.profile == ProviderProfile.strict();
    new Fapi2()
        .require(
            settings.issuer != null, "give the server as issuer(...), whose metadata is checked")
        .require(isPlain, "leave profile(...) out, for no deviations are tolerated")
        .require(
            settings.plainHttpHosts.isEmpty(), "leave allowPlainHttp(...) out, for TLS is required")
        .require(
            settings.httpClient == null || StrongTls.isHeldBy(settings.httpClient.sslParameters()),
            "give httpClient(...) sslParameters(...) of TLS 1.3 or the cipher suites of BCP 195, and"
                + " no others")
        .require(
            method.usesPrivateKey(),
            "authenticate by privateKeyJwt(...) or a client certificate, not by a secret or not at"
                + " all")
        .require(
            settings.requiresDpop || method.usesCertificate() || settings.certificate != null,
            "have tokens bound, by dpop() or clientCertificate(...)")
        .require(
            settings.dpopKey == null || Fapi2.isAllowed(settings.dpopKey.get().algorithm()),
            "give dpop(...) a key that signs by PS256, ES256 or Ed25519")
        .require(
            settings.idTokens.algorithm().map(Fapi2::isAllowed).orElse(true),
            "have ID tokens signed by PS256, ES256 or Ed25519")
        .require(
            settings.authorizationResponses.algorithm().map(Fapi2::isAllowed).orElse(true),
            "have authorization responses signed by PS256, ES256 or Ed25519")
        .finish();
  }
}
