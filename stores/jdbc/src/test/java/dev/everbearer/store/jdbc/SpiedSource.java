package dev.everbearer.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Sees how connections come back. */
final class SpiedSource implements DataSource {

  private final DataSource source;
  private final boolean autoCommit;
  private final List<Connection> open = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int borrowed;

  SpiedSource(DataSource source, boolean autoCommit) {
    this.source = source;
    this.autoCommit = autoCommit;
  }

  int borrowed() {
    return borrowed;
  }

  void assertAllCameBack() {
    assertThat(open).isEmpty();
    assertThat(wrong).isEmpty();
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection real = source.getConnection();
    real.setAutoCommit(autoCommit);
    borrowed++;
    open.add(real);
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                cameBack(real);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void cameBack(Connection real) throws SQLException {
    open.remove(real);
    if (real.getAutoCommit() != autoCommit) {
      wrong.add("autoCommit is " + real.getAutoCommit());
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return source.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    source.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    source.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return source.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return source.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return source.isWrapperFor(type);
  }
}
