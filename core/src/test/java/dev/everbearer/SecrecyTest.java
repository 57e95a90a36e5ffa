package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.challenge.Challenge;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.Decision;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Everything that the library says while all kinds of things go right and wrong, searched for
 * canaries: log records of all loggers at all levels, exceptions with everything that hangs on
 * them, texts of all public types, events, and thread names.
 */
@Spec("SE-03")
@ExtendWith(ScriptedServers.class)
class SecrecyTest {

  private static final String CLIENT_SECRET = "CanaryClientSecret +/=&";
  private static final String ACCESS_TOKEN = "CanaryAccessToken";
  private static final String REFRESH_TOKEN = "CanaryRefreshToken";
  private static final String NEXT_REFRESH_TOKEN = "CanaryNextRefresh";
  private static final String ID_TOKEN = "CanaryIdToken";
  private static final String PARAMETER = "CanaryParameter";
  private static final String QUERY = "CanaryQuery";
  private static final String USER_INFO = "CanaryUserInfo";
  private static final List<String> CANARIES =
      List.of(
          CLIENT_SECRET,
          ACCESS_TOKEN,
          REFRESH_TOKEN,
          NEXT_REFRESH_TOKEN,
          ID_TOKEN,
          PARAMETER,
          QUERY,
          USER_INFO);

  /**
   * The platform's own debug log, which prints URLs and headers as they are when somebody turns it
   * on, and the log of the servers that run in this process.
   */
  private static final List<String> OTHERS = List.of("jdk.", "java.", "sun.", "org.eclipse.jetty");

  private static final String SUCCESS =
      ("{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":300,"
              + "\"refresh_token\":\"%s\",\"id_token\":\"%s\",\"extra\":\"%s\"}")
          .formatted(ACCESS_TOKEN, NEXT_REFRESH_TOKEN, ID_TOKEN, PARAMETER);

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private CapturedLogs logs;

  SecrecyTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void listen() {
    logs = CapturedLogs.of("");
    server.registerClient("id", CLIENT_SECRET);
  }

  @AfterEach
  void nothingSaidHoldsACanary() {
    Thread.getAllStackTraces().keySet().forEach(thread -> said.add(thread.getName()));
    said.addAll(logs.everythingButOf(OTHERS));
    logs.close();
    List<String> forbidden = CANARIES.stream().flatMap(each -> writingsOf(each).stream()).toList();
    assertThat(said).hasSizeGreaterThan(10);
    for (String text : said) {
      assertThat(forbidden).as(text).noneMatch(text::contains);
    }
  }

