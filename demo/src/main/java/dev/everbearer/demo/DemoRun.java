package dev.everbearer.demo;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.demo.server.DemoServers;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run: real servers, a client as any program would set it up, calls at a steady rate, and the
 * troubles on the way. Before the clock starts both servers are up, the first token is there and
 * one call was made, so that the run shows the work and not the start of a web server.
 */
final class DemoRun {

  private static final Grant GRANT = Grant.clientCredentials().scope("read");
  private static final Duration START_UP_LIMIT = Duration.ofSeconds(30);
  private static final long TICK = 20_000_000L;

  /** A number that people can type again. */
  private static final int MAX_SEED = 1_000_000;

  private final DemoOptions options;
  private final Progress progress;
  private final SteppedWall wall = new SteppedWall();
  private final Tally tally = new Tally();

  DemoRun(DemoOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs to the end.
   *
   * @throws IllegalStateException if the servers do not answer
   */
  RunResult run() throws InterruptedException {
    DemoServers.Options shortLived =
        DemoServers.Options.defaults().withAccessTokenLifetime(options.tokenLifetime());
    try (DemoServers servers = DemoServers.start(shortLived);
        OAuthClient client = newClient(servers)) {
      TokenSource tokens = client.tokens(GRANT);
      HttpClient api = client.httpClientFor(servers.api().toString(), GRANT);
      URI user = servers.api().resolve("/user");
      prepare(tokens, api, user);
      return measure(servers, tokens, api, user);
    } finally {
      progress.end();
    }
  }

  private OAuthClient newClient(DemoServers servers) {
    OAuthClientBuilder client =
        OAuthClient.builder()
            .issuer(servers.issuer().toString())
            .clientSecretBasic(servers.clientId(), servers.clientSecret())
            .maxWait(options.maxWait())
            .listener(tally);
    if (options.chaos()) {
      client.exchangeTimeout(ChaosSchedule.EXCHANGE_TIMEOUT).clocks(wall, System::nanoTime);
    }
    return client.build();
  }

  private void prepare(TokenSource tokens, HttpClient api, URI user) throws InterruptedException {
    tokens.token(START_UP_LIMIT);
    if (!tally.awaitFirstToken(START_UP_LIMIT)) {
      throw new IllegalStateException("The authorization server gave no token.");
    }
    String failure = Load.call(api, HttpRequest.newBuilder(user).build());
    if (failure != null) {
      throw new IllegalStateException("The first call failed: " + failure);
    }
  }

  private RunResult measure(DemoServers servers, TokenSource tokens, HttpClient api, URI user)
      throws InterruptedException {
    long run = options.duration().toNanos();
    Rates rates = new Rates(run, options.maxWait().toNanos());
    CallLog log = new CallLog(rates);
    Soak soak = options.chaos() ? soak(servers) : null;
    RunClock clock = new RunClock();
    Schedule schedule = new Schedule(options.rate(), run);
    Load load = new Load(api, user, schedule, options.threads(), clock, log);
    boolean revokes = options.revoke() && !options.chaos();
    Troubles troubles = new Troubles(Plan.of(options), revokes, servers, clock, tally, progress);
    tellLife();
    load.start();
    try {
      watch(load, troubles, soak, tokens, clock, log);
    } finally {
      load.stop();
    }
    ChaosResult chaos = soak == null ? null : soak.result(log, options.threads(), clock.now());
    Span outage = troubles.outage();
    long life = tally.tokens().get(0).life().toNanos();
    return new RunResult(
        Math.max(run, log.lastEnd()),
        options.threads(),
        log,
        schedule.calls(),
        options.maxWait(),
        tally,
        servers.tokensIssued(),
        servers.tokenRequestsRefused(),
        LazyClient.failures(schedule, life, outage),
        Recording.timeline(options, clock, tally, troubles, chaos, rates),
        chaos);
  }

  /** Ages are counted by what the server tells, and that is less than what the options say. */
  private void tellLife() {
    Duration told = tally.tokens().get(0).life();
    if (told.compareTo(options.tokenLifetime()) < 0) {
      progress.event(
          0,
          "Tokens live %s; expires_in says %s, rounded down, and that counts."
              .formatted(Words.plain(options.tokenLifetime()), Words.plain(told)));
    }
  }

  private Soak soak(DemoServers servers) {
    long seed = options.seed().orElseGet(() -> new SecureRandom().nextInt(MAX_SEED));
    List<ChaosEvent> events = ChaosSchedule.of(seed, options.duration(), options.tokenLifetime());
    long patience = options.tokenLifetime().toNanos();
    Chaos chaos = new Chaos(events, patience, servers, wall, progress);
    return new Soak(seed, chaos, options.duration().toNanos(), progress);
  }

  private void watch(
      Load load,
      Troubles troubles,
      @Nullable Soak soak,
      TokenSource tokens,
      RunClock clock,
      CallLog log)
      throws InterruptedException {
    RateMeter meter = new RateMeter();
    while (load.isRunning()) {
      troubles.tick();
      long now = clock.now();
      if (soak != null) {
        soak.tick(now);
      }
      progress.moment(
          new Moment(
              now,
              meter.perSecond(now, log.calls()),
              log.failed(),
              age(clock, now),
              tokens.state(),
              tally.tokens().size() - 1L,
              troubles.isOutage() || (soak != null && soak.isFaulty())));
      clock.parkUntil(now + TICK);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private Moment.@Nullable Age age(RunClock clock, long now) {
    HeldToken token = tally.current();
    return token == null
        ? null
        : new Moment.Age(now - clock.at(token.obtained()), clock.at(token.end()) - now);
  }
}
