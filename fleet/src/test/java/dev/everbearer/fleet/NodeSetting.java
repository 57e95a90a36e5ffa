package dev.everbearer.fleet;

import dev.everbearer.server.ReuseWindow;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a node of the tests is set up, as it stands on its command line. Immutable. */
final class NodeSetting {

  private final Map<String, String> values;

  private NodeSetting(Map<String, String> values) {
    this.values = values;
  }

  /** The outbox is {@code outbox}, the server takes no replaced token, and no place is special. */
  static NodeSetting in(Path home, String store, URI tokenEndpoint) {
    return new NodeSetting(Map.of())
        .with("home", home)
        .with("outbox", "outbox")
        .with("store", store)
        .with("endpoint", tokenEndpoint)
        .with("exchange", Scene.EXCHANGE)
        .with("window", Duration.ZERO)
        .with("crash", "none")
        .with("wall", Duration.ZERO)
        .with("clock", Duration.ZERO);
  }

  /** As a command line says. */
  static NodeSetting of(String... arguments) {
    Map<String, String> values = new TreeMap<>();
    for (String each : arguments) {
      String[] parts = each.split("=", 2);
      values.put(parts[0], parts[1]);
    }
    return new NodeSetting(values);
  }

  List<String> arguments() {
    return values.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
  }

  private NodeSetting with(String name, Object value) {
    Map<String, String> next = new TreeMap<>(values);
    next.put(name, value.toString());
    return new NodeSetting(next);
  }

  NodeSetting outbox(String name) {
    return with("outbox", name);
  }

  NodeSetting store(String address) {
    return with("store", address);
  }

  NodeSetting tokenEndpoint(URI uri) {
    return with("endpoint", uri);
  }

  NodeSetting exchange(Duration longest) {
    return with("exchange", longest);
  }

  /** How long the server takes a replaced token; it gives the same successor then. */
  NodeSetting window(Duration length) {
    return with("window", length);
  }

  /** See {@link CrashPoints}. */
  NodeSetting at(String where) {
    return with("crash", where);
  }

  /** How far its wall clock is ahead. */
  NodeSetting wallClock(Duration ahead) {
    return with("wall", ahead);
  }

  /** How far the store's clock is ahead, as it sees it: as if so much time had passed. */
  NodeSetting storeClock(Duration ahead) {
    return with("clock", ahead);
  }

  // ---- in the node

  String text(String name) {
    return values.getOrDefault(name, "");
  }

  Path home() {
    return Path.of(text("home"));
  }

  Duration duration(String name) {
    return Duration.parse(text(name));
  }

  ReuseWindow window() {
    Duration length = duration("window");
    return length.isZero()
        ? ReuseWindow.none()
        : ReuseWindow.of(length).giving(ReuseWindow.Successor.SAME);
  }
}