  /** Plain, form-encoded, and in Base64 wherever in a longer text it stands. */
  private static List<String> writingsOf(String canary) {
    List<String> writings = new ArrayList<>();
    String form = URLEncoder.encode(canary, StandardCharsets.UTF_8);
    for (String text : List.of(canary, form)) {
      writings.add(text);
      for (int shift = 0; shift < 3; shift++) {
        byte[] bytes = ("x".repeat(shift) + text).getBytes(StandardCharsets.UTF_8);
        int whole = bytes.length / 3 * 3;
        String encoded = Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes, whole));
        writings.add(encoded.substring(shift == 0 ? 0 : 4));
      }
    }
    return writings;
  }

  // ---- what is listened to

  private OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .tokenEndpoint(server.uri("/token?key=" + QUERY).toString())
        .maxWait(Duration.ofMillis(40))
        .onRotated(said -> note(said))
        .listener(
            new RenewalListener() {
              @Override
              public void obtained(Obtained event) {
                note(event);
              }

              @Override
              public void failed(Failed event) {
                note(event);
              }

              @Override
              public void waited(Waited event) {
                note(event);
              }

              @Override
              public void healed(Healed event) {
                note(event);
              }

              @Override
              public void loginRequired(LoginRequired event) {
                note(event);
              }
            });
  }

  private OAuthClientBuilder basic() {
    return builder().clientSecretBasic("id", CLIENT_SECRET);
  }

  private OAuthClientBuilder post() {
    return builder().clientSecretPost("id", CLIENT_SECRET);
  }

  private void note(Object anything) {
    said.add(String.valueOf(anything));
    Thread.getAllStackTraces().keySet().forEach(thread -> said.add(thread.getName()));
  }

  private void noteError(Callable<?> step) {
    try {
      note(step.call());
    } catch (Exception e) {
      noteAll(e);
    }
  }

  private void noteAll(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    said.add(trace.toString());
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      said.add(each.getMessage() + each.getLocalizedMessage() + each);
      Collections.addAll(said, List.of(each.getSuppressed()).toString());
      if (each instanceof dev.everbearer.token.OAuthException oauth) {
        oauth
            .failure()
            .ifPresent(
                failure -> {
                  note(failure + failure.message() + failure.error() + failure.errorUri());
                  note(failure.errorDescription() + "" + failure.endpoint() + failure.cause());
                });
      }
    }
  }

  private static Grant clientGrant() {
    return Grant.clientCredentials().scope("read").parameter("custom", PARAMETER);
  }

  private static Grant refreshGrant() {
    return Grant.refreshToken(REFRESH_TOKEN).parameter("custom", PARAMETER);
  }

  private void runEverything(OAuthClientBuilder builder) {
    for (Grant grant : List.of(clientGrant(), refreshGrant())) {
      try (OAuthClient client = builder.build()) {
        noteError(() -> client.fetch(grant));
        TokenSource tokens = client.tokens(grant);
        noteError(tokens::token);
        noteError(() -> tokens.token(Duration.ZERO));
        noteError(() -> tokens.tokenAsync().toCompletableFuture().get());
        HttpClient http = client.httpClientFor(api.origin().toString(), grant);
        noteError(() -> Api.get(http, api.uri("/x")));
        noteError(() -> Api.getAsync(http, api.uri("/x")));
        noteError(() -> Api.get(http, URI.create("http://" + USER_INFO + "@127.0.0.1:1/")));
        note(http);
        note(tokens);
        note(tokens.diagnose());
        note(client.diagnose());
        note(client);
        note(grant);
        note(grant.request());
      }
    }
  }

  // ---- what happens

  @Test
  void whileAllIsWell() {
    server.answerAlways(Answer.json(200, SUCCESS));
    api.answerAlways(Answer.status(200));
    runEverything(basic());
    runEverything(post());
  }

  @Test
  void whenApisRefuseTheToken() {
    server.answerAlways(Answer.json(200, SUCCESS));
    for (String challenge : List.of("Bearer error=\"invalid_token\"", "Bearer", "Basic realm=x")) {
      api.answerAlways(Answer.status(401).header("WWW-Authenticate", challenge));
      runEverything(basic());
    }
  }

  @Test
  void whenTheServerAnswersErrorsThatRepeatWhatWasSent() {
    for (String code :
        List.of(
            "invalid_grant",
            "invalid_client",
            "invalid_scope",
            "unauthorized_client",
            "temporarily_unavailable",
            REFRESH_TOKEN)) {
      String echo = REFRESH_TOKEN + " " + CLIENT_SECRET + " " + PARAMETER;
      String json =
          "{\"error\":\"%s\",\"error_description\":\"%s\",\"error_uri\":\"https://h/%s\"}"
              .formatted(
                  code, "x".repeat(290) + echo, URLEncoder.encode(echo, StandardCharsets.UTF_8));
      // Every grant sends its own secrets only, so the rest must not be in the answer either.
      String forClient = json.replace(REFRESH_TOKEN, PARAMETER);
      server.answerAlways(
          Answer.computedFrom(
              request ->
                  Answer.json(
                      400, request.bodyText().contains("refresh_token") ? json : forClient)));
      runEverything(basic());
      runEverything(post());
    }
  }

  @Test
  void whenAnswersAreMalformed() {
    for (Answer answer :
        List.of(
            Answer.json(200, SUCCESS.substring(0, SUCCESS.length() - 1)),
            Answer.json(200, SUCCESS + ACCESS_TOKEN),
            Answer.json(200, ACCESS_TOKEN),
            Answer.json(200, "{\"access_token\":" + ACCESS_TOKEN + "}"),
            Answer.json(200, "{\"a\":\"" + ACCESS_TOKEN + "\\q\"}"),
            Answer.json(200, "{\"" + ACCESS_TOKEN + "\":1,\"" + ACCESS_TOKEN + "\":2}"),
            Answer.json(200, SUCCESS.replace("Bearer", ACCESS_TOKEN)),
            Answer.json(200, SUCCESS.replace("300", "\"" + ACCESS_TOKEN + "\"")),
            Answer.json(200, SUCCESS.replace(ACCESS_TOKEN, ACCESS_TOKEN + " x")),
            Answer.json(200, SUCCESS.replace(ACCESS_TOKEN, ACCESS_TOKEN + "\\n")),
            Answer.text(200, "text/html", SUCCESS),
            Answer.text(
                200, "application/x-www-form-urlencoded", "%zz&access_token=" + ACCESS_TOKEN),
            Answer.text(500, "text/html", SUCCESS),
            Answer.text(404, "text/html", SUCCESS),
            Answer.status(302)
                .header("Location", "https://h/?" + ACCESS_TOKEN + "#" + ACCESS_TOKEN),
            Answer.status(302).header("Location", "https://" + USER_INFO + "@h/"),
            Answer.json(200, SUCCESS).header("Content-Encoding", "gzip"))) {
      server.answerAlways(answer);
      runEverything(basic());
    }
  }

  @Test
  void whenWhatComesIsNotEvenHttp() {
    for (Answer answer :
        List.of(
            Answer.raw(SUCCESS).thenClose(),
            Answer.raw("HTTP/1.1 " + ACCESS_TOKEN + "\r\n\r\n").thenClose(),
            Answer.raw("HTTP/1.1 200 OK\r\n" + ACCESS_TOKEN + "\r\n\r\n").thenClose(),
            Answer.raw("HTTP/1.1 200 OK\r\n" + ACCESS_TOKEN + " : x\r\n\r\n").thenClose(),
            Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: " + ACCESS_TOKEN + "\r\n\r\n")
                .thenClose(),
            Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + SUCCESS).thenClose(),
            Answer.raw(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + ACCESS_TOKEN
                        + "\r\n"
                        + SUCCESS)
                .thenClose(),
            Answer.resetInBody(SUCCESS, 10_000),
            Answer.cutBody(SUCCESS, 10_000),
            Answer.closeBeforeAnswer(),
            Answer.reset(),
            Answer.hang())) {
      server.answerAlways(answer);
      runEverything(basic().exchangeTimeout(Duration.ofMillis(150)));
    }
  }

  @Test
  void whenTheServerCannotBeReachedOrFound() {
    server.answerAlways(Answer.json(200, SUCCESS));
    runEverything(basic().tokenEndpoint("http://127.0.0.1:1/token?key=" + QUERY));
    String place = "/.well-known/oauth-authorization-server";
    for (Answer answer :
        List.of(
            Answer.status(404),
            Answer.json(200, SUCCESS),
            Answer.json(200, "{\"issuer\":\"" + server.issuer() + "\",\"token_endpoint\":\"x\"}"),
            Answer.json(200, "{" + ACCESS_TOKEN),
            Answer.raw(ACCESS_TOKEN).thenClose())) {
      server.script(place).answerAlways(answer);
      runEverything(
          OAuthClient.builder()
              .issuer(server.issuer().toString())
              .clientSecretBasic("id", CLIENT_SECRET)
              .maxWait(Duration.ofMillis(40)));
    }
  }

  @Test
  void whenForeignCodeThrowsSecrets() {
    RuntimeException thrown = new IllegalStateException(CLIENT_SECRET + ACCESS_TOKEN);
    server.answerAlways(Answer.json(200, SUCCESS));
    runEverythingButFetch(
        builder()
            .authentication(
                ClientAuthentication.clientSecretBasic(
                    "id",
                    () -> {
                      throw thrown;
                    })));
    runEverythingButFetch(
        basic()
            .onRotated(
                tokens -> {
                  throw thrown;
                })
            .listener(
                new RenewalListener() {
                  @Override
                  public void obtained(Obtained event) {
                    throw thrown;
                  }
                }));
    runEverythingButFetch(
        basic()
            .profile(
                ProviderProfile.builder()
                    .answerMapper(
                        answer -> {
                          throw thrown;
                        })
                    .build()));
  }

  private void runEverythingButFetch(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      noteError(client.tokens(clientGrant())::token);
      noteError(client.tokens(refreshGrant())::token);
      note(client.diagnose());
    }
  }

  @Test
  void whenTheConfigurationIsWrong() {
    for (String url :
        List.of(
            "https://" + USER_INFO + ":x@id.example.com/token",
            "http://id.example.com/token?key=" + QUERY,
            "https://id.example.com/token?key=" + QUERY + "#x",
            "https://id example.com/token?key=" + QUERY,
            "/token?key=" + QUERY)) {
      noteError(() -> basic().tokenEndpoint(url).build());
      noteError(() -> OAuthClient.builder().issuer(url).clientSecretPost("a", "b").build());
      noteError(
          () -> BearerAuthorizer.builder().bind(TokenSource.fixed(ACCESS_TOKEN), url).build());
    }
    noteError(() -> builder().clientSecretPost("id", CLIENT_SECRET + "\n"));
    noteError(() -> builder().clientSecretBasic("id", CLIENT_SECRET + "\n"));
    noteError(() -> AccessToken.bearer(ACCESS_TOKEN + "\n"));
    noteError(() -> TokenSource.fixed(ACCESS_TOKEN + " "));
    noteError(() -> Grant.clientCredentials().parameter("client_secret", CLIENT_SECRET));
    noteError(() -> Grant.clientCredentials().parameter("a", PARAMETER).parameter("a", PARAMETER));
  }

  @Test
  void whenAnyPublicTypeIsPrinted() {
    AccessToken token = AccessToken.bearer(ACCESS_TOKEN);
    TokenSet set =
        TokenSet.builder(token)
            .refreshToken(Secret.of(REFRESH_TOKEN))
            .idToken(Secret.of(ID_TOKEN))
            .extras(Map.of("extra", PARAMETER))
            .build();
    ServerIdentity identity = new ServerIdentity(null, URI.create("https://h/token?key=" + QUERY));
    AuthorizationServer someServer =
        AuthorizationServer.ofTokenEndpoint(URI.create("https://h/token?key=" + QUERY));
    MemoryTokenStore store = new MemoryTokenStore();
    GrantKey key = GrantKey.of("registration", refreshGrant());
    var stored =
        store.read(key).record().next().refreshToken(Secret.of(REFRESH_TOKEN), identity).build();
    store.compareAndSet(key, stored);
    for (ClientAuthentication method :
        List.of(
            ClientAuthentication.clientSecretBasic("id", CLIENT_SECRET),
            ClientAuthentication.clientSecretPost("id", CLIENT_SECRET),
            ClientAuthentication.clientSecret("id", () -> CLIENT_SECRET))) {
      note(method);
      note(
          method.parts(
              new ClientAuthentication.Target(
                  someServer, Endpoint.TOKEN, ProviderProfile.standard(), InstantSource.system())));
    }
    List.of(
            token,
            set,
            set.refreshToken(),
            set.idToken(),
            identity,
            someServer,
            store,
            key,
            stored,
            store.read(key),
            Variant.of(clientGrant().request()),
            Secret.of(CLIENT_SECRET),
            Scope.of("a"),
            TokenSource.fixed(ACCESS_TOKEN),
            TokenSource.fixed(ACCESS_TOKEN).diagnose(),
            new Decision.Send(
                Map.of("Authorization", token.authorization()),
                URI.create("https://h/?key=" + QUERY)),
            BearerAuthorizer.builder().bind(TokenSource.fixed(ACCESS_TOKEN), "https://h").build(),
            Challenge.parse(List.of("Negotiate " + ACCESS_TOKEN)),
            basic(),
            new RenewalListener.Obtained("g", token, true, Duration.ZERO, 1))
        .forEach(this::note);
  }
}
