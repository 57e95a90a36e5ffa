package dev.everbearer.e2e.keycloak;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts Keycloak before the first class that wants it; the run's end closes the store, and it. */
final class KeycloakExtension implements ExecutionCondition, BeforeAllCallback, ParameterResolver {

  private static final String ZIP = "everbearer.keycloak.zip";
  private static final String OFF =
      "The tests against Keycloak are skipped: turn them on with mvn verify -Pkeycloak"
          + " (once: 177 MB to download, half a minute to prepare).";
  private static final AtomicBoolean SAID = new AtomicBoolean();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (System.getProperty(ZIP) != null) {
      return ConditionEvaluationResult.enabled("the profile keycloak is on");
    }
    if (SAID.compareAndSet(false, true)) {
      System.out.println(OFF);
    }
    return ConditionEvaluationResult.disabled(OFF);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    keycloak(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Keycloak.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return keycloak(context);
  }

  private static Keycloak keycloak(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(Keycloak.class))
        .computeIfAbsent(
            Keycloak.class,
            key -> Keycloak.start(PreparedKeycloak.from(Path.of(System.getProperty(ZIP)))),
            Keycloak.class);
  }
}
