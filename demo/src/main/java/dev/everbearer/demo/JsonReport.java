package dev.everbearer.demo;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A run as one JSON object of numbers; the faults of chaos are an object in it. */
final class JsonReport {

  private static final double THOUSAND = 1000;

  private JsonReport() {}

  static String of(RunResult run) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeNumberProperty("calls", run.calls().calls());
      json.writeNumberProperty("failedCalls", run.calls().failed());
      json.writeNumberProperty("callsNotMade", run.callsNotMade());
      json.writeNumberProperty("tokenRequests", run.tokenRequests());
      json.writeNumberProperty("backgroundRenewals", run.tally().backgroundRenewals());
      json.writeNumberProperty("waitedCalls", run.tally().waited());
      json.writeNumberProperty("healed401", run.tally().healed());
      json.writeNumberProperty("p50Millis", rounded(run.calls().millisSinceDue(50)));
      json.writeNumberProperty("p99Millis", rounded(run.calls().millisSinceDue(99)));
      json.writeNumberProperty("durationSeconds", rounded(run.seconds()));
      if (run.chaos() != null) {
        chaos(json, run.chaos());
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void chaos(JsonGenerator json, ChaosResult chaos) {
    json.writeNumberProperty("seed", chaos.seed());
    json.writeObjectPropertyStart("faults");
    chaos.faults().forEach(json::writeNumberProperty);
    json.writeEndObject();
    json.writeNumberProperty("clockSteps", chaos.clockSteps());
    json.writeNumberProperty("revocations", chaos.revocations());
    Footprints footprints = chaos.footprints();
    json.writeNumberProperty("threadsAtStart", footprints.start().threads());
    json.writeNumberProperty("threadsAtEnd", footprints.end().threads());
    json.writeNumberProperty("threadsMax", footprints.maxThreads());
    json.writeNumberProperty("heapMiBAtStart", rounded(footprints.start().mebibytes()));
    json.writeNumberProperty("heapMiBAtEnd", rounded(footprints.end().mebibytes()));
  }

  private static double rounded(double value) {
    return Math.round(value * THOUSAND) / THOUSAND;
  }
}
