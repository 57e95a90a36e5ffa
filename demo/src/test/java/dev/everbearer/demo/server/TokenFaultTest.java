package dev.everbearer.demo.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenFaultTest {

  private static final String BROKEN = "broken";
  private static final String LATE = "late";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final DemoServers servers = DemoServers.start();
  private final Caller caller = new Caller(servers);

  @AfterAll
  void stop() {
    servers.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyFaultIsCountedAndEnds(TokenFault fault) {
    long before = servers.tokenRequestsRefused();
    long issued = servers.tokensIssued();

    outcome(fault, 150);

    assertThat(servers.met(fault)).isPositive();
    assertThat(servers.tokenRequestsRefused()).isEqualTo(before + 1);
    assertThat(servers.tokensIssued()).isEqualTo(issued);
    assertThat(caller.clientCredentials().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          STATUS_500              | 500
          STATUS_502              | 502 <html>Bad gateway</html>
          STATUS_503              | 503
          STATUS_429              | 429
          STATUS_429_RETRY_AFTER  | 429 after 2
          STATUS_503_RETRY_AFTER  | 503 after 2
          TEMPORARILY_UNAVAILABLE | 400 {"error":"temporarily_unavailable"}
          HTML_WITH_200           | 200 <html>Welcome</html>
          EMPTY                   | 200
          NO_TOKEN                | 200 {"token_type":"Bearer"}
          ERROR_WITH_200          | 200 {"error":"server_error"}
          REDIRECT                | 307
          STATUS_400              | 400 no
          STATUS_401              | 401 <html>Who?</html>
          """)
  void whatCanBeReadIsWhatItsNameSays(TokenFault fault, String answer) {
    assertThat(outcome(fault, 5000)).isEqualTo(answer);
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT", "CLOSED", "ENDLESS"})
  void whatIsBrokenOffIsNoAnswer(TokenFault fault) {
    assertThat(outcome(fault, 5000)).isEqualTo(BROKEN);
  }

  @ParameterizedTest
  @EnumSource(names = {"HANG", "DRIP"})
  void whatIsSlowIsLate(TokenFault fault) {
    assertThat(outcome(fault, 300)).isEqualTo(LATE);
  }

  @Test
  void whatNoTokenMayLookLikeLooksLikeThat() {
    assertThat(outcome(TokenFault.BAD_CHARACTERS, 5000)).contains("never\\r\\nX: y");
    assertThat(outcome(TokenFault.DEEP, 5000)).endsWith("[[[[");
    assertThat(outcome(TokenFault.GARBAGE, 5000)).startsWith("200 \u0001");
    assertThat(outcome(TokenFault.STATUS_503_RETRY_AT, 5000)).contains("GMT");
  }

  @Test
  void nothingElseThanATokenRequestMeetsAFault() {
    String token = caller.clientCredentials().text("access_token");
    long before = servers.tokenRequestsRefused();
    servers.fault(TokenFault.STATUS_503);
    try {
      assertThat(caller.user(token).status()).isEqualTo(200);
      assertThat(caller.get(servers.issuer().resolve("/oauth2/jwks")).status()).isEqualTo(200);
    } finally {
      servers.fault(null);
    }
    assertThat(servers.tokenRequestsRefused()).isEqualTo(before);
  }

  /** What a plain client sees: status, Retry-After and body, or that there is no whole answer. */
  private String outcome(TokenFault fault, long millis) {
    servers.fault(fault);
    CompletableFuture<HttpResponse<String>> sent =
        HTTP.sendAsync(request(), BodyHandlers.ofString(UTF_8));
    try {
      HttpResponse<String> response = sent.get(millis, TimeUnit.MILLISECONDS);
      String after = response.headers().firstValue("Retry-After").map(" after "::concat).orElse("");
      return (response.statusCode() + after + " " + response.body()).strip();
    } catch (ExecutionException e) {
      return BROKEN;
    } catch (TimeoutException e) {
      sent.cancel(true);
      return LATE;
    } catch (InterruptedException e) {
      throw new AssertionError("The call was interrupted", e);
    } finally {
      servers.fault(null);
    }
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(servers.tokenEndpoint())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
        .build();
  }
}
