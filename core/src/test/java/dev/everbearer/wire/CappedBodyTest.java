package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A body that nobody waits for any more holds no connection. */
class CappedBodyTest {

  /** What the platform gives a subscriber, and what became of it. */
  private static final class Stream implements Flow.Subscription {

    private long requested;
    private boolean isCancelled;

    @Override
    public void request(long n) {
      requested += n;
    }

    @Override
    public void cancel() {
      isCancelled = true;
    }
  }

  private final CappedBody body = new CappedBody(200, 10);
  private final Stream stream = new Stream();

  private static List<ByteBuffer> bytes(String text) {
    return List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aWholeBodyComes() throws Exception {
    body.onSubscribe(stream);
    body.onNext(bytes("12345"));
    body.onNext(bytes("67890"));
    body.onComplete();
    assertThat(body.await(Duration.ofSeconds(1))).asString().isEqualTo("1234567890");
    assertThat(stream.requested).isEqualTo(Long.MAX_VALUE);
    assertThat(stream.isCancelled).isFalse();
  }

  @Test
  void aBodyOverTheCapIsAborted() {
    body.onSubscribe(stream);
    body.onNext(bytes("12345678901"));
    assertThat(stream.isCancelled).isTrue();
    assertThatThrownBy(() -> body.await(Duration.ofSeconds(1)))
        .isInstanceOf(CappedBody.TooLargeException.class);
  }

  @Test
  void aStreamThatDoesNotEndInTimeIsCancelled() {
    body.onSubscribe(stream);
    assertThatThrownBy(() -> body.await(Duration.ZERO)).isInstanceOf(TimeoutException.class);
    assertThat(stream.isCancelled).isTrue();
  }

  @Test
  void aStreamThatBeginsAfterTheTimeIsOverIsCancelledAtOnce() {
    assertThatThrownBy(() -> body.await(Duration.ZERO)).isInstanceOf(TimeoutException.class);
    body.onSubscribe(stream);
    assertThat(stream.isCancelled).isTrue();
    assertThat(stream.requested).isZero();
  }

  @Test
  void anInterruptGivesTheBodyUpToo() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> body.await(Duration.ofSeconds(1)))
        .isInstanceOf(InterruptedException.class);
    body.onSubscribe(stream);
    assertThat(stream.isCancelled).isTrue();
  }

  @Test
  void whatComesAfterTheTimeIsOverIsNotKept() {
    body.onSubscribe(stream);
    assertThatThrownBy(() -> body.await(Duration.ZERO)).isInstanceOf(TimeoutException.class);
    body.onNext(bytes("late"));
    body.onComplete();
    assertThatThrownBy(() -> body.await(Duration.ZERO)).isInstanceOf(IOException.class);
  }

  @Test
  void aSecondStreamIsCancelled() {
    Stream second = new Stream();
    body.onSubscribe(stream);
    body.onSubscribe(second);
    assertThat(second.isCancelled).isTrue();
    assertThat(stream.isCancelled).isFalse();
  }
}
