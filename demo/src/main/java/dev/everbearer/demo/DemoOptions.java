package dev.everbearer.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a demo is run with. Plain values: {@link Demo#run} checks them, so that every mistake is
 * told in one way. Immutable.
 */
public final class DemoOptions {

  private static final Duration DEFAULT_OUTAGE = Duration.ofSeconds(5);

  private final Duration tokenLifetime;
  private final int rate;
  private final int threads;
  private final Duration duration;
  private final @Nullable Duration outage;
  private final boolean revoke;
  private final boolean chaos;
  private final @Nullable Long seed;
  private final boolean json;
  private final @Nullable Path chart;
  private final Duration maxWait;

  private DemoOptions(Builder builder) {
    this.tokenLifetime = builder.tokenLifetime;
    this.rate = builder.rate;
    this.threads = builder.threads;
    this.duration = builder.duration;
    this.outage = builder.outage;
    this.revoke = builder.revoke;
    this.chaos = builder.chaos;
    this.seed = builder.seed;
    this.json = builder.json;
    this.chart = builder.chart;
    this.maxWait = builder.maxWait;
  }

  /** The options that a demo is run with when nothing is said. */
  public static DemoOptions defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** How long an access token is good for at the server. */
  public Duration tokenLifetime() {
    return tokenLifetime;
  }

  /** How many calls begin in a second, in all. */
  public int rate() {
    return rate;
  }

  /** How many threads make the calls. */
  public int threads() {
    return threads;
  }

  /** How long calls are begun. */
  public Duration duration() {
    return duration;
  }

  /** How long the token endpoint answers 503; zero for no outage. */
  public Duration outage() {
    return outage == null ? DEFAULT_OUTAGE : outage;
  }

  /** Whether an outage of some length was asked for. */
  boolean asksForOutage() {
    return outage != null;
  }

  /** Whether the tokens are revoked once. */
  public boolean revoke() {
    return revoke;
  }

  /** Whether there is chaos, in place of the one outage and the one revocation. */
  public boolean chaos() {
    return chaos;
  }

  /** What the troubles of chaos are derived from; empty for a number made up at the start. */
  public OptionalLong seed() {
    return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
  }

  /** Whether standard output gets one JSON object in place of the summary. */
  public boolean json() {
    return json;
  }

  /** Where the picture goes; empty for none. */
  public Optional<Path> chart() {
    return Optional.ofNullable(chart);
  }

  /** How long a call waits for a token. */
  Duration maxWait() {
    return maxWait;
  }

  /** Builds {@link DemoOptions}; each setting has a default. Not thread-safe. */
  public static final class Builder {

    private Duration tokenLifetime = Duration.ofSeconds(5);
    private int rate = 100;
    private int threads = 8;
    private Duration duration = Duration.ofSeconds(30);
    private @Nullable Duration outage;
    private boolean revoke = true;
    private boolean chaos;
    private @Nullable Long seed;
    private boolean json;
    private @Nullable Path chart;
    private Duration maxWait = Duration.ofSeconds(30);

    private Builder() {}

    /** How long an access token is good for at the server; 5 seconds by default. */
    public Builder tokenLifetime(Duration lifetime) {
      this.tokenLifetime = Objects.requireNonNull(lifetime, "tokenLifetime");
      return this;
    }

    /** How many calls begin in a second, in all; 100 by default. */
    public Builder rate(int callsPerSecond) {
      this.rate = callsPerSecond;
      return this;
    }

    /** How many threads make the calls; 8 by default. */
    public Builder threads(int count) {
      this.threads = count;
      return this;
    }

    /** How long calls are begun; 30 seconds by default. */
    public Builder duration(Duration time) {
      this.duration = Objects.requireNonNull(time, "duration");
      return this;
    }

    /** How long the token endpoint answers 503; 5 seconds by default (null), zero for no outage. */
    public Builder outage(@Nullable Duration time) {
      this.outage = time;
      return this;
    }

    /** Whether the tokens are revoked once; so by default. */
    public Builder revoke(boolean happens) {
      this.revoke = happens;
      return this;
    }

    /**
     * Whether there is chaos: faults of all kinds, revocations and steps of the client's clock from
     * the start to the end, in place of the one outage and the one revocation. None by default.
     */
    public Builder chaos(boolean wanted) {
      this.chaos = wanted;
      return this;
    }

    /**
     * What the troubles of chaos are derived from: the same number, duration and token lifetime
     * give the same troubles. By default, and with null, a number is made up and printed.
     */
    public Builder seed(@Nullable Long number) {
      this.seed = number;
      return this;
    }

    /** Whether standard output gets one JSON object; by default a summary for people. */
    public Builder json(boolean wanted) {
      this.json = wanted;
      return this;
    }

    /** Where a picture of the run goes, an .svg or .png file; null (the default) for none. */
    public Builder chart(@Nullable Path file) {
      this.chart = file;
      return this;
    }

    /** How long a call waits for a token; 30 seconds by default, as in the library. */
    Builder maxWait(Duration wait) {
      this.maxWait = wait;
      return this;
    }

    /** The options, unchecked. */
    public DemoOptions build() {
      return new DemoOptions(this);
    }
  }
}
