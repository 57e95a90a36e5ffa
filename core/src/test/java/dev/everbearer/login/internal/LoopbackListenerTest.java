package dev.everbearer.login.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.Login;
import dev.everbearer.login.internal.LoopbackListener.Verdict;
import dev.everbearer.testing.Spec;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** RFC 8252 sections 7.3 and 8.3: who is let in at the loopback port, and who is not. */
class LoopbackListenerTest {

  private static final String PATH = "/callback/id.example.com";
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<LoopbackListener> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(LoopbackListener::close);
  }

  /**
   * Waits for a state: {@code good} ends well, {@code bad} ends badly, all others are strangers.
   */
  private LoopbackListener listener(Login login) throws IOException {
    LoopbackListener listener = LoopbackListener.open(login, PATH);
    opened.add(listener);
    listener.listen(
        response ->
            switch (response.state().orElse("")) {
              case "good" -> Verdict.GOOD;
              case "bad" -> Verdict.BAD;
              default -> Verdict.STRANGER;
            });
    return listener;
  }

  private LoopbackListener listener() throws IOException {
    return listener(Login.inBrowser());
  }

  private static int port(LoopbackListener listener) {
    return URI.create(listener.redirectUri()).getPort();
  }

  private static String host(LoopbackListener listener) {
    return "127.0.0.1:" + port(listener);
  }

  /** What comes back for a head; {@code HOST} stands for the right host. */
  private static String send(LoopbackListener listener, String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(listener))) {
      socket.setSoTimeout(10_000);
      String text = head.replace("HOST", host(listener)).replace("\n", "\r\n") + "\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String visit(LoopbackListener listener, String query) throws IOException {
    return send(listener, "GET " + PATH + "?" + query + " HTTP/1.1\nHost: HOST");
  }

  private static void endsWell(LoopbackListener listener) throws Exception {
    assertThat(visit(listener, "code=c&state=good")).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(listener.await(SOON).value("code")).contains("c");
  }

  // ---- the port

  @Spec("NA-02")
  @Test
  void thePortIsOnTheLoopbackAddressAloneAndPickedByTheSystem() throws Exception {
    LoopbackListener listener = listener();
    assertThat(listener.redirectUri()).isEqualTo("http://127.0.0.1:" + port(listener) + PATH);
    assertThat(port(listener)).isGreaterThan(1023);
    for (InetAddress other : otherAddresses()) {
      assertThatThrownBy(() -> connect(other, port(listener))).isInstanceOf(IOException.class);
    }
    // An address that is not bound can be taken by others.
    InetAddress neighbour = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    try (ServerSocket socket = new ServerSocket(port(listener), 1, neighbour)) {
      assertThat(socket.isBound()).isTrue();
    }
  }

  private static List<InetAddress> otherAddresses() throws IOException {
    return java.net.NetworkInterface.networkInterfaces()
        .flatMap(java.net.NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress())
        .toList();
  }

  private static void connect(InetAddress address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 2000);
    }
  }

  @Spec("NA-02")
  @Test
  void thePortIsClosedWhenTheListenerIs() throws Exception {
    LoopbackListener listener = listener();
    int port = port(listener);
    endsWell(listener);
    listener.close();
    assertThatThrownBy(() -> connect(InetAddress.getLoopbackAddress(), port))
        .isInstanceOf(ConnectException.class);
  }

  @Spec({"NA-07", "SE-31"})
  @Test
  void nobodyElseCanOpenThePortNorCanWeTakeTheirs() throws Exception {
    LoopbackListener listener = listener();
    assertThatThrownBy(() -> listener(Login.inBrowser().fixedPort(port(listener))))
        .isInstanceOf(IOException.class);
    try (ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(true);
      assertThatThrownBy(
              () ->
                  other.bind(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), port(listener))))
          .isInstanceOf(IOException.class);
    }
  }

  @Spec("PQ-25")
  @Test
  void aFixedPortIsFreeAgainForTheNextLogin() throws Exception {
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    for (int login = 0; login < 3; login++) {
      LoopbackListener listener = listener(Login.inBrowser().fixedPort(port));
      assertThat(listener.redirectUri()).isEqualTo("http://127.0.0.1:" + port + PATH);
      endsWell(listener);
      listener.close();
    }
  }

  @Spec({"NA-03", "PQ-25"})
  @Test
  void localhostIsANameInTheUrlAndStillTheLoopbackAddresses() throws Exception {
    LoopbackListener listener = listener(Login.inBrowser().localhost());
    int port = port(listener);
    assertThat(listener.redirectUri()).isEqualTo("http://localhost:" + port + PATH);
    assertThat(visit(listener, "code=c&state=good")).startsWith("HTTP/1.1 404");
    assertThat(
            send(listener, "GET " + PATH + "?code=c&state=good HTTP/1.1\nHost: LocalHost:" + port))
        .startsWith("HTTP/1.1 200");
    for (InetAddress loopback : LoopbackSockets.addresses()) {
      if (isPresent(loopback)) {
        assertThatThrownBy(() -> new ServerSocket(port, 1, loopback).close())
            .isInstanceOf(IOException.class);
      }
    }
  }

  private static boolean isPresent(InetAddress address) {
    try {
      new ServerSocket(0, 1, address).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Spec("NA-03")
  @Test
  void withoutIpv4TheOtherLoopbackAddressIsUsed() throws Exception {
    // Of a network that is for documents, so that no machine has it.
    InetAddress absent = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    InetAddress ipv6 = LoopbackSockets.addresses().get(1);
    assertThat(LoopbackSockets.literal(ipv6)).isEqualTo("[::1]");
    assertThatThrownBy(() -> LoopbackSockets.onOne(List.of(absent), 0))
        .isInstanceOf(IOException.class);
    Assumptions.assumeTrue(isPresent(ipv6), "this machine has no IPv6");
    try (ServerSocket socket = LoopbackSockets.onOne(List.of(absent, ipv6), 0)) {
      assertThat(socket.getInetAddress()).isEqualTo(ipv6);
    }
    try (ServerSocket socket = LoopbackSockets.onAll(List.of(absent, ipv6), 0).get(0)) {
      assertThat(socket.getInetAddress()).isEqualTo(ipv6);
    }
  }

  // ---- who is let in

  @Spec({"NA-04", "SE-32"})
  @Test
  void allButAVisitToTheExactAddressGet404AndDoNotEndTheWait() throws Exception {
    LoopbackListener listener = listener();
    String good = "?code=c&state=good";
    for (String head :
        List.of(
            "GET /favicon.ico HTTP/1.1\nHost: HOST",
            "GET / HTTP/1.1\nHost: HOST",
            "GET " + PATH + "/" + good + " HTTP/1.1\nHost: HOST",
            "GET " + PATH.toUpperCase(java.util.Locale.ROOT) + good + " HTTP/1.1\nHost: HOST",
            "GET /x/../" + PATH.substring(1) + good + " HTTP/1.1\nHost: HOST",
            "GET /%63allback/id.example.com" + good + " HTTP/1.1\nHost: HOST",
            "GET http://HOST" + PATH + good + " HTTP/1.1\nHost: HOST",
            "POST " + PATH + good + " HTTP/1.1\nHost: HOST",
            "HEAD " + PATH + good + " HTTP/1.1\nHost: HOST",
            "OPTIONS " + PATH + good + " HTTP/1.1\nHost: HOST",
            "GET " + PATH + good + " HTTP/1.1\nHost: rebound.example.com",
            "GET " + PATH + good + " HTTP/1.1\nHost: localhost:1",
            "GET " + PATH + good + " HTTP/1.1\nHost: 127.0.0.1",
            "GET " + PATH + good + " HTTP/1.1\nHost: HOST\nHost: HOST",
            "GET " + PATH + good + " HTTP/1.1\nX: HOST",
            "GET " + PATH + good + " HTTP/1.1\nHost: HOST\nOrigin: https://evil.example.com",
            "GET " + PATH + good + " HTTP/1.1\nHost: HOST\nSec-Fetch-Mode: no-cors",
            "GET " + PATH + good,
            "GET " + PATH + good + " HTTP/2.0\nHost: HOST",
            "junk",
            "GET " + PATH + good + " HTTP/1.1\nHost: HOST\nnocolon")) {
      String answer = send(listener, head);
      assertThat(answer).as(head).startsWith("HTTP/1.1 404 Not Found\r\n");
      assertThat(answer).doesNotContain("Access-Control");
    }
    endsWell(listener);
  }

  @Spec("NA-04")
  @Test
  void aStrangersAnswerGets400AndDoesNotEndTheWait() throws Exception {
    LoopbackListener listener = listener();
    for (String query : List.of("", "code=c", "code=c&state=wrong", "code=c&state=good&state=x")) {
      assertThat(visit(listener, query)).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
    endsWell(listener);
  }

  @Spec("NA-04")
  @Test
  void aBrowserThatSaysThatItNavigatesIsLetIn() throws Exception {
    LoopbackListener listener = listener();
    String head =
        "GET %s?code=c&state=good HTTP/1.1\nhost:HOST\nSec-Fetch-Mode: navigate\nOrigin: null"
            .formatted(PATH);
    assertThat(send(listener, head)).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Spec("NA-07")
  @Test
  void oneAnswerIsTakenAndNoMore() throws Exception {
    LoopbackListener listener = listener();
    assertThat(visit(listener, "state=bad&error=access_denied")).contains("did not succeed");
    assertThat(visit(listener, "code=c&state=good")).startsWith("HTTP/1.1 404");
    assertThat(listener.await(SOON).value("error")).contains("access_denied");
  }

  @Spec("NA-04")
  @Test
  void connectionsThatSayNothingDoNotStandInTheWay() throws Exception {
    LoopbackListener listener = listener();
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), port(listener)));
      }
      silent.get(0).getOutputStream().write("GET /cal".getBytes(StandardCharsets.US_ASCII));
      endsWell(listener);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  // ---- the end of the wait

  @Spec("NA-07")
  @Test
  void theWaitHasALimit() throws Exception {
    assertThat(Login.inBrowser().timeLimit()).isEqualTo(Duration.ofMinutes(5));
    LoopbackListener listener = listener();
    assertThatThrownBy(() -> listener.await(Duration.ofMillis(30)))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void closingEndsTheWait() throws Exception {
    LoopbackListener listener = listener();
    CompletableFuture<AuthorizationResponse> wait =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return listener.await(SOON);
              } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError(e);
              }
            });
    listener.close();
    assertThatThrownBy(wait::join).hasRootCauseInstanceOf(CancellationException.class);
  }

  // ---- the page

  @Spec("AC-09")
  @Test
  void thePageIsNotKeptLoadsNothingAndRepeatsNothing() throws Exception {
    String script = "<script>alert(1)</script>";
    String encoded = "%3Cscript%3Ealert(1)%3C/script%3E";
    for (String state : List.of("good", "bad", "stranger")) {
      LoopbackListener listener = listener();
      String query =
          "state=%s&code=%s&error=%s&error_description=%s&iss=%s&%s=1"
              .formatted(state, encoded, encoded, encoded, encoded, encoded);
      String page = visit(listener, query);
      assertThat(page)
          .contains("\r\nCache-Control: no-store\r\n")
          .contains("\r\nReferrer-Policy: no-referrer\r\n")
          .contains("\r\nX-Content-Type-Options: nosniff\r\n")
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .doesNotContain(script, "alert", state, "src=", "href=", "url(", "Location");
    }
  }

  @Spec("AC-09")
  @Test
  void aTextOfTheApplicationIsShownAsText() throws Exception {
    LoopbackListener listener = listener(Login.inBrowser().successPage("Done <b>& \"well\"</b> é"));
    assertThat(visit(listener, "code=c&state=good"))
        .contains("<p>Done &lt;b&gt;&amp; &quot;well&quot;&lt;/b&gt; é</p>")
        .contains("charset=utf-8");
  }
}
