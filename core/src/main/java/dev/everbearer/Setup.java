package dev.everbearer;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientCertificate;
import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.jose.KeySource;
import dev.everbearer.login.internal.CodeFlows;
import dev.everbearer.login.internal.Pings;
import dev.everbearer.protocol.BearerCaller;
import dev.everbearer.protocol.EndpointCaller;
import dev.everbearer.protocol.IdTokenValidator;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.renewal.internal.LoginPort;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.TokenStore;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Transport;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A checked configuration, complete with its parts.
 *
 * @param registration the name of the client registration
 * @param serverName the issuer or token endpoint, for people
 * @param profile how the server's deviations are taken
 * @param caller calls the server's endpoints as a client
 * @param bearerCaller calls those that want a token instead
 * @param keys the server's keys
 * @param login asks a person
 * @param idTokens validates ID tokens
 * @param codeFlows logins in a browser, for web applications
 * @param pings takes notifications of logins by CIBA; null when the server gives none
 * @param sender the key that tokens are to be bound to; null when to none
 * @param certificate shown inside TLS; null when there is none of ours
 * @param ownsStore whether the store is ours to close
 * @param scheduler null takes the shared one
 * @param worker null takes the shared one
 * @param newHttpClient makes clients for APIs, with the same transport settings; they show a client
 *     certificate to the given hosts
 * @param ownsHttpClients whether what {@code newHttpClient} gives is ours to close
 */
record Setup(
    String registration,
    String serverName,
    ProviderProfile profile,
    ClientAuthentication authentication,
    EndpointCaller caller,
    BearerCaller bearerCaller,
    KeySource keys,
    TokenEndpoint tokenEndpoint,
    LoginPort login,
    IdTokenValidator idTokens,
    CodeFlows codeFlows,
    @Nullable Pings pings,
    @Nullable DpopSender sender,
    @Nullable ClientCertificate certificate,
    Transport transport,
    TokenStore store,
    boolean ownsStore,
    Outbox outbox,
    RenewalPolicy policy,
    Duration maxWait,
    UserSources.Limits keptSources,
    Duration exchangeTimeout,
    int maxConcurrentExchanges,
    EndpointRules rules,
    Consumer<TokenSet> onRotated,
    List<RenewalListener> listeners,
    InstantSource wall,
    LongSupplier nanoTime,
    DoubleSupplier random,
    @Nullable ScheduledExecutorService scheduler,
    @Nullable Executor worker,
    Function<Predicate<String>, HttpClient> newHttpClient,
    boolean ownsHttpClients) {}
