package dev.everbearer.http.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BufferingBodyTest {

  private static BodyPublisher chunks(String... chunks) {
    return BodyPublishers.ofByteArrays(
        List.of(chunks).stream().map(c -> c.getBytes(UTF_8)).toList());
  }

  /** Takes chunks one by one, and breaks off after some. */
  private static final class Taker implements Flow.Subscriber<ByteBuffer> {
    final StringBuilder taken = new StringBuilder();
    private final int limit;
    private int count;
    private Flow.@Nullable Subscription subscription;

    Taker(int limit) {
      this.limit = limit;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      taken.append(UTF_8.decode(buffer));
      Flow.Subscription rest = Objects.requireNonNull(subscription);
      if (++count == limit) {
        rest.cancel();
      } else {
        rest.request(1);
      }
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onComplete() {
      taken.append('.');
    }
  }

  @Test
  @Spec("LC-42")
  void whatWasSentWholeIsSentAgain() {
    BufferingBody body = new BufferingBody(chunks("ab", "cd"), 4);
    assertThat(body.isReplayable()).isTrue();
    for (int i = 0; i < 3; i++) {
      Taker taker = new Taker(9);
      body.subscribe(taker);
      assertThat(taker.taken.toString()).isEqualTo("abcd.");
      assertThat(body.isReplayable()).isTrue();
    }
  }

  @Test
  @Spec("LC-42")
  void oneByteTooManyIsNotKept() {
    BufferingBody body = new BufferingBody(chunks("ab", "cd"), 3);
    body.subscribe(new Taker(9));
    assertThat(body.isReplayable()).isFalse();
  }

  @Test
  @Spec("LC-42")
  void aKnownLengthAboveTheSizeIsRefusedBeforeItIsSent() {
    assertThat(new BufferingBody(BodyPublishers.ofString("abcd"), 3).isReplayable()).isFalse();
    assertThat(new BufferingBody(BodyPublishers.ofString("abc"), 3).isReplayable()).isTrue();
  }

  @Test
  @Spec("LC-44")
  void whatWasBrokenOffIsNeverMixedIntoTheNextSending() {
    BufferingBody body = new BufferingBody(chunks("ab", "cd"), 100);
    body.subscribe(new Taker(1));
    assertThat(body.isReplayable()).isFalse();
    body.subscribe(new Taker(9));
    assertThat(body.isReplayable()).isTrue();
    Taker taker = new Taker(9);
    body.subscribe(taker);
    assertThat(taker.taken.toString()).isEqualTo("abcd.");
  }

  @Test
  void theLastByteOfAKnownLengthIsEnough() {
    BufferingBody body =
        new BufferingBody(BodyPublishers.fromPublisher(chunks("ab", "cd"), 4), 100);
    body.subscribe(new Taker(2));
    assertThat(body.isReplayable()).isTrue();
  }

  @Test
  void itTakesBuffersAsTheyAre() throws Exception {
    BufferingBody body = new BufferingBody(BodyPublishers.ofString("x".repeat(50_000)), 50_000);
    BodySubscriber<String> whole = BodySubscribers.ofString(UTF_8);
    body.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            whole.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer item) {
            whole.onNext(List.of(item));
          }

          @Override
          public void onError(Throwable throwable) {
            whole.onError(throwable);
          }

          @Override
          public void onComplete() {
            whole.onComplete();
          }
        });
    assertThat(whole.getBody().toCompletableFuture().get()).hasSize(50_000);
  }
}
