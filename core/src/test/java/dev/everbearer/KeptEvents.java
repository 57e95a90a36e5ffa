package dev.everbearer;

import dev.everbearer.token.RenewalListener;
import java.util.List;

/**
 * Keeps what a listener hears.
 *
 * @param events where; thread-safe
 */
public record KeptEvents(List<Object> events) implements RenewalListener {

  @Override
  public void obtained(Obtained event) {
    events.add(event);
  }

  @Override
  public void failed(Failed event) {
    events.add(event);
  }

  @Override
  public void waited(Waited event) {
    events.add(event);
  }

  @Override
  public void healed(Healed event) {
    events.add(event);
  }

  @Override
  public void loginRequired(LoginRequired event) {
    events.add(event);
  }

  @Override
  public void storeDown(StoreDown event) {
    events.add(event);
  }

  @Override
  public void storeUp(StoreUp event) {
    events.add(event);
  }

  @Override
  public void uncommitted(Uncommitted event) {
    events.add(event);
  }

  @Override
  public void committed(Committed event) {
    events.add(event);
  }

  @Override
  public void waitingForOther(WaitingForOther event) {
    events.add(event);
  }
}
