package dev.everbearer.e2e.keycloak;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One Chromium for the whole run, ended with it. */
final class ChromiumExtension implements ExecutionCondition, ParameterResolver {

  private static final String COMMAND = "everbearer.chromium";
  private static final String OFF =
      "The tests with a browser are skipped: install Chromium (apt-get install chromium) and turn"
          + " them on with mvn verify -Pkeycloak,browser.";
  private static final AtomicBoolean SAID = new AtomicBoolean();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (System.getProperty(COMMAND) != null) {
      return ConditionEvaluationResult.enabled("the profile browser is on");
    }
    if (SAID.compareAndSet(false, true)) {
      System.out.println(OFF);
    }
    return ConditionEvaluationResult.disabled(OFF);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Chromium.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(Chromium.class))
        .computeIfAbsent(
            Chromium.class, key -> Chromium.start(System.getProperty(COMMAND)), Chromium.class);
  }
}
