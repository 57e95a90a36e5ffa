package dev.everbearer.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's driver has beyond JDBC, without which this module is compiled. */
final class PostgresDriver {

  private static final String CONNECTION = "org.postgresql.PGConnection";
  private static final String NOTIFICATION = "org.postgresql.PGNotification";

  private final Object connection;
  private final Method getNotifications;
  private final Method getParameter;

  private PostgresDriver(Object connection, Method getNotifications, Method getParameter) {
    this.connection = connection;
    this.getNotifications = getNotifications;
    this.getParameter = getParameter;
  }

  /** What is below a connection; null when that is of another driver. */
  static @Nullable PostgresDriver below(Connection connection) throws SQLException {
    try {
      ClassLoader loader = PostgresDriver.class.getClassLoader();
      Class<?> type = Class.forName(CONNECTION, false, loader);
      return connection.isWrapperFor(type)
          ? new PostgresDriver(
              connection.unwrap(type),
              type.getMethod("getNotifications", int.class),
              Class.forName(NOTIFICATION, false, loader).getMethod("getParameter"))
          : null;
    } catch (ClassNotFoundException | NoSuchMethodException e) {
      return null;
    }
  }

  /** The texts of the notices that came, or come in the time given. */
  List<String> notices(int millis) throws SQLException {
    try {
      List<String> texts = new ArrayList<>();
      if (getNotifications.invoke(connection, millis) instanceof Object[] notices) {
        for (Object notice : notices) {
          texts.add(String.valueOf(getParameter.invoke(notice)));
        }
      }
      return texts;
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException sql ? sql : new SQLException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new SQLException(e);
    }
  }
}
