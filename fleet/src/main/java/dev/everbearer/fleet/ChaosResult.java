package dev.everbearer.fleet;

/**
 * What came of a run.
 *
 * @param rotations how often the server replaced a refresh token
 * @param tokenRequests how often it was asked
 * @param adoptions how often a node took over a token that another one got
 * @param recoveries how often an answer came from an outbox, or a token was sent again to good end
 * @param kills how many nodes were killed
 * @param lostGrants grants whose token a node had kept, and which needed a login all the same
 * @param openCases grants that needed a login because nobody had the answer
 * @param durationSeconds for how long faults were made
 */
record ChaosResult(
    long rotations,
    long tokenRequests,
    long adoptions,
    long recoveries,
    long kills,
    long lostGrants,
    long openCases,
    long durationSeconds) {

  boolean isGood() {
    return lostGrants == 0;
  }

  String json() {
    return ("{\"rotations\":%d,\"tokenRequests\":%d,\"adoptions\":%d,\"recoveries\":%d,"
            + "\"kills\":%d,\"lostGrants\":%d,\"openCases\":%d,\"durationSeconds\":%d}")
        .formatted(
            rotations,
            tokenRequests,
            adoptions,
            recoveries,
            kills,
            lostGrants,
            openCases,
            durationSeconds);
  }

  String liveLine() {
    return "%d s: %d rotations, %d requests, %d adoptions, %d recoveries, %d kills, %d lost, %d open"
        .formatted(
            durationSeconds,
            rotations,
            tokenRequests,
            adoptions,
            recoveries,
            kills,
            lostGrants,
            openCases);
  }

  String text() {
    return """
        In %d seconds the server replaced refresh tokens %d times, in %d requests.
          %6d  times a node took over a token that another one got
          %6d  times an answer came from an outbox, or a token was sent again to good end
          %6d  nodes were killed, and started again
          %6d  grants needed a login because nobody had the server's answer (no client can help that)
          %6d  grants were lost
        """
        .formatted(
            durationSeconds,
            rotations,
            tokenRequests,
            adoptions,
            recoveries,
            kills,
            openCases,
            lostGrants);
  }
}
