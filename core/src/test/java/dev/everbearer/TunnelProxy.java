package dev.everbearer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy that opens tunnels to whoever tells it one value of {@code Proxy-Authorization}. */
final class TunnelProxy implements AutoCloseable {

  private static final String FIELD = "proxy-authorization:";

  private final String wanted;
  private final int refusal;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> told = new CopyOnWriteArrayList<>();

  private TunnelProxy(String wanted, int refusal) throws IOException {
    this.wanted = wanted;
    this.refusal = refusal;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var unused = threads.submit(this::accept);
  }

  static TunnelProxy wanting(String credentials) throws IOException {
    return new TunnelProxy(credentials, 407);
  }

  static TunnelProxy refusingAll(int status) throws IOException {
    return new TunnelProxy("nothing that anybody says", status);
  }

  ProxySelector selector() {
    return ProxySelector.of(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
  }

  /** What it was told for each tunnel; empty where nothing. */
  List<String> told() {
    return List.copyOf(told);
  }

  private Void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      var unused = threads.submit(() -> serve(client));
    }
  }

  private Void serve(Socket client) throws IOException {
    try (client) {
      BufferedReader head =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII), 1);
      for (String line = head.readLine(); line != null; line = head.readLine()) {
        String credentials = credentials(head);
        told.add(credentials);
        if (credentials.equals(wanted)) {
          tunnel(client, Integer.parseInt(line.replaceFirst(".*:([0-9]+) .*", "$1")));
          return null;
        }
        answer(
            client, refusal + " No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0");
      }
      return null;
    }
  }

  private static String credentials(BufferedReader head) throws IOException {
    String found = "";
    for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(FIELD)) {
        found = line.substring(FIELD.length()).strip();
      }
    }
    return found;
  }

  private static void answer(Socket client, String head) throws IOException {
    client
        .getOutputStream()
        .write(("HTTP/1.1 " + head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void tunnel(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      answer(client, "200 OK");
      var unused =
          threads.submit(() -> server.getInputStream().transferTo(client.getOutputStream()));
      client.getInputStream().transferTo(server.getOutputStream());
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
