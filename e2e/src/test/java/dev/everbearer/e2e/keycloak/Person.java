package dev.everbearer.e2e.keycloak;

/** Who can log in to the realm. */
public enum Person {
  ALICE,
  BOB;

  public String username() {
    return this == ALICE ? "alice" : "bob";
  }

  public String password() {
    return username() + "-password";
  }
}
