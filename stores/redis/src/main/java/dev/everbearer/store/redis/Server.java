package dev.everbearer.store.redis;

import dev.everbearer.store.redis.Link.Opened;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Sends commands and waits for their answers, for a while. */
final class Server implements AutoCloseable {

  private final Connections connections;
  private final Duration timeout;

  Server(Connections connections, Duration timeout) {
    this.connections = connections;
    this.timeout = timeout;
  }

  /** A command that is sent. */
  @FunctionalInterface
  interface Command<T>
      extends Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> {}

  /** A script that is run on keys of one slot. */
  record Run(Script script, List<String> keys, List<byte[]> arguments) {

    private RedisFuture<List<Object>> known(RedisClusterAsyncCommands<String, byte[]> commands) {
      return commands.evalsha(script.digest(), ScriptOutputType.MULTI, names(), values());
    }

    private RedisFuture<List<Object>> whole(RedisClusterAsyncCommands<String, byte[]> commands) {
      return commands.eval(script.text(), ScriptOutputType.MULTI, names(), values());
    }

    private String[] names() {
      return keys.toArray(String[]::new);
    }

    private byte[][] values() {
      return arguments.toArray(byte[][]::new);
    }
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @param doing what, as the rest of a sentence that begins with "Could not"
   */
  <T> T ask(String doing, Command<T> command) {
    try {
      return answer(doing, command);
    } catch (RedisNoScriptException e) {
      throw Trouble.at(doing, e);
    }
  }

  /**
   * Waits until replicas have what was written over this connection.
   *
   * @param before how often the connection was lost before that
   * @return whether so many have it
   */
  boolean isAt(int replicas, String doing, long before) {
    long millis = Math.max(1, timeout.toMillis() * 3 / 4);
    Opened opened = connections.get(doing);
    long have = await(doing, opened.commands().waitForReplication(replicas, millis));
    // A connection that was made anew has written nothing that it could wait for.
    return have >= replicas && opened.losses().get() == before;
  }

  /** How often the connection was lost. */
  long losses(String doing) {
    return connections.get(doing).losses().get();
  }

  /** As {@link #ask}, with a script: texts as bytes, whole numbers as Long. */
  List<Object> run(String doing, Run run) {
    try {
      return answer(doing, run::known);
    } catch (RedisNoScriptException e) {
      return ask(doing, run::whole);
    }
  }

  /** As {@link #run}, with a script that answers by one whole number. */
  long number(String doing, Run run) {
    List<Object> answer = run(doing, run);
    if (answer.size() == 1 && answer.get(0) instanceof Long number) {
      return number;
    }
    throw Trouble.unreadable(doing);
  }

  private <T> T answer(String doing, Command<T> command) {
    Opened opened = connections.get(doing);
    RedisFuture<T> answer = command.apply(opened.commands());
    return await(doing, answer);
  }

  /** What is given up is not sent any more, if it was not sent yet. */
  <T> T await(String doing, RedisFuture<T> answer) {
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw Trouble.noAnswer(doing);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw Trouble.interrupted(doing);
    } catch (CancellationException e) {
      throw Trouble.at(doing, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisNoScriptException unknown) {
        throw unknown;
      }
      throw Trouble.at(doing, e.getCause());
    }
  }

  /** The commands of the connection, to send many at once. */
  RedisClusterAsyncCommands<String, byte[]> commands(String doing) {
    return connections.get(doing).commands();
  }

  @Override
  public void close() {
    connections.close();
  }
}
