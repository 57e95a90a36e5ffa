package dev.everbearer.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Optional;

/** Writes a body to standard output as it comes. */
final class BodyPrinter implements BodyHandler<Void> {

  private final Surroundings around;

  BodyPrinter(Surroundings around) {
    this.around = around;
  }

  @Override
  public BodySubscriber<Void> apply(ResponseInfo head) {
    OutputStream output = around.isTerminal() ? new PrintableOutput(around.out()) : around.out();
    return BodySubscribers.ofByteArrayConsumer(part -> write(part, output));
  }

  /** Writes a part; an empty one is the end. */
  private void write(Optional<byte[]> part, OutputStream output) {
    try {
      if (part.isPresent()) {
        output.write(part.get());
        output.flush();
      } else if (around.isTerminal()) {
        output.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
