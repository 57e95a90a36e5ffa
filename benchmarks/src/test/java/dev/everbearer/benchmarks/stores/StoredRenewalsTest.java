package dev.everbearer.benchmarks.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.benchmarks.TinyScale;
import dev.everbearer.benchmarks.stores.StoredRenewals.Found;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted; how fast it goes is nothing that is asserted. */
class StoredRenewalsTest {

  @ParameterizedTest
  @EnumSource
  void eachRenewalIsOneRotationAndThreeRoundTrips(StoreKind kind) throws Exception {
    Found found = StoredRenewals.renew(kind, TinyScale.MOMENT);
    for (RenewalRun run : List.of(found.alone(), found.full(), found.deaf())) {
      assertThat(run.renewals()).isPositive();
      assertThat(run.rotations()).isEqualTo((int) run.renewals()).isEqualTo(run.requests());
      assertThat(run.operations().writes()).isEqualTo(2 * run.renewals());
      assertThat(run.operations().kept()).isEqualTo(kind == StoreKind.MEMORY ? 0 : run.renewals());
    }
    assertThat(found.deaf().operations().reads()).isEqualTo(found.deaf().renewals());
  }
}
