package dev.everbearer.http;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.challenge.TokenRefusal;
import dev.everbearer.renewal.internal.KnownStepUps;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.UnboundOriginException;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.ServerClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one decision that every HTTP adapter asks for, blocking or not: which request gets which
 * token, and what to do with the answer (RFC 6750, RFC 9449). It knows no HTTP client. Immutable
 * and thread-safe; each request gets an {@link Attempt} of its own.
 */
public final class BearerAuthorizer {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.http");
  private static final long REPORT_INTERVAL = TimeUnit.MINUTES.toNanos(1);

  private final Bindings bindings;
  private final IdentityHashMap<TokenSource, Function<StepUp, TokenSource>> stepUps;
  private final KnownStepUps knownStepUps = new KnownStepUps();
  private final TokenRefusal tokenRefusal;
  private final boolean sendsUnboundBare;
  private final boolean followsRedirects;
  private final boolean failsOnStepUp;
  private final Duration maxWait;
  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private final AtomicLong nextReport;

  private BearerAuthorizer(Builder builder) {
    this.bindings = builder.bindings();
    this.stepUps = new IdentityHashMap<>(builder.stepUps);
    this.tokenRefusal = builder.tokenRefusal;
    this.sendsUnboundBare = builder.sendsUnboundBare;
    this.followsRedirects = builder.followsRedirects;
    this.failsOnStepUp = builder.failsOnStepUp;
    this.maxWait = builder.maxWait;
    this.wall = builder.wall;
    this.nanoTime = builder.nanoTime;
    this.nextReport = new AtomicLong(nanoTime());
  }

  /** Starts an authorizer that is bound to nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins a request; never blocks.
   *
   * @throws UnboundOriginException if its origin is not bound, and bare requests were not allowed
   */
  public Attempt begin(OutgoingRequest request) {
    if (request.hasAuthorization()) {
      return new Attempt(this, request, null, null);
    }
    Bindings.Bound bound = bindings.glance(request);
    if (bound != null) {
      return new Attempt(this, request, bound.origin(), bound.source());
    }
    return beginAtLength(request);
  }

  private Attempt beginAtLength(OutgoingRequest request) {
    Origin origin = null;
    String trouble = "";
    try {
      origin = Origin.of(request.uri());
    } catch (IllegalArgumentException e) {
      trouble = " " + e.getMessage();
    }
    TokenSource source = origin == null ? null : bindings.find(origin);
    if (source == null && !sendsUnboundBare) {
      throw unbound(origin, trouble);
    }
    return new Attempt(this, request, origin, source);
  }

  private UnboundOriginException unbound(@Nullable Origin origin, String trouble) {
    String where = origin == null ? "a URL without a usable origin" : origin.toString();
    return new UnboundOriginException(
        "Nothing was sent to %s: no grant is bound to it.%s Bound are: %s. Bind it with"
                .formatted(where, trouble, bindings)
            + " bind(grant, \"%s\"), or let such requests pass without a token with"
                .formatted(origin == null ? "https://..." : where)
            + " allowUnbound().");
  }

  /**
   * Whether any origin of a host is bound, whatever its port.
   *
   * @param host as it stands in a URL
   */
  public boolean bindsHost(String host) {
    return bindings.hasHost(host.toLowerCase(Locale.ROOT));
  }

