package dev.everbearer.okhttp;

import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.testing.contract.HttpAdapterContract;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Nested;

/** The client that the interceptor makes, both ways of calling. */
class OkHttpContractTest {

  @Nested
  class Executed extends HttpAdapterContract {

    @Override
    protected Sender open(BearerAuthorizer authorizer) {
      return new OkHttpSender(OAuthInterceptor.of(authorizer).over(new OkHttpClient())) {
        @Override
        Response answer(Call call) throws Exception {
          return call.execute();
        }
      };
    }
  }

  @Nested
  class Enqueued extends HttpAdapterContract {

    @Override
    protected Sender open(BearerAuthorizer authorizer) {
      return new OkHttpSender(OAuthInterceptor.of(authorizer).over(new OkHttpClient())) {
        @Override
        Response answer(Call call) throws Exception {
          return outcome(Enqueueing.enqueued(call));
        }
      };
    }
  }
}
