package dev.everbearer.store.jdbc;

import java.util.regex.Pattern;

/**
 * The names of the tables.
 *
 * @param prefix what they begin with
 */
record Tables(String prefix) {

  static final String PREFIX = "everbearer_";

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,29}");

  Tables {
    if (!NAME.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "The prefix of the tables is at most 30 characters of a-z, 0-9 and _, and begins with no"
              + " digit. Choose a schema by the DataSource.");
    }
  }

  String grant() {
    return prefix + "grant";
  }

  String corrupt() {
    return prefix + "grant_corrupt";
  }
}
