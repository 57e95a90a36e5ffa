package dev.everbearer.testing.server;

/** Answers that several endpoints give. */
final class Answers {

  private Answers() {}

  static Answer uncached(Answer answer) {
    return answer.header("Cache-Control", "no-store").header("Pragma", "no-cache");
  }

  static Answer notFound() {
    return Answer.text(404, "text/plain;charset=utf-8", "There is nothing here.\n");
  }

  static Answer onlyAllowed(String method) {
    return Answer.status(405).header("Allow", method);
  }
}
