package dev.everbearer.e2e.keycloak;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The windows that the library opens in front of one person. Thread-safe. */
final class Windows implements Consumer<URI> {

  private final Login person;
  private final List<URI> opened = new CopyOnWriteArrayList<>();
  private final List<CompletableFuture<URI>> ends = new CopyOnWriteArrayList<>();

  Windows(Login person) {
    this.person = person;
  }

  @Override
  public void accept(URI page) {
    opened.add(page);
    ends.add(CompletableFuture.supplyAsync(() -> person.open(page)));
  }

  /** The library's word for it; a person who never arrives is waited for in vain, but not long. */
  dev.everbearer.login.Login asLogin() {
    return dev.everbearer.login.Login.inBrowser(this).timeLimit(Duration.ofSeconds(20));
  }

  /** What they were opened with, in order. */
  List<URI> opened() {
    return List.copyOf(opened);
  }

  /** Where they ended, in order; waits for the person. */
  List<URI> ends() {
    return ends.stream().map(CompletableFuture::join).toList();
  }
}
