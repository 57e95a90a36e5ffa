package dev.everbearer;

import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.protocol.RevocationEndpoint;
import dev.everbearer.renewal.internal.Announcer;
import dev.everbearer.renewal.internal.ClockWatch;
import dev.everbearer.renewal.internal.GrantConnector;
import dev.everbearer.renewal.internal.GrantContext;
import dev.everbearer.renewal.internal.GrantRenewer;
import dev.everbearer.renewal.internal.GrantRevoker;
import dev.everbearer.renewal.internal.GrantSweep;
import dev.everbearer.renewal.internal.Health;
import dev.everbearer.renewal.internal.KeyBinding;
import dev.everbearer.renewal.internal.LateRevoker;
import dev.everbearer.renewal.internal.ManagedTokenSource;
import dev.everbearer.renewal.internal.OutboxReplay;
import dev.everbearer.renewal.internal.Rotations;
import dev.everbearer.renewal.internal.ServerCalls;
import dev.everbearer.renewal.internal.SharedThreads;
import dev.everbearer.renewal.internal.SourceSettings;
import dev.everbearer.renewal.internal.StoreRetries;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.renewal.internal.rotation.Patience;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sources of one client: one for each grant. Threads are taken with the first, or at once where
 * there may be something to write into a durable store.
 */
final class Sources implements AutoCloseable {

  /** What the sources share; made when it is needed first. */
  private record Engine(GrantContext context, ServerCalls calls, SourceSettings settings) {}

  private final Setup setup;
  private final Rotations rotations;
  private final StoreRetries retries = new StoreRetries();
  private final ConcurrentMap<Grant, ManagedTokenSource> sources = new ConcurrentHashMap<>();
  private final UserSources users;
  private final SourcesByRecord byRecord = new SourcesByRecord();
  private final Object lock = new Object();
  private @Nullable Engine engine; // guarded by lock
  private @Nullable GrantSweep sweep; // guarded by lock
  private boolean isClosed; // guarded by lock

  Sources(Setup setup) {
    this.setup = setup;
    this.rotations = new Rotations(setup.exchangeTimeout());
    this.users = new UserSources(this::openOf, setup.keptSources());
  }

  /** What an ended process of this host could not write is written, whether or not we are asked. */
  void begin() {
    if (setup.store().isDurable()) {
      Engine unused = openEngine();
    }
  }

  TokenSource get(Grant grant) {
    if (grant instanceof ConnectedGrant user) {
      return users.get(user, timing());
    }
    TokenSource existing = sources.get(grant);
    if (existing != null) {
      return existing;
    }
    synchronized (lock) {
      requireOpen();
      return sources.computeIfAbsent(grant, this::open);
    }
  }

  /** Calls to the server that are not a source's. */
  ServerCalls calls() {
    return openEngine().calls();
  }

  /** The engine's clocks and threads. */
  Timing timing() {
    return openEngine().context().timing();
  }

  /** For how long what is asked for on a caller's thread is tried: one exchange in any case. */
  Duration patience() {
    boolean isShort = setup.maxWait().compareTo(setup.exchangeTimeout()) < 0;
    return isShort ? setup.exchangeTimeout() : setup.maxWait();
  }

  /**
   * Gives a grant back: its tokens are out of use before the server is told of them.
   *
   * @throws InterruptedException when interrupted
   */
  void revoke(Grant grant) throws InterruptedException {
    GrantContext context = openEngine().context();
    GrantRevoker revoker =
        new GrantRevoker(grant, context, new RevocationEndpoint(setup.caller()), calls());
    boolean isLogout = revoker.isLogout();
    withdraw(context.registration(), grant, isLogout);
    revoker.withdraw(setup.exchangeTimeout());
    // Once more, for those who took a token from the store meanwhile.
    withdraw(context.registration(), grant, isLogout);
    revoker.revoke(patience());
  }

  private void withdraw(String registration, Grant grant, boolean isLogout) {
    boolean isLoginPossible = setup.login().canLogin(grant);
    byRecord.forEach(
        GrantKey.of(registration, grant),
        source -> {
          if (isLogout) {
            source.loggedOut(isLoginPossible);
          } else {
            source.withdrawn();
          }
        });
  }

  // ---- users of a service

  /**
   * Keeps what a user's login brought; every source of theirs goes on with it.
   *
   * @throws InterruptedException when interrupted
   */
  void connect(ConnectedGrant grant, TokenSet login) throws InterruptedException {
    GrantContext context = openEngine().context();
    new GrantConnector(grant, context).connect(login, setup.authentication().isConfidential());
    byRecord.forEach(GrantKey.of(context.registration(), grant), ManagedTokenSource::lookAtStore);
  }

