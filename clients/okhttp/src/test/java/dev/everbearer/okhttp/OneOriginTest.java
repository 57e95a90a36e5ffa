package dev.everbearer.okhttp;

import static dev.everbearer.okhttp.Enqueueing.enqueued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.http.OAuthIOException;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.token.UnboundOriginException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Authenticator;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token stays with its origin and its grant, whatever else the client is told to do. */
class OneOriginTest extends OkHttpScene {

  /** Sends everything to the other origin, as code that picks one of several hosts does. */
  private Interceptor turning() {
    HttpUrl elsewhere = HttpUrl.get(foreign.origin().toString());
    return chain ->
        chain.proceed(
            chain
                .request()
                .newBuilder()
                .url(chain.request().url().newBuilder().port(elsewhere.port()).build())
                .build());
  }

  @Test
  @Spec("LC-50")
  void anInterceptorThatTurnsRequestsElsewhereIsHeardBeforeTheOriginIsJudged() {
    OkHttpClient turned = over(plain.newBuilder().addInterceptor(turning()).build());
    assertThatThrownBy(() -> status(turned, request("/")))
        .isInstanceOf(OAuthIOException.class)
        .hasCauseInstanceOf(UnboundOriginException.class)
        .hasMessageContaining("bind(");
    assertThat(foreign.requests()).isEmpty();
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  @Spec({"LC-50", "LC-54"})
  void anInterceptorThatIsAddedLaterCannotTurnATokenElsewhere() {
    OkHttpClient turned = http.newBuilder().addInterceptor(turning()).build();
    assertThatThrownBy(
            () -> status(turned, request("/").post(RequestBody.create("secret=1", null))))
        .isInstanceOf(OAuthIOException.class)
        .hasCauseInstanceOf(UnboundOriginException.class)
        .hasMessageContaining(foreign.origin().toString());
    assertThat(foreign.requests()).isEmpty();
  }

  @Test
  @Spec({"LC-50", "LC-54"})
  void norCanOneThatBringsItsOwnCookies() {
    Interceptor withCookies =
        chain -> turning().intercept(chain.withCookieJar(CookieJar.NO_COOKIES));
    OkHttpClient turned = http.newBuilder().addInterceptor(withCookies).build();
    assertThatThrownBy(() -> status(turned, request("/")))
        .isInstanceOf(OAuthIOException.class)
        .hasMessageContaining(foreign.origin().toString());
    assertThat(foreign.requests()).isEmpty();
  }

  /** By hand, so that nothing stands among the network interceptors. */
  private OkHttpClient byHand(Interceptor... later) {
    OkHttpClient.Builder builder =
        plain
            .newBuilder()
            .followRedirects(false)
            .addInterceptor(OAuthInterceptor.of(bound().allowUnbound().build()));
    List.of(later).forEach(builder::addInterceptor);
    return builder.build();
  }

  @Test
  @Spec({"LC-50", "LC-54"})
  void anInterceptorThatIsAddedByHandKeepsItsTokenFromOtherOriginsToo() throws Exception {
    OkHttpClient turned = byHand(turning());
    assertThatThrownBy(() -> status(turned, request("/")))
        .isInstanceOf(OAuthIOException.class)
        .hasCauseInstanceOf(UnboundOriginException.class)
        .hasMessageContaining(foreign.origin().toString());
    assertThatThrownBy(() -> enqueued(turned.newCall(request("/").build())).get())
        .cause()
        .isInstanceOf(OAuthIOException.class);
    assertThat(foreign.requests()).isEmpty();
    assertThat(status(byHand(), request("/"))).isEqualTo(200);
    assertThat(status(turned, request(foreign, "/"))).as("a bare request").isEqualTo(200);
  }

  @Test
  @Spec({"LC-50", "LC-54"})
  void theHandshakeOfAWebSocketCannotTakeATokenElsewhere() {
    OkHttpClient turned = http.newBuilder().addInterceptor(turning()).build();
    Handshake handshake = Handshake.at(turned, request("/ws"));
    assertThatThrownBy(handshake::status)
        .cause()
        .isInstanceOf(OAuthIOException.class)
        .hasMessageContaining(foreign.origin().toString());
    assertThat(foreign.requests()).isEmpty();
    assertThat(api.requests()).isEmpty();
  }

  @Test
  @Spec({"LC-37", "LC-54"})
  void aRedirectThatALaterInterceptorFollowsTakesNoTokenElsewhere() {
    api.answerNext(Answer.redirect(307, foreign.uri("/x")));
    OkHttpClient following =
        byHand(
            chain -> {
              Request request = chain.request();
              Response response = chain.proceed(request);
              String location = response.header("Location");
              response.close();
              return chain.proceed(request.newBuilder().url(location).build());
            });
    assertThatThrownBy(() -> status(following, request("/")))
        .isInstanceOf(OAuthIOException.class)
        .hasMessageContaining(foreign.origin().toString());
    assertThat(foreign.requests()).isEmpty();
  }

  @Test
  void cookiesGoTheirWay() throws IOException {
    List<Cookie> kept = new CopyOnWriteArrayList<>();
    CookieJar jar =
        new CookieJar() {
          @Override
          public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            kept.addAll(cookies);
          }

          @Override
          public List<Cookie> loadForRequest(HttpUrl url) {
            return kept;
          }
        };
    OkHttpClient keeping = over(plain.newBuilder().cookieJar(jar).build());
    api.answerNext(Answer.json(200, "{}").header("Set-Cookie", "sid=1"));
    assertThat(status(keeping, request("/"))).isEqualTo(200);
    assertThat(status(keeping, request("/"))).isEqualTo(200);
    assertThat(api.requests().get(1).header("Cookie")).contains("sid=1");
  }

