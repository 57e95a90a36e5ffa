package dev.everbearer.store;

import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records with anything in them that a record may have; equal seeds give equal records. */
final class RandomRecords {

  private static final List<String> TEXTS =
      List.of("", "a", "\"\\/", "\u0000\n\r\t", "é\uD83C\uDF53\u202E", "x".repeat(3000));

  private static final List<Reason> REASONS = List.of(Reason.values());

  private final SplittableRandom random;

  RandomRecords(long seed) {
    random = new SplittableRandom(seed);
  }

  GrantRecord next() {
    GrantRecord.Builder record = GrantRecord.restoring(number(), 1 + random.nextInt(1000));
    if (random.nextBoolean()) {
      record
          .refreshToken(secret(), maybe(this::server), maybe(this::text))
          .refreshTokenLife(maybe(() -> new RefreshTokenLife(instant(), maybe(this::instant))));
    } else if (random.nextBoolean()) {
      record.refreshToken(null, server());
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      record.token(variant(), stored());
    }
    record.toRevoke(some(() -> new PendingRevocation(secret(), text(), maybe(this::server))));
    record.rotation(random.nextBoolean() ? rotation() : RotationState.NONE);
    if (random.nextInt(3) == 0) {
      record.dead(REASONS.get(random.nextInt(REASONS.size())));
    }
    return record.build();
  }

  private RotationState rotation() {
    return new RotationState(
        maybe(() -> new Lease(text(), number(), instant())),
        some(() -> new Sender(text(), number(), new Fingerprint(text()), count(), instant())),
        maybe(() -> new UnclearSend(instant(), instant(), count())),
        random.nextBoolean(),
        maybe(() -> new Fingerprint(text())),
        count(),
        maybe(() -> new Spare(secret(), maybe(this::text), count())),
        maybe(this::instant),
        count());
  }

  private Variant variant() {
    Grant grant =
        Grant.clientCredentials()
            .scope(some(() -> "s" + count()).toArray(String[]::new))
            .parameter("p" + count(), "v" + text());
    return Variant.of(grant.request(), maybe(this::text));
  }

  private StoredToken stored() {
    Instant obtained = maybe(this::instant);
    Instant expires = maybe(this::instant);
    Scope scope = maybe(() -> Scope.of(List.of("read", "s" + count())));
    String value = "token-" + number();
    AccessToken token =
        switch (random.nextInt(3)) {
          case 0 -> AccessToken.bearer(value, obtained, expires, scope);
          case 1 -> AccessToken.dpop(value, "thumbprint", obtained, expires, scope);
          default -> AccessToken.notApplicable(value, obtained, expires, scope);
        };
    return new StoredToken(token, instant(), maybe(() -> Duration.ofMillis(number())));
  }

  private ServerIdentity server() {
    URI endpoint = URI.create("https://id" + count() + ".test/token?a=b");
    return new ServerIdentity(maybe(() -> "https://id.test/é"), endpoint);
  }

  private Secret secret() {
    return Secret.of("secret-" + text());
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private int count() {
    return random.nextInt(0, Integer.MAX_VALUE);
  }

  private long number() {
    return random.nextLong(0, Long.MAX_VALUE);
  }

  private Instant instant() {
    return Instant.ofEpochSecond(random.nextLong(-1_000_000, 10_000_000_000L), random.nextInt(999));
  }

  private <T> List<T> some(Supplier<T> of) {
    return Stream.generate(of).limit(random.nextInt(4)).toList();
  }

  private <T> @Nullable T maybe(Supplier<T> of) {
    return random.nextBoolean() ? of.get() : null;
  }
}
