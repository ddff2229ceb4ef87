package io.parley.workbench;

import static io.parley.workbench.Sids.sid;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.FlowDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PushOrderTest {

  private static final SidBook BOOK = Sids.BOOK.with("grandchild", "production", sid("FW", 'c'));

  @Test
  void aSubflowComesBeforeWhatRunsIt() {
    Map<String, FlowDocument> flows = new LinkedHashMap<>();
    flows.put("alone", runs(""));
    flows.put("parent", runs(sid("FW", 'a')));
    flows.put("child", runs(sid("FW", 'c')));
    flows.put("grandchild", runs(sid("FW", '9')));

    assertThat(PushOrder.of(flows, BOOK)).containsExactly("alone", "grandchild", "child", "parent");
  }

  @Test
  void aCircleKeepsItsOrderAndLosesNothing() {
    Map<String, FlowDocument> flows = new LinkedHashMap<>();
    flows.put("parent", runs(sid("FW", 'a')));
    flows.put("child", runs(sid("FW", '1')));

    assertThat(PushOrder.of(flows, BOOK)).containsExactlyInAnyOrder("child", "parent");
  }

  private static FlowDocument runs(String sid) {
    return FlowDocument.of(Map.of("flow_sid", sid));
  }
}
