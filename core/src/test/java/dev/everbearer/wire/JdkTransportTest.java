package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.wire.TransportException.Trouble;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of exchanges and connections when clients are closed, or show another certificate.
 */
class JdkTransportTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  /** For what blocks: the common pool may have one thread alone. */
  private static final Executor OWN_THREAD = task -> new Thread(task).start();

  private final ScriptedApi api = ScriptedApi.open();
  private final List<HttpClient> made = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> whileMaking = new ArrayDeque<>();
  private final Queue<Runnable> beforeSending = new ArrayDeque<>();
  private final JdkTransport transport =
      JdkTransport.making(this::make, this::customize, InstantSource.system());

  @AfterEach
  void close() {
    transport.close();
    api.close();
  }

  private HttpClient make() {
    HttpClient client = HttpClient.newHttpClient();
    made.add(client);
    run(whileMaking);
    return client;
  }

  private void customize(HttpRequest.Builder request) {
    run(beforeSending);
  }

  private static void run(Queue<Runnable> tasks) {
    Runnable task = tasks.poll();
    if (task != null) {
      task.run();
    }
  }

  private int exchange(boolean isFresh, @Nullable String certificate) throws Exception {
    return transport
        .exchange(
            new Transport.Call(api.uri("/x"), Map.of(), null, 10_000, LONG, isFresh, certificate))
        .status();
  }

  private TransportException failure(boolean isFresh) {
    return failure(isFresh, null);
  }

  private TransportException failure(boolean isFresh, @Nullable String certificate) {
    return catchThrowableOfType(TransportException.class, () -> exchange(isFresh, certificate));
  }

  private void areAllClosed(int count) throws Exception {
    assertThat(made).hasSize(count);
    for (HttpClient client : HttpClients.canClose() ? made : Collections.<HttpClient>emptyList()) {
      assertThat(HttpClients.awaitTermination(client, LONG)).isTrue();
    }
  }

  // ---- closing

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExchangeAfterTheEndIsRefusedAndMakesNoClient(boolean isFresh) throws Exception {
    transport.close();
    TransportException refused = failure(isFresh);
    assertThat(refused.trouble()).isEqualTo(Trouble.CLOSED);
    assertThat(HttpFailures.ofTransport("token endpoint", api.uri("/x"), refused).message())
        .contains("was not called, for this client is closed")
        .contains("Use a new one");
    areAllClosed(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatIsMadeWhileAllIsClosedIsClosedToo(boolean isFresh) throws Exception {
    whileMaking.add(transport::close);
    assertThat(failure(isFresh).trouble()).isEqualTo(Trouble.CLOSED);
    areAllClosed(1);
    assertThat(api.requestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExchangeThatWasNotSentYetWhenAllIsClosedSendsNothing(boolean isFresh) throws Exception {
    beforeSending.add(transport::close);
    assertThat(failure(isFresh).trouble()).isEqualTo(Trouble.CLOSED);
    areAllClosed(1);
    assertThat(api.requestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closingEndsWhatIsUnderWayAndSaysSo(boolean isFresh) throws Exception {
    assumeTrue(HttpClients.canClose());
    api.answerAlways(Answer.hang());
    CompletableFuture<TransportException> ended =
        CompletableFuture.supplyAsync(() -> failure(isFresh));
    api.awaitHung(1, LONG);
    transport.close();
    TransportException error = ended.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(error.trouble()).isEqualTo(Trouble.UNCLEAR);
    assertThat(error).hasMessage("was being called when this client was closed");
    areAllClosed(1);
  }

  @Test
  void theUsersClientStaysOpen() throws Exception {
    HttpClient given = HttpClient.newHttpClient();
    try (JdkTransport over = JdkTransport.over(given, request -> {}, InstantSource.system())) {
      over.exchange(call());
    }
    assertThat(HttpClients.isTerminated(given)).isFalse();
    HttpClients.shutdownNow(given);
  }

  private Transport.Call call() {
    return new Transport.Call(api.uri("/x"), Map.of(), null, 10_000, LONG, false, null);
  }

  // ---- connections

  @Test
  void aFreshConnectionIsClosedAfterItsExchangeAndTheOthersAreKept() throws Exception {
    assertThat(exchange(false, null)).isEqualTo(200);
    assertThat(exchange(true, null)).isEqualTo(200);
    assertThat(exchange(false, null)).isEqualTo(200);
    assertThat(made).hasSize(2);
    assertThat(api.totalConnections()).isEqualTo(2);
    isClosedAlone(made.get(1), made.get(0));
    transport.close();
    areAllClosed(2);
  }

  @Test
  void anExchangeThatBeganWithTheOldCertificateEndsWithIt() throws Exception {
    beforeSending.add(() -> assertThat(exchanged("new")).isEqualTo(200));
    assertThat(exchange(false, "old")).isEqualTo(200);
    assertThat(made).hasSize(2);
    isClosedAlone(made.get(0), made.get(1));
    assertThat(exchange(false, "new")).isEqualTo(200);
    transport.close();
    areAllClosed(2);
  }

  // ---- clients in the making

  @Test
  void aClientThatIsLongInTheMakingHoldsUpNothingElse() throws Exception {
    assertThat(exchange(false, null)).isEqualTo(200);
    CountDownLatch isMaking = new CountDownLatch(1);
    CountDownLatch mayBeMade = new CountDownLatch(1);
    whileMaking.add(() -> await(isMaking, mayBeMade));
    CompletableFuture<TransportException> slow =
        CompletableFuture.supplyAsync(() -> failure(false, "slow"), OWN_THREAD);
    try {
      assertThat(isMaking.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(CompletableFuture.supplyAsync(() -> exchanged(null), OWN_THREAD))
          .succeedsWithin(LONG)
          .isEqualTo(200);
      assertThat(CompletableFuture.runAsync(transport::close, OWN_THREAD)).succeedsWithin(LONG);
    } finally {
      mayBeMade.countDown();
    }
    assertThat(slow.get(LONG.toSeconds(), TimeUnit.SECONDS).trouble()).isEqualTo(Trouble.CLOSED);
    areAllClosed(2);
  }

  private static void await(CountDownLatch reached, CountDownLatch mayGoOn) {
    reached.countDown();
    try {
      assertThat(mayGoOn.await(2 * LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "certificate")
  void ofTwoClientsMadeAtOnceOneIsKeptAndTheOtherClosed(@Nullable String certificate)
      throws Exception {
    whileMaking.add(() -> assertThat(exchanged(certificate)).isEqualTo(200));
    assertThat(exchange(false, certificate)).isEqualTo(200);
    assertThat(exchange(false, certificate)).isEqualTo(200);
    assertThat(made).hasSize(2);
    assertThat(api.totalConnections()).isEqualTo(1);
    isClosedAlone(made.get(0), made.get(1));
    transport.close();
    areAllClosed(2);
  }

  @Test
  void aClientWithACertificateThatWasRenewedMeanwhileServesOneExchangeAlone() throws Exception {
    whileMaking.add(() -> assertThat(exchanged("new")).isEqualTo(200));
    assertThat(exchange(false, "old")).isEqualTo(200);
    assertThat(exchange(false, "new")).isEqualTo(200);
    assertThat(made).hasSize(2);
    isClosedAlone(made.get(0), made.get(1));
    transport.close();
    areAllClosed(2);
  }

  private static void isClosedAlone(HttpClient closed, HttpClient kept) throws Exception {
    if (HttpClients.canClose()) {
      assertThat(HttpClients.awaitTermination(closed, LONG)).isTrue();
      assertThat(HttpClients.isTerminated(kept)).isFalse();
    }
  }

  private int exchanged(@Nullable String certificate) {
    try {
      return exchange(false, certificate);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}
