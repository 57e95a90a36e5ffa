package dev.everbearer.store;

import java.util.List;

/** The wish to encrypt nothing, which is told from having no key by mistake. */
final class PlainText implements StoreKeys {

  static final StoreKeys KEYS = new PlainText();

  private PlainText() {}

  @Override
  public List<StoreKey> keys() {
    return List.of();
  }

  @Override
  public String toString() {
    return "StoreKeys[plain text]";
  }
}
