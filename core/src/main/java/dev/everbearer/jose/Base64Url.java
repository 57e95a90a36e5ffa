package dev.everbearer.jose;

import java.util.Base64;

/**
 * The base64url encoding of RFC 7515 section 2: no padding, one text for each sequence of bytes.
 */
public final class Base64Url {

  private Base64Url() {}

  /** Encodes bytes. */
  public static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Decodes a text.
   *
   * @throws IllegalArgumentException if it is anything but what {@link #encode} would write:
   *     padding, other characters and unused bits that are set are refused
   */
  static byte[] decode(String text) {
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    if (!encode(bytes).equals(text)) {
      throw new IllegalArgumentException("padding or unused bits");
    }
    return bytes;
  }
}
