package dev.everbearer.testing.server;

/**
 * One header field.
 *
 * @param name the name as sent, case kept
 * @param value the value without the white space around it
 */
public record Header(String name, String value) {

  boolean isNamed(String other) {
    return name.equalsIgnoreCase(other);
  }
}
