package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevenueTest {

  private static Values order(Map<String, Object> properties) {
    return new Values(properties);
  }

  @Test
  void theValueIsReadAsShopsTellIt() {
    assertThat(Revenue.of(order(Map.of("value", 82.5, "currency", "USD"))))
        .contains(new Revenue(new BigDecimal("82.5"), "USD"));
    assertThat(Revenue.of(order(Map.of("value", " 82.50 ", "currency", " eur"))))
        .contains(new Revenue(new BigDecimal("82.50"), "EUR"));
    assertThat(Revenue.of(order(Map.of("total", 90L, "revenue", 80L))))
        .contains(new Revenue(new BigDecimal("90"), ""));
  }

  @Test
  void whatIsNoValueIsPassedOver() {
    assertThat(Revenue.of(order(Map.of("value", "a lot", "revenue", 80L, "currency", "dollars"))))
        .contains(new Revenue(new BigDecimal("80"), ""));
    assertThat(Revenue.of(order(Map.of("order_id", "1")))).isEmpty();
  }
}