  @Test
  @Spec({"LC-37", "LC-54"})
  void aClientThatFollowsRedirectsSendsNothingWithAToken() throws IOException {
    OkHttpClient byHand =
        new OkHttpClient.Builder()
            .addInterceptor(OAuthInterceptor.of(bound().allowUnbound().build()))
            .build();
    assertThatThrownBy(() -> status(byHand, request("/")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("followRedirects(false)");
    assertThatThrownBy(() -> status(http.newBuilder().followRedirects(true).build(), request("/")))
        .hasMessageContaining("OAuthInterceptor.over");
    assertThat(api.requests()).isEmpty();
    assertThat(status(byHand, request(foreign, "/"))).as("a bare request").isEqualTo(200);
    OkHttpClient obedient = byHand.newBuilder().followRedirects(false).build();
    assertThat(status(obedient, request("/"))).isEqualTo(200);
  }

  @Test
  void asANetworkInterceptorItIsRefused() {
    OkHttpClient wrong =
        plain
            .newBuilder()
            .addNetworkInterceptor(OAuthInterceptor.of(bound().build()))
            .followRedirects(false)
            .build();
    assertThatIllegalStateException()
        .isThrownBy(() -> status(wrong, request("/")))
        .withMessageContaining("addInterceptor");
    assertThat(api.requests()).isEmpty();
  }

  @Test
  void tokensAreAttachedOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> over(http))
        .withMessageContaining("attaches tokens already");
  }

