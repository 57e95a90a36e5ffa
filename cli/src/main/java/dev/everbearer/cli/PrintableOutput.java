package dev.everbearer.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Shows a body on a terminal: reads it as UTF-8 and leaves out what could steer the terminal. What
 * goes to a file or a pipe does not pass here. Not thread-safe.
 */
final class PrintableOutput extends OutputStream {

  private static final int CHUNK = 8192;

  private final OutputStream terminal;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final CharBuffer chars = CharBuffer.allocate(CHUNK);
  private ByteBuffer left = ByteBuffer.allocate(0);

  PrintableOutput(OutputStream terminal) {
    this.terminal = terminal;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer input = ByteBuffer.allocate(left.remaining() + length);
    input.put(left).put(bytes, offset, length).flip();
    decode(input, false);
    left = input;
  }

  private void decode(ByteBuffer input, boolean isEnd) throws IOException {
    boolean isMore;
    do {
      isMore = decoder.decode(input, chars, isEnd).isOverflow();
      String shown = PrintableText.lines(chars.flip());
      terminal.write(shown.getBytes(StandardCharsets.UTF_8));
      chars.clear();
    } while (isMore);
  }

  /** Shows what is left of a cut character, and flushes; the terminal stays open. */
  @Override
  public void close() throws IOException {
    decode(left, true);
    left = ByteBuffer.allocate(0);
    terminal.flush();
  }

  @Override
  public void flush() throws IOException {
    terminal.flush();
  }
}
