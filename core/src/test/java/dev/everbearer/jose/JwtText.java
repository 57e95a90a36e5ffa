package dev.everbearer.jose;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Signs texts of any kind as if they were a JWT. */
public final class JwtText {

  /** What they are signed with, by HS256. */
  public static final String SECRET = "a secret that is long enough for HS256";

  private JwtText() {}

  /** The first line as the header, the rest as the claims. */
  public static String signed(byte[] text) {
    int end = endOfLine(text);
    String input =
        Base64Url.encode(Arrays.copyOf(text, end))
            + "."
            + Base64Url.encode(
                Arrays.copyOfRange(text, Math.min(end + 1, text.length), text.length));
    byte[] mac =
        Signatures.mac(SignatureAlgorithm.HS256, SECRET, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64Url.encode(mac);
  }

  /** The first line as the header of an encrypted one, the rest as its other parts. */
  public static String encrypted(byte[] text) {
    int end = endOfLine(text);
    String rest =
        new String(text, end, text.length - end, StandardCharsets.ISO_8859_1).replace("\n", "");
    return Base64Url.encode(Arrays.copyOf(text, end)) + rest;
  }

  private static int endOfLine(byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n') {
        return i;
      }
    }
    return text.length;
  }
}
