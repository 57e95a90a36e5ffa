package dev.everbearer.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What callers see, and what is logged at any level, while calls go right and wrong: no token and
 * no secret is in it.
 */
@Spec("SE-03")
class OkHttpSecrecyTest extends OkHttpScene {

  private static final List<String> OTHERS = List.of("jdk.", "java.", "sun.", "org.eclipse.jetty");
  private static final Answer TOKEN =
      Answer.json(
          200, "{\"access_token\":\"CanaryToken\",\"token_type\":\"Bearer\",\"expires_in\":300}");

  private final Logger root = Logger.getLogger("");
  private final @Nullable Level levelBefore = root.getLevel();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          String logger = String.valueOf(line.getLoggerName());
          if (OTHERS.stream().noneMatch(logger::startsWith)) {
            said.add(line.getMessage() + Arrays.toString(line.getParameters()));
            note(line.getThrown());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    handler.setLevel(Level.ALL);
    root.setLevel(Level.ALL);
    root.addHandler(handler);
    server.answerAlways(TOKEN);
    api.answerAlways(Answer.status(200));
  }

  @Override
  OAuthClientBuilder builder() {
    return super.builder().clientSecretBasic("id", "CanarySecret");
  }

  @AfterEach
  void nothingSaidHoldsACanary() {
    root.removeHandler(handler);
    root.setLevel(levelBefore);
    assertThat(said).hasSizeGreaterThan(2).noneMatch(text -> text.contains("Canary"));
  }

  private void note(@Nullable Throwable thrown) {
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      said.add(trace.toString());
    }
  }

  /** Everything that an interceptor of the caller's, or the caller, could log of an answer. */
  private void note(Response response) {
    List<Response> all = new ArrayList<>();
    all.add(response);
    for (Response next : new Response[] {response.networkResponse(), response.priorResponse()}) {
      if (next != null) {
        all.add(next);
      }
    }
    for (Response each : all) {
      said.add(each + " " + each.headers().toMultimap());
      said.add(each.request() + " " + each.request().headers().toMultimap());
    }
  }

  private void call(Request.Builder request) {
    Request built = request.build();
    said.add(http + " " + http.interceptors() + " " + client.diagnose());
    try (Response response = http.newCall(built).execute()) {
      note(response);
    } catch (IOException e) {
      note(e);
    }
  }

  @Test
  void whileAllIsWell() {
    call(request("/a"));
    call(request("/b"));
    assertThat(api.requests())
        .hasSize(2)
        .allMatch(sent -> sent.header("Authorization").orElse("").endsWith("CanaryToken"));
  }

  @Test
  void whenTheApiRefusesOrRedirects() {
    api.answerAlways(invalidToken());
    call(request("/a"));
    api.answerAlways(Answer.redirect(307, foreign.uri("/x")));
    call(request("/a"));
    api.answerAlways(Answer.reset());
    call(request("/a"));
  }

  @Test
  void whenTheRequestMayNotGoThere() {
    call(request(foreign, "/x"));
    call(request("/a"));
    assertThat(foreign.totalConnections()).isZero();
  }

  @Test
  void whenNoTokenComes() {
    http = over(plain.newBuilder().callTimeout(Duration.ofMillis(500)).build());
    for (Answer answer :
        List.of(
            Answer.json(400, "{\"error\":\"invalid_scope\"}"),
            Answer.json(200, "{\"access_token\":\"CanaryToken"),
            Answer.text(500, "text/html", "CanaryToken"))) {
      server.answerAlways(answer);
      call(request("/a"));
    }
  }
}