  /** Whether an answer refuses the token although it is no 401. */
  boolean isRefusal(int status, Function<String, List<String>> headers) {
    if (status < 400 || status > 499) {
      return false;
    }
    try {
      return tokenRefusal.isIn(status, headers);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The TokenRefusal threw {0} for an answer with status {1}, which is handed over as it"
              + " is.",
          e.getClass().getName(),
          String.valueOf(status));
      return false;
    }
  }

  boolean canStepUp(TokenSource source) {
    return stepUps.containsKey(source);
  }

  /** Where the token for what an API wants beyond a source's comes from; null from nowhere. */
  @Nullable TokenSource stepUp(TokenSource source, StepUp wanted) {
    Function<StepUp, TokenSource> way = stepUps.get(source);
    if (way == null || !knownStepUps.admits(wanted)) {
      return null;
    }
    try {
      return way.apply(wanted);
    } catch (IllegalArgumentException e) {
      // It cannot be asked for in this way: no login of that kind on another device.
      return null;
    }
  }

  boolean failsOnStepUp() {
    return failsOnStepUp;
  }

  boolean followsRedirects() {
    return followsRedirects;
  }

  Duration maxWait() {
    return maxWait;
  }

  InstantSource wall() {
    return wall;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Says, at most once a minute, that an API does not take proofs, with what may be the reason. */
  void reportRefusedProof(@Nullable Origin api, List<String> dates) {
    long now = nanoTime();
    long next = nextReport.get();
    if (now - next < 0 || !nextReport.compareAndSet(next, now + REPORT_INTERVAL)) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} does not take the proof of the DPoP key (invalid_dpop_proof).{1}",
        api,
        ServerClock.hint(dates.isEmpty() ? null : dates.get(0), wall.instant()));
  }

  @Override
  public String toString() {
    return "BearerAuthorizer[" + bindings + "]";
  }

  /** Builds a {@link BearerAuthorizer}. Not thread-safe. */
  public static final class Builder {

    private final List<Binding> bound = new ArrayList<>();
    private final IdentityHashMap<TokenSource, Function<StepUp, TokenSource>> stepUps =
        new IdentityHashMap<>();
    private TokenRefusal tokenRefusal = TokenRefusal.none();
    private boolean sendsUnboundBare;
    private boolean followsRedirects;
    private boolean failsOnStepUp;
    private Duration maxWait = Duration.ofSeconds(30);
    private InstantSource wall = InstantSource.system();
    private LongSupplier nanoTime = System::nanoTime;
    private EndpointRules rules = EndpointRules.DEFAULT;

    private record Binding(TokenSource source, String origin) {}

    private Builder() {}

    /**
     * Sends tokens of a source to origins.
     *
     * @param origins such as {@code https://api.example.com}, or {@code https://*.example.com} for
     *     every host below it; plain http only on loopback; of several wildcards that match a
     *     request the longest wins, and an origin without one before all
     * @throws IllegalArgumentException if no origin is named; a bad one fails at {@link #build}
     */
    public Builder bind(TokenSource source, String... origins) {
      Objects.requireNonNull(source, "source");
      if (origins.length == 0) {
        throw new IllegalArgumentException(
            "Name the origins that get these tokens, such as https://api.example.com.");
      }
      for (String origin : origins) {
        bound.add(new Binding(source, Objects.requireNonNull(origin, "origin")));
      }
      return this;
    }

    /**
     * Answers an API that wants more than the tokens of a source (RFC 9470, {@code
     * insufficient_scope}) by a token of another source, once for each request that can be sent
     * again. By default the answer is handed to the caller.
     *
     * @param way the source of what is wanted; asked for a newer token only when a {@code max_age}
     *     is wanted that its token is beyond; what it refuses by {@link IllegalArgumentException}
     *     is handed to the caller, too
     */
    public Builder stepUp(TokenSource source, Function<StepUp, TokenSource> way) {
      stepUps.put(Objects.requireNonNull(source, "source"), Objects.requireNonNull(way, "way"));
      return this;
    }

    /**
     * Throws a {@link dev.everbearer.token.StepUpRequiredException} in place of an answer by which
     * an API wants more than a token stands for (RFC 9470, {@code insufficient_scope}), unless
     * {@link #stepUp} brings that. By default the answer is handed to the caller.
     */
    public Builder failOnStepUp() {
      this.failsOnStepUp = true;
      return this;
    }

    /** Which answers refuse a token, beside 401; none by default. */
    public Builder tokenRefusal(TokenRefusal refusal) {
      this.tokenRefusal = Objects.requireNonNull(refusal, "refusal");
      return this;
    }

    /**
     * Lets requests to unbound origins pass, without a token. By default they are refused before
     * anything is sent.
     */
    public Builder allowUnbound() {
      this.sendsUnboundBare = true;
      return this;
    }

    /**
     * Follows redirects inside an origin for GET and HEAD, five at most. By default a redirect is
     * handed to the caller; one to another origin always is.
     */
    public Builder followSameOriginRedirects() {
      this.followsRedirects = true;
      return this;
    }

    /**
     * How long a request without a timeout of its own waits for a token; 30 s by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxWait(Duration wait) {
      if (Objects.requireNonNull(wait, "maxWait").isNegative()) {
        throw new IllegalArgumentException("A duration must not be negative: " + wait);
      }
      this.maxWait = wait;
      return this;
    }

    /** Allows bindings to plain http on the named hosts; by default only on loopback. */
    public Builder allowPlainHttp(String... hosts) {
      Set<String> all = new HashSet<>(rules.plainHttpHosts());
      for (String host : hosts) {
        all.add(host.toLowerCase(Locale.ROOT));
      }
      this.rules = new EndpointRules(rules.allowsLoopback(), Set.copyOf(all));
      return this;
    }

    /** Refuses bindings to plain http on loopback as well. */
    public Builder requireHttpsOnLoopback() {
      this.rules = new EndpointRules(false, rules.plainHttpHosts());
      return this;
    }

    /** The clocks; the system's by default. */
    public Builder clocks(InstantSource wallClock, LongSupplier monotonicClock) {
      this.wall = wallClock;
      this.nanoTime = monotonicClock;
      return this;
    }

    private Bindings bindings() {
      Bindings bindings = new Bindings(rules);
      bound.forEach(binding -> bindings.bind(binding.origin(), binding.source()));
      return bindings;
    }

    /**
     * The authorizer.
     *
     * @throws IllegalArgumentException if an origin cannot be bound, or is bound twice
     */
    public BearerAuthorizer build() {
      return new BearerAuthorizer(this);
    }
  }
}
