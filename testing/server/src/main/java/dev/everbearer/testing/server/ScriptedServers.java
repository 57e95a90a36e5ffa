package dev.everbearer.testing.server;

import dev.everbearer.testing.SettableClock;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit Jupiter extension that hands servers to tests and closes them after each test.
 *
 * <pre>{@code
 * @ExtendWith(ScriptedServers.class)
 * class MyClientTest {
 *   @Test
 *   void test(ScriptedAuthorizationServer server, ScriptedApi api, SettableClock clock) { ... }
 * }
 * }</pre>
 *
 * <p>Parameters of the types {@link ScriptedAuthorizationServer}, {@link ScriptedApi} and {@link
 * SettableClock} are resolved in test methods, in lifecycle methods around each test and in
 * constructors. Within one test they are always the same; a server is started when it is first
 * asked for, and the API takes the tokens of the authorization server. As soon as the test method
 * or the method asking first has a {@code SettableClock}, the servers go by that clock.
 *
 * <p>Registered with {@code @RegisterExtension}, the methods of this class give the same servers.
 * They serve one test at a time: for tests that run in parallel, use parameters.
 */
public final class ScriptedServers
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(ScriptedServers.class);
  private static final Set<Class<?>> TYPES =
      Set.of(ScriptedAuthorizationServer.class, ScriptedApi.class, SettableClock.class);

  private volatile @Nullable ServersOfTest current;

  /** Servers that go by the system's clock unless a test asks for a settable one. */
  public ScriptedServers() {}

  /** The authorization server of the running test. */
  public ScriptedAuthorizationServer authorizationServer() {
    return current().authorizationServer();
  }

  /** The protected API of the running test. */
  public ScriptedApi api() {
    return current().api();
  }

  /**
   * The clock of the running test; to be asked for before the servers, which then go by it.
   *
   * @throws IllegalStateException if a server was started on the system's clock already
   */
  public SettableClock clock() {
    return current().clock();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    current = serversOf(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    current = null;
    serversOf(context).close();
  }

  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(
      ExtensionContext rootContext) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType())
        && context.getTestMethod().isPresent();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ServersOfTest servers = serversOf(context);
    Class<?>[] neighbours = parameter.getDeclaringExecutable().getParameterTypes();
    Class<?>[] ofTest =
        context.getTestMethod().map(Method::getParameterTypes).orElse(new Class<?>[0]);
    if (asksForClock(neighbours) || asksForClock(ofTest)) {
      servers.clock();
    }
    return servers.ofType(parameter.getParameter().getType());
  }

  private static boolean asksForClock(Class<?>[] types) {
    return Arrays.asList(types).contains(SettableClock.class);
  }

  private static ServersOfTest serversOf(ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    ServersOfTest existing = store.get(ServersOfTest.class, ServersOfTest.class);
    if (existing != null) {
      return existing;
    }
    ServersOfTest created = new ServersOfTest();
    store.put(ServersOfTest.class, created);
    return created;
  }

  private ServersOfTest current() {
    ServersOfTest servers = current;
    if (servers == null) {
      throw new IllegalStateException("No test is running");
    }
    return servers;
  }
}
