package dev.everbearer.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A demo that was run, and what it printed.
 *
 * @param status its exit status
 * @param out its standard output
 * @param err its standard error
 */
record Output(int status, String out, String err) {

  static Output of(DemoOptions options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Demo.run(options, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new Output(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  JsonNode json() {
    return JsonMapper.shared().readTree(out);
  }

  long number(String key) {
    return json().path(key).asLong(-1);
  }
}
