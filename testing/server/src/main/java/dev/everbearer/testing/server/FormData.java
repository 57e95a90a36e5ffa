package dev.everbearer.testing.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decodes {@code application/x-www-form-urlencoded}, accepting only what is well-formed. */
final class FormData {

  private FormData() {}

  /**
   * The parameters in the order of their first appearance, each with its values in order.
   *
   * @throws IllegalArgumentException if an escape is broken or the octets are not UTF-8
   */
  static Map<String, List<String>> parse(String encoded) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : encoded.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        parameters.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
      }
    }
    parameters.replaceAll((name, values) -> Collections.unmodifiableList(values));
    return Collections.unmodifiableMap(parameters);
  }

  /**
   * Decodes one name or value.
   *
   * @throws IllegalArgumentException if an escape is broken or the octets are not UTF-8
   */
  static String decode(String encoded) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        octets.write(escapedOctet(encoded, i));
        i += 2;
      } else if (c == '+') {
        octets.write(' ');
      } else if (c > 0xff) {
        throw new IllegalArgumentException("A character outside of the octets: " + (int) c);
      } else {
        octets.write(c);
      }
    }
    return utf8(octets.toByteArray());
  }

  private static int escapedOctet(String encoded, int at) {
    int high = at + 2 < encoded.length() ? Character.digit(encoded.charAt(at + 1), 16) : -1;
    int low = at + 2 < encoded.length() ? Character.digit(encoded.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new IllegalArgumentException("A broken percent escape at offset " + at);
    }
    return high * 16 + low;
  }

  private static String utf8(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("The decoded octets are not UTF-8", e);
    }
  }
}
