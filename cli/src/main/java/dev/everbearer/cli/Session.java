package dev.everbearer.cli;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One client for the life of one command. Its workers are its own, so that all that was to be told
 * has been told when it is closed.
 */
final class Session implements AutoCloseable {

  private static final long SILENCE_SECONDS = 3;
  private static final long LAST_WORDS_SECONDS = 2;

  private final OAuthClient client;
  private final ExecutorService worker;
  private final AttemptTeller teller;
  private volatile boolean isOver;

  private Session(OAuthClient client, ExecutorService worker, AttemptTeller teller) {
    this.client = client;
    this.worker = worker;
    this.teller = teller;
  }

  /**
   * Opens a client as the options say.
   *
   * @throws UsageException if they do not make a client
   */
  static Session open(ClientOptions options, Surroundings around) {
    options.requireTime();
    ClientAuthentication authentication = options.authentication(around);
    AttemptTeller teller = new AttemptTeller(around, options.isVerbose, options.timeout);
    ExecutorService worker = Executors.newCachedThreadPool(Session::daemon);
    OAuthClientBuilder builder =
        OAuthClient.builder()
            .authentication(authentication)
            .maxWait(options.timeout)
            .executor(worker)
            .listener(teller);
    options.server.addTo(builder);
    try {
      Session session = new Session(builder.build(), worker, teller);
      session.breakSilence(options, around);
      return session;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "everbearer-command");
    thread.setDaemon(true);
    return thread;
  }

  /** Nobody shall stare at a command that says nothing. */
  private void breakSilence(ClientOptions options, Surroundings around) {
    CompletableFuture.delayedExecutor(SILENCE_SECONDS, TimeUnit.SECONDS)
        .execute(
            () -> {
              if (!isOver && !teller.hasSpoken()) {
                around.say(
                    "Waiting for an answer, for at most %s (--timeout)."
                        .formatted(DurationConverter.format(options.timeout)));
              }
            });
  }

  OAuthClient client() {
    return client;
  }

  /** How many tokens were obtained; complete once the session is closed. */
  int tokensObtained() {
    return teller.tokensObtained();
  }

  @Override
  public void close() {
    isOver = true;
    client.close();
    worker.shutdown();
    try {
      worker.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
