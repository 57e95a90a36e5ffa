package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.renewal.internal.Renewer.GrantOverException;
import dev.everbearer.renewal.internal.Renewer.Renewed;
import dev.everbearer.renewal.internal.Renewer.Task;
import dev.everbearer.renewal.internal.Renewer.TooEarlyException;
import dev.everbearer.renewal.internal.rotation.Claim;
import dev.everbearer.renewal.internal.rotation.NextStep;
import dev.everbearer.renewal.internal.rotation.Settlement;
import dev.everbearer.renewal.internal.rotation.Step;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By the refresh token: it may rotate, and a rotated one must not be lost. Carries out what {@link
 * NextStep} and {@link Settlement} say, one step at a time, until there is a token.
 */
final class RefreshWay implements GrantRenewer.Way {

  /** After a refusal: somebody who has the successor may be about to write it. */
  private static final List<Long> LOOKS_MILLIS = List.of(0L, 25L, 50L, 100L, 200L, 400L, 2000L);

  private static final long LAST_LOOK_NANOS =
      1_000_000 * LOOKS_MILLIS.stream().mapToLong(Long::longValue).sum();

  private static final long FIRST_POLL_NANOS = 25_000_000;
  private static final long LONGEST_POLL_NANOS = 200_000_000;
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private final Grant grant;
  private final GrantContext context;
  private final GrantBook book;
  private final GrantExchange exchange;
  private final RefreshedIdToken idToken;
  private final NextStep rules;
  private final RefreshCommit commit;
  private final RefreshFailures failures;
  private final Pause pause;

  RefreshWay(
      Grant grant,
      GrantContext context,
      GrantBook book,
      GrantExchange exchange,
      RefreshedIdToken idToken) {
    this.grant = grant;
    this.context = context;
    this.book = book;
    this.exchange = exchange;
    this.idToken = idToken;
    this.rules = new NextStep(context.patience(), context.profile().reuseWindow());
    this.commit = new RefreshCommit(grant, context, book);
    this.failures = new RefreshFailures(grant, context.profile().reuseWindow());
    this.pause = new Pause(context.timing());
  }

  @Override
  public Renewed renew(Seen seen, Task task)
      throws GrantOverException, TooEarlyException, InterruptedException {
    context.rotations().begin();
    try {
      return stepwise(seen, task);
    } finally {
      context.rotations().end();
    }
  }

  private Renewed stepwise(Seen first, Task task)
      throws GrantOverException, TooEarlyException, InterruptedException {
    Patient patient = new Patient(task);
    Seen seen = first;
    Renewed renewed = step(seen, task, patient);
    while (renewed == null) {
      patient.pauseAfterLoss();
      seen = look();
      boolean isOurs = exchange.isOfThisServer(seen.record());
      Renewed newer = isOurs ? book.newerThan(task.inHand(), seen.snapshot()) : null;
      renewed = newer != null ? newer : step(seen, task, patient);
    }
    context.health().waitsNoMore(book.key());
    return renewed;
  }

  private Seen look() {
    long before = pause.now();
    Snapshot snapshot = book.read();
    return new Seen(snapshot, before, pause.now());
  }

  /** One step; null to look again. */
  private @Nullable Renewed step(Seen seen, Task task, Patient patient)
      throws GrantOverException, TooEarlyException, InterruptedException {
    GrantRecord record = seen.record();
    Reason dead = record.dead().orElse(null);
    Secret token = book.refreshToken(record);
    if (dead != null || token == null) {
      throw RefreshFailures.over(dead != null ? dead : Reason.REFUSED, null);
    }
    exchange.requireThisServer(record);
    book.requireOurKey(record);
    if (record.refreshToken().isEmpty()) {
      begin(record, token, patient);
      return null;
    }
    Step next = rules.of(seen.snapshot(), context.outbox().owner(), task.untilDue());
    noteWait(seen, next);
    if (next instanceof Step.Take take) {
      return taken(seen, take, token, task, patient);
    }
    if (next instanceof Step.Wait wait) {
      patient.await(wait, seen);
    } else if (next instanceof Step.Write write) {
      write(write.next(), patient);
    } else if (next instanceof Step.Over over) {
      throw RefreshFailures.over(over.reason(), null);
    }
    return null;
  }

  /** The refresh token that the grant began with stands in the record before it is sent. */
  private void begin(GrantRecord record, Secret token, Patient patient)
      throws InterruptedException {
    ServerIdentity server = ServerIdentity.of(context.endpoint().server());
    write(record.next().refreshToken(token, server, null).build(), patient);
  }

  /** Whether it was written is seen at the next look. */
  private void write(GrantRecord next, Patient patient) {
    try {
      patient.isLost = !book.compareAndSet(next);
    } catch (RuntimeException e) {
      throw book.notReached(e);
    }
  }

