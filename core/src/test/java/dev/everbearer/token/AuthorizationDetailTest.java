package dev.everbearer.token;

import static dev.everbearer.Exchanges.CANARY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an authorization detail is, and when one covers another (RFC 9396 sections 2 and 7.1). */
class AuthorizationDetailTest {

  private static final AuthorizationDetail PAYMENT =
      AuthorizationDetail.of("payment")
          .with("actions", List.of("initiate", "status"))
          .with("amount", Map.of("currency", "EUR", "value", 7));

  @Test
  @Spec("RA-01")
  void theOrderOfMembersDoesNotMatterThatOfArraysDoes() {
    Map<String, Object> amount = new LinkedHashMap<>();
    amount.put("value", new BigDecimal("7.00"));
    amount.put("currency", "EUR");
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("amount", amount);
    members.put("actions", List.of("initiate", "status"));
    members.put("type", "payment");
    assertThat(AuthorizationDetail.of(members)).isEqualTo(PAYMENT).hasSameHashCodeAs(PAYMENT);
    assertThat(PAYMENT.with("actions", List.of("status", "initiate"))).isNotEqualTo(PAYMENT);
    assertThat(PAYMENT.with("amount", "7")).isNotEqualTo(PAYMENT);
  }

  @Test
  @Spec("RA-01")
  void itHasATypeWhichIsAText() {
    assertThat(PAYMENT.type()).isEqualTo("payment");
    for (Map<String, Object> bad :
        List.<Map<String, Object>>of(Map.of(), Map.of("type", 7), Map.of("type", " "))) {
      assertThatThrownBy(() -> AuthorizationDetail.of(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has a type");
    }
    assertThatThrownBy(() -> PAYMENT.with("type", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatCannotStandInJsonIsRefused() {
    Map<String, Object> withNull = new HashMap<>();
    withNull.put("a", null);
    List<Object> deep = new ArrayList<>();
    List<Object> inner = deep;
    for (int i = 0; i < 20; i++) {
      List<Object> next = new ArrayList<>();
      inner.add(next);
      inner = next;
    }
    for (Object bad : List.of(new Object(), Double.NaN, withNull, deep, Map.of(1, "a"))) {
      assertThatThrownBy(() -> PAYMENT.with("x", bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void itIsACopyThatNobodyChanges() {
    List<String> actions = new ArrayList<>(List.of("read"));
    AuthorizationDetail detail = AuthorizationDetail.of("a").with("actions", actions);
    actions.add("write");
    assertThat(detail.members()).containsEntry("actions", List.of("read"));
    assertThatThrownBy(() -> detail.members().put("a", "b"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  @Spec("RA-02")
  void moreCoversLessAndLessDoesNotCoverMore() {
    AuthorizationDetail enriched =
        PAYMENT.with("account", "DE1").with("actions", Set.of("cancel", "status", "initiate"));
    assertThat(enriched.covers(PAYMENT)).isTrue();
    assertThat(PAYMENT.covers(enriched)).isFalse();
    assertThat(PAYMENT.covers(PAYMENT)).isTrue();
    assertThat(PAYMENT.with("actions", List.of("status")).covers(PAYMENT)).isFalse();
    assertThat(PAYMENT.with("amount", Map.of("currency", "EUR", "value", 6)).covers(PAYMENT))
        .isFalse();
    assertThat(PAYMENT.with("type", "other").covers(PAYMENT)).isFalse();
  }

  @Test
  @Spec("SE-03")
  void itPrintsItsTypeAlone() {
    assertThat(PAYMENT.with("account", CANARY)).hasToString("AuthorizationDetail[payment]");
  }
}
