package dev.everbearer.demo.server;

import java.net.InetAddress;
import java.net.URI;
import java.util.function.Consumer;
import org.apache.catalina.Valve;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.support.GenericApplicationContext;

/**
 * One web application on a loopback port that the operating system picks. It holds the beans of its
 * configuration and no others: nothing is scanned or configured automatically, so that it is ready
 * soon.
 */
final class LoopbackServer implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  private final AnnotationConfigServletWebServerApplicationContext context;
  private final URI origin;

  private LoopbackServer(
      AnnotationConfigServletWebServerApplicationContext context, WebServer server) {
    this.context = context;
    this.origin = URI.create("http://" + HOST + ":" + server.getPort());
  }

  /**
   * Runs {@code configuration} together with the ready-made {@code beans}, with {@code valves} in
   * front of it.
   */
  static LoopbackServer start(
      Class<?> configuration, Consumer<GenericApplicationContext> beans, Valve... valves) {
    var context = new AnnotationConfigServletWebServerApplicationContext();
    context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
    context.registerBean(TomcatServletWebServerFactory.class, () -> tomcat(valves));
    context.registerBean(
        "nothingElse",
        ServletRegistrationBean.class,
        () -> new ServletRegistrationBean<>(new NotFoundServlet(), "/"));
    context.register(configuration);
    beans.accept(context);
    context.refresh();
    WebServer server = context.getWebServer();
    if (server == null) {
      throw new IllegalStateException("The web server of " + configuration + " did not start");
    }
    return new LoopbackServer(context, server);
  }

  private static TomcatServletWebServerFactory tomcat(Valve... valves) {
    var factory = new TomcatServletWebServerFactory(0);
    factory.setAddress(InetAddress.getLoopbackAddress());
    factory.getSettings().addInitializers(web -> web.setRequestCharacterEncoding("UTF-8"));
    factory.addEngineValves(valves);
    return factory;
  }

  /** The scheme, host and port under which the application is reached. */
  URI origin() {
    return origin;
  }

  @Override
  public void close() {
    context.close();
  }
}