  // ---- waiting for others

  private void noteWait(Seen seen, Step next) {
    if (next instanceof Step.Wait wait
        && wait.isForOther(seen.record(), context.outbox().owner())) {
      Instant now = seen.at(pause.now());
      context.health().waits(book.key(), grant.toString(), Duration.between(now, wait.until()));
    } else if (!(next instanceof Step.Write)) {
      context.health().waitsNoMore(book.key());
    }
  }

  /** Waits for the record to change, as long as an exchange might take. */
  private final class Patient {

    private final long deadline;
    private final Contention contention = new Contention(pause);
    private long poll = FIRST_POLL_NANOS;
    private boolean isLost;
    private boolean hasLookedAgain;

    Patient(Task task) {
      this.deadline = pause.now() + task.deadline().toNanos();
    }

    /** Once, after a pause of this process that left no time to send. */
    boolean looksAgain() {
      boolean isFirst = !hasLookedAgain;
      hasLookedAgain = true;
      return isFirst;
    }

    /** Somebody else may have written; or what was seen lags behind what is so. */
    void pauseAfterLoss() {
      if (isLost) {
        isLost = false;
        contention.lost();
      }
    }

    void await(Step.Wait wait, Seen seen) throws TooEarlyException, InterruptedException {
      long now = pause.now();
      Duration left = Duration.between(seen.at(now), wait.until());
      Duration positive = left.isNegative() ? Duration.ZERO : left;
      if (wait.why() == Step.Why.WINDOW) {
        throw failures.notYet(wait.why(), positive).toException();
      }
      boolean isForToken = wait.why() == Step.Why.TOKEN_IN_HAND;
      if (isForToken || !context.store().isDurable()) {
        throw new TooEarlyException(
            failures.notYet(wait.why(), positive), isForToken ? Duration.ZERO : positive);
      }
      if (now - deadline >= 0) {
        throw failures.notYet(wait.why(), positive).toException();
      }
      pause.nanos(Math.max(1, Math.min(poll, positive.toNanos())));
      poll = Math.min(LONGEST_POLL_NANOS, poll * 2);
    }
  }

  // ---- sending

  private @Nullable Renewed taken(
      Seen seen, Step.Take take, Secret token, Task task, Patient patient)
      throws GrantOverException, InterruptedException {
    try (GrantExchange.Permit permit = exchange.permit(task.deadline())) {
      if (isTooLate(seen, take)) {
        return null;
      }
      if (!claimed(take)) {
        patient.isLost = true;
        return null;
      }
      if (isTooLate(seen, take)) {
        withdraw(take.claim());
        return null;
      }
      return sent(permit, seen, take, token, task, patient);
    }
  }

  /** A pause of this process, or a slow store, has used up the time to send. */
  private boolean isTooLate(Seen seen, Step.Take take) {
    return pause.now() - seen.nanos() > take.sendWithin().toNanos();
  }

  /** When it is not known whether the claim was written, nothing is sent under it. */
  private boolean claimed(Step.Take take) {
    try {
      return book.compareAndSet(take.next());
    } catch (RuntimeException e) {
      withdraw(take.claim());
      throw book.notReached(e);
    }
  }

  private @Nullable Renewed sent(
      GrantExchange.Permit permit,
      Seen seen,
      Step.Take take,
      Secret token,
      Task task,
      Patient patient)
      throws GrantOverException, InterruptedException {
    Claim claim = take.claim();
    Answer answer;
    Duration limit = take.limit().compareTo(task.deadline()) < 0 ? take.limit() : task.deadline();
    long begun = pause.now();
    try {
      answer = permit.ask(TokenRequest.refresh(grant, token), limit);
    } catch (OAuthException e) {
      boolean isLate = pause.now() - begun >= limit.toNanos();
      if (isLate && isUnsent(e) && patient.looksAgain()) {
        withdraw(claim);
        return null;
      }
      return failed(claim, e);
    } catch (InterruptedException | RuntimeException e) {
      // Foreign code may have thrown it, before or after the request left.
      giveUp(claim);
      throw e;
    }
    Answer checked = checked(answer, claim, token, seen.earliestAt(pause.now()));
    // Of a token that seems to come from the future the others would make no use.
    Snapshot taken = new Snapshot(take.next(), seen.earliestAt(pause.now()));
    return commit.commit(checked, claim, token, taken);
  }

  /** No answer came, and nothing that is unclear about it: what to send was not to be had. */
  private static boolean isUnsent(OAuthException thrown) {
    return thrown
        .failure()
        .filter(failure -> failure.kind() == FailureKind.SERVER_TROUBLE && failure.status() == 0)
        .filter(failure -> !failure.isUnclear())
        .isPresent();
  }

