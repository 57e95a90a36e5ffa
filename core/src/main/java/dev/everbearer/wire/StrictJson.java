package dev.everbearer.wire;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON object from an untrusted server: strict UTF-8, no duplicate names, nothing after
 * the value, bounded depth, members and numbers. Its messages never repeat the input.
 */
public final class StrictJson {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_MEMBERS = 1000;
  private static final int MAX_NUMBER_LENGTH = 1000;
  private static final String TOO_DEEP_OR_LONG = "it is nested too deep or has a number too long";

  /**
   * Of the names that come twice those alone are shown which are ours too: RFC 7519 section 4.1.
   */
  private static final Set<String> SHOWN_NAMES =
      Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Why an input was refused; holds nothing of it. */
  public static final class BrokenJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenJsonException(String message) {
      super(message);
    }
  }

  private final JsonParser parser;
  private final int maxMembers;
  private int members;

  private StrictJson(JsonParser parser, int maxMembers) {
    this.parser = parser;
    this.maxMembers = maxMembers;
  }

  /**
   * The members of the object in order; strings, {@link BigDecimal}s, booleans, lists and maps.
   * Members that are {@code null} are left out, and a byte order mark is allowed.
   *
   * @throws BrokenJsonException if the input is anything but one well-formed object
   */
  public static Map<String, Object> object(byte[] utf8) throws BrokenJsonException {
    return object(utf8, MAX_MEMBERS);
  }

  /**
   * As {@link #object(byte[])}, of what was written here.
   *
   * @param maxMembers how many members and elements all of it may have
   */
  public static Map<String, Object> object(byte[] utf8, int maxMembers) throws BrokenJsonException {
    String text = decode(utf8);
    // The cause of these is dropped on purpose: a parser's message quotes what it read.
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return new StrictJson(parser, maxMembers).readDocument();
    } catch (StreamConstraintsException e) {
      throw new BrokenJsonException(TOO_DEEP_OR_LONG);
    } catch (JacksonException e) {
      throw new BrokenJsonException("it is not well-formed JSON " + place(e.getLocation()));
    }
  }

  private static String place(TokenStreamLocation location) {
    return "(line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String decode(byte[] utf8) throws BrokenJsonException {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(utf8))
              .toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new BrokenJsonException("it is not valid UTF-8");
    }
  }

  private Map<String, Object> readDocument() throws BrokenJsonException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new BrokenJsonException("it is empty");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new BrokenJsonException("it is not a JSON object");
    }
    Map<String, Object> object = readObject();
    if (parser.nextToken() != null) {
      throw new BrokenJsonException("something follows the JSON object");
    }
    return object;
  }

  private Map<String, Object> readObject() throws BrokenJsonException {
    Map<String, Object> object = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      countMember();
      String name = requireWholeCharacters(parser.currentName());
      if (!names.add(name)) {
        throw twice(name);
      }
      Object value = readValue(parser.nextToken());
      if (value != null) {
        object.put(name, value);
      }
    }
    return object;
  }

  private BrokenJsonException twice(String name) {
    String which = SHOWN_NAMES.contains(name) ? "the member '" + name + "'" : "a member";
    return new BrokenJsonException(
        "it has %s twice %s".formatted(which, place(parser.currentTokenLocation())));
  }

  private List<Object> readArray() throws BrokenJsonException {
    List<Object> array = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      countMember();
      Object value = readValue(token);
      if (value != null) {
        array.add(value);
      }
    }
    return array;
  }

  private @Nullable Object readValue(JsonToken token) throws BrokenJsonException {
    return switch (token) {
      case START_OBJECT -> readObject();
      case START_ARRAY -> readArray();
      case VALUE_STRING -> requireWholeCharacters(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new BrokenJsonException("it is not well-formed JSON");
    };
  }

  /** The parser bounds the length of whole numbers alone, and before it makes a string of them. */
  private static BigDecimal number(String text) throws BrokenJsonException {
    if (text.length() > MAX_NUMBER_LENGTH) {
      throw new BrokenJsonException(TOO_DEEP_OR_LONG);
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new BrokenJsonException("it has a number out of all range");
    }
  }

  private static String requireWholeCharacters(String text) throws BrokenJsonException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new BrokenJsonException("it has half of a character (a lone surrogate)");
      }
    }
    return text;
  }

  private void countMember() throws BrokenJsonException {
    if (++members > maxMembers) {
      throw new BrokenJsonException("it has more than " + maxMembers + " members");
    }
  }
}