  @Test
  void whatTheAnswerShowsIsTheCallersOwnRequest() throws IOException {
    api.answerNext(
        Answer.redirect(302, api.uri("/there")), Answer.status(503).header("Retry-After", "0"));
    OkHttpClient following =
        OAuthInterceptor.of(bound().followSameOriginRedirects().build()).over(plain);
    Request request = request("/here").header("X-Mine", "1").build();
    try (Response response = following.newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.request().url().encodedPath()).isEqualTo("/there");
      assertThat(response.request().header("X-Mine")).isEqualTo("1");
      assertThat(response.request().header("Authorization")).isNull();
      assertThat(response.networkResponse().request().header("Authorization")).isNull();
      assertThat(response.priorResponse().code()).isEqualTo(503);
      assertThat(response.priorResponse().request().header("Authorization")).isNull();
      assertThat(response.priorResponse().networkResponse().request().header("Authorization"))
          .isNull();
    }
    assertThat(api.requests())
        .hasSize(3)
        .allMatch(sent -> sent.header("Authorization").isPresent());
    try (Response response = http.newCall(request).execute()) {
      assertThat(response.request()).isSameAs(request);
    }
  }

  private static Interceptor noting(List<Request> seen) {
    return chain -> {
      seen.add(chain.request());
      Response response = chain.proceed(chain.request());
      seen.add(response.request());
      return response;
    };
  }

  private static List<String> tokens(List<Request> seen) {
    return seen.stream().flatMap(each -> each.headers("Authorization").stream()).toList();
  }

  @Test
  @Spec("SE-03")
  void noInterceptorAboveTheLastNetworkInterceptorSeesTheToken() throws IOException {
    List<Request> above = new CopyOnWriteArrayList<>();
    List<Request> below = new CopyOnWriteArrayList<>();
    OkHttpClient noted =
        over(plain.newBuilder().addNetworkInterceptor(noting(above)).build())
            .newBuilder()
            .addInterceptor(noting(above))
            .addNetworkInterceptor(noting(below))
            .build();
    assertThat(status(noted, request("/"))).isEqualTo(200);
    server.revokeAllAccessTokens();
    assertThat(status(noted, request("/"))).as("renewed and sent again").isEqualTo(200);
    assertThat(above).hasSize(3 * 4);
    assertThat(tokens(above)).isEmpty();
    assertThat(tokens(below)).hasSize(3 * 2);
    assertThat(api.requests())
        .hasSize(3)
        .allMatch(sent -> sent.headers("Authorization").size() == 1);
  }

  @Test
  @Spec("LC-54")
  void withoutTheNetworkInterceptorNoTokenIsSent() throws IOException {
    OkHttpClient.Builder bared = http.newBuilder();
    bared.networkInterceptors().clear();
    assertThat(status(bared.build(), request("/"))).isEqualTo(401);
    assertThat(api.requests()).noneMatch(sent -> sent.header("Authorization").isPresent());
  }

  @Test
  void aCallCarriesNothingOnceItIsAnswered() throws IOException {
    Call call = http.newCall(request("/").build());
    try (Response response = call.execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    Request again = request("/").build();
    assertThat(Carried.unloaded(call, again)).isSameAs(again);
  }

  // ---- what requests of several grants share

  @Test
  void anAuthorizedAnswerIsNeitherKeptNorTakenFromTheCache(@TempDir Path directory)
      throws IOException {
    try (Cache cache = new Cache(directory.toFile(), 1_000_000)) {
      OkHttpClient caching = plain.newBuilder().cache(cache).build();
      OkHttpClient authorized = OAuthInterceptor.of(bound().allowUnbound().build()).over(caching);
      Answer keepable = Answer.text(200, "text/plain", "x").header("Cache-Control", "max-age=9999");
      api.answerAlways(keepable);
      foreign.answerAlways(keepable);
      for (int i = 0; i < 2; i++) {
        assertThat(status(authorized, request("/"))).isEqualTo(200);
        assertThat(status(authorized, request(foreign, "/"))).isEqualTo(200);
      }
      assertThat(api.requests()).as("each call of a grant is made").hasSize(2);
      assertThat(status(caching, request("/"))).isEqualTo(200);
      assertThat(api.requests()).as("what a grant was told is not for others").hasSize(3);
      assertThat(status(authorized, request("/"))).isEqualTo(200);
      assertThat(api.requests()).as("what others were told is not for a grant").hasSize(4);
      assertThat(foreign.requests()).as("without a token the cache serves").hasSize(1);
    }
  }

  @Test
  @Spec("LC-30")
  void anAuthenticatorIsAskedAboutRequestsWithoutATokenAlone() throws IOException {
    Authenticator mine =
        (route, response) ->
            response.request().header("Authorization").equals("Bearer mine")
                ? response.request().newBuilder().header("Authorization", "Bearer other").build()
                : null;
    OkHttpClient authenticating = over(plain.newBuilder().authenticator(mine).build());
    assertThat(status(authenticating, request("/").header("Authorization", "Bearer mine")))
        .isEqualTo(401);
    assertThat(api.requests()).hasSize(2);
    Authenticator meddling =
        (route, response) ->
            response.request().newBuilder().header("Authorization", "Bearer other").build();
    OkHttpClient meddled = over(plain.newBuilder().authenticator(meddling).build());
    assertThat(status(meddled, request("/"))).isEqualTo(200);
    server.revokeAllAccessTokens();
    assertThat(status(meddled, request("/"))).isEqualTo(200);
    assertThat(api.requests()).hasSize(2 + 1 + 2);
    assertThat(server.tokenRequests()).hasSize(2);
  }
}