  private Answer checked(Answer answer, Claim claim, Secret token, Instant now)
      throws InterruptedException {
    commit.keepUnchecked(answer, claim, token, now);
    try {
      return idToken.checked(answer, claim.generation());
    } catch (OAuthException e) {
      // It is another person's; what became of the refresh token that was sent is not known.
      commit.discard();
      giveUp(claim);
      throw e;
    } catch (InterruptedException e) {
      giveUp(claim);
      throw e;
    }
  }

  private @Nullable Renewed failed(Claim claim, OAuthException thrown)
      throws GrantOverException, InterruptedException {
    Failure failure = thrown.failure().orElse(null);
    if (GrantExchange.kind(thrown) == FailureKind.INVALID_GRANT) {
      return refused(claim, failure);
    }
    if (failure != null && failure.isUnclear()) {
      throw unclear(claim, thrown);
    }
    if (failure == null || !failure.kind().isTransient() || !context.store().isDurable()) {
      withdraw(claim);
    } else {
      rest(claim, failure);
    }
    throw thrown;
  }

  private OAuthException unclear(Claim claim, OAuthException thrown) {
    Snapshot now = giveUp(claim);
    UnclearSend unclear = now == null ? null : now.record().unclear().orElse(null);
    if (now == null || unclear == null) {
      return thrown;
    }
    Instant from = rules.resentInsideWindow(unclear, now.now());
    return from == null ? thrown : failures.insideWindow(thrown, Duration.between(now.now(), from));
  }

  // ---- what becomes of the claim

  private void withdraw(Claim claim) {
    quietly(current -> Settlement.withdrawn(current.record(), claim));
  }

  private void rest(Claim claim, Failure failure) {
    quietly(
        current -> {
          int failed = Math.min(10, current.record().rotation().failures());
          Duration own = Duration.ofMillis(Math.min(LONGEST_REST.toMillis(), 100L << failed));
          Duration rest = failure.retryAfter().orElse(own);
          return Settlement.rested(current.record(), claim, current.now().plus(rest));
        });
  }

  /** The record after that, with the time; null when the store failed. */
  private @Nullable Snapshot giveUp(Claim claim) {
    return quietly(current -> Settlement.givenUp(current, claim));
  }

  private @Nullable Snapshot quietly(GrantBook.Change change) {
    try {
      return book.changed(change);
    } catch (RuntimeException e) {
      book.reportUnclear(e);
      return null;
    }
  }

  /**
   * {@code invalid_grant} is a question: is somebody else about to write the successor? While the
   * store does not tell, the claim stands, and is settled when it does.
   */
  private @Nullable Renewed refused(Claim claim, @Nullable Failure failure)
      throws GrantOverException, InterruptedException {
    long refusedAt = pause.now();
    try {
      return lookedFor(claim, failure);
    } catch (InterruptedException e) {
      withdraw(claim);
      throw e;
    } catch (RuntimeException e) {
      context.retries().until(context.timing(), () -> settleRefused(claim, refusedAt, failure));
      throw book.notSeenAfterRefusal(e);
    }
  }

  private @Nullable Renewed lookedFor(Claim claim, @Nullable Failure failure)
      throws GrantOverException, InterruptedException {
    List<Long> looks = context.store().isDurable() ? LOOKS_MILLIS : List.of(0L);
    for (int i = 0; i < looks.size(); i++) {
      pause.nanos(looks.get(i) * 1_000_000);
      GrantRecord decided = decided(claim, i == looks.size() - 1, failure);
      if (decided != null) {
        Reason dead = decided.dead().orElse(null);
        if (dead != null) {
          throw RefreshFailures.over(dead, failure);
        }
        return null;
      }
    }
    throw new IllegalStateException("The last look decides.");
  }

  private void settleRefused(Claim claim, long refusedAt, @Nullable Failure failure) {
    if (decided(claim, pause.now() - refusedAt > LAST_LOOK_NANOS, failure) == null) {
      throw new IllegalStateException("It is too early to decide.");
    }
  }

  /** What was written after a refusal; null when it is to be looked at again in a moment. */
  private @Nullable GrantRecord decided(Claim claim, boolean isLast, @Nullable Failure failure) {
    Contention contention = new Contention(pause);
    while (true) {
      Snapshot current = book.read();
      GrantRecord next =
          Settlement.refused(current.record(), claim, isLast, reason(failure, current))
              .orElse(null);
      if (next == null || book.compareAndSet(next)) {
        return next;
      }
      contention.lost();
    }
  }

  private Reason reason(@Nullable Failure failure, Snapshot current) {
    return Refusals.reason(failure, current, context.profile().idleLimit().orElse(null));
  }
}