  /**
   * Keeps idle grants alive from now on.
   *
   * @throws IllegalStateException if it does so already, or the server's idle limit is not known
   */
  void keepAlive(KeepAlive settings) {
    Duration limit =
        settings
            .idleLimit()
            .or(setup.profile()::idleLimit)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "After how long "
                            + setup.serverName()
                            + " ends an idle grant is not known:"
                            + " say it by KeepAlive.idleLimit(...)."));
    synchronized (lock) {
      requireOpen();
      if (sweep != null) {
        throw new IllegalStateException("Grants of this client are kept alive already.");
      }
      Engine parts = engine();
      sweep =
          new GrantSweep(
              parts.context(),
              parts.settings().announcer(),
              setup.serverName(),
              new GrantSweep.Plan(limit, settings.pace(), settings.lookEvery()),
              key -> byRecord.forEach(key, ManagedTokenSource::storeChanged));
      sweep.start();
    }
  }

  /** The users' grants behind the given one, by the store's list. */
  List<GrantSummary> connections(@Nullable String after, int limit) {
    requireOpen();
    return Connected.page(setup.store(), setup.registration(), after, limit);
  }

  /**
   * Ends calls to the server that come too late.
   *
   * @throws SourceClosedException if the client is closed
   */
  void requireOpen() {
    synchronized (lock) {
      if (isClosed) {
        throw new SourceClosedException();
      }
    }
  }

  private Engine openEngine() {
    synchronized (lock) {
      requireOpen();
      return engine();
    }
  }

  /** Of a user: it is kept elsewhere, and given up there. */
  private ManagedTokenSource openOf(ConnectedGrant grant) {
    synchronized (lock) {
      requireOpen();
      return open(grant);
    }
  }

  private ManagedTokenSource open(Grant grant) {
    Engine parts = engine();
    GrantKey key = GrantKey.of(setup.registration(), grant);
    ManagedTokenSource made =
        new ManagedTokenSource(
            parts.settings(),
            grant + " at " + setup.serverName(),
            grant.subject(),
            maxWait(grant),
            new GrantRenewer(grant, parts.context()),
            source -> {
              sources.remove(grant, source);
              byRecord.remove(key, source);
            });
    byRecord.add(key, made);
    return made;
  }

  /** Callers that set no limit give a person the time to log in. */
  Duration maxWait(Grant grant) {
    Duration login = setup.login().longest(grant);
    boolean isLonger = grant instanceof InteractiveGrant<?> && login.compareTo(setup.maxWait()) > 0;
    return isLonger ? login : setup.maxWait();
  }

  private Engine engine() {
    Engine existing = engine;
    if (existing != null) {
      return existing;
    }
    SharedThreads threads = SharedThreads.acquire();
    Timing timing =
        new Timing(
            setup.wall(),
            setup.nanoTime(),
            setup.scheduler() == null ? threads.scheduler() : setup.scheduler(),
            setup.worker() == null ? threads.worker() : setup.worker(),
            setup.worker() == null ? threads.callbacks() : setup.worker(),
            setup.random());
    Announcer announcer = new Announcer(setup.listeners(), timing.callbacks());
    Health health = new Health(setup.registration(), setup.serverName(), announcer, timing);
    Semaphore exchanges = new Semaphore(setup.maxConcurrentExchanges());
    ServerCalls calls = new ServerCalls(exchanges, setup.exchangeTimeout(), timing);
    GrantContext context =
        new GrantContext(
            setup.registration(),
            setup.tokenEndpoint(),
            setup.profile(),
            setup.login(),
            setup.idTokens(),
            new KeyBinding(setup.sender(), setup.certificate()),
            health.watched(setup.store()),
            health.watched(setup.outbox()),
            Patience.of(setup.exchangeTimeout()),
            setup.onRotated(),
            exchanges,
            setup.exchangeTimeout(),
            rotations,
            health,
            retries,
            new LateRevoker(new RevocationEndpoint(setup.caller()), calls, patience()),
            timing);
    Engine made =
        new Engine(
            context,
            calls,
            new SourceSettings(
                setup.policy(),
                setup.exchangeTimeout(),
                timing,
                new ClockWatch(timing),
                announcer));
    engine = made;
    OutboxReplay.begin(context);
    if (setup.store().isDurable()) {
      byRecord.watch(setup.store(), timing.worker());
    }
    return made;
  }

  String diagnose() {
    String all =
        Stream.of(
                sources.values().stream().map(TokenSource::diagnose).sorted(),
                Stream.of(users.diagnose(), store(), uncommitted()))
            .flatMap(each -> each)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining("\n"));
    return all.isEmpty() ? "No token was asked for so far." : all;
  }

  /** How the store fails; empty when it does not, or was not used so far. */
  private String store() {
    return health().map(Health::ofStore).orElse("");
  }

  /** What the server gave and the store does not have; empty when there is nothing. */
  private String uncommitted() {
    int count = setup.outbox().uncommitted().size();
    String since =
        health().flatMap(Health::uncommittedSince).map(first -> " since " + first).orElse("");
    return count == 0
        ? ""
        : ("%s holds new tokens of %s that the token store does not have yet%s; writing them is"
                + " tried again. Check the store.")
            .formatted(setup.outbox(), count == 1 ? "one grant" : count + " grants", since);
  }

  private Optional<Health> health() {
    synchronized (lock) {
      return Optional.ofNullable(engine).map(made -> made.context().health());
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (sweep != null) {
        sweep.close();
      }
    }
    byRecord.close();
    List.copyOf(sources.values()).forEach(TokenSource::close);
    users.close();
    rotations.await();
    retries.close();
    setup.transport().close();
    if (setup.ownsStore()) {
      setup.store().close();
    }
    synchronized (lock) {
      if (engine != null) {
        engine.settings().clockWatch().close();
        engine = null;
        SharedThreads.release();
      }
    }
  }
}
