package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.rest.studio.v2.Flow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Flow files and the sids that they are known by.
class FlowFolderTest {

  private static final String SID = "FW0123456789abcdef0123456789abcdef";
  private static final Service SERVICE = Service.start();

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  private static void restartWith(String sids) {
    SERVICE.publishSids(sids);
    SERVICE.stop();
    SERVICE.restart();
  }

  @Test
  void aFileHasTheSidOfTheEnvironmentThatTheFilesAreOf() {
    SERVICE.publish("survey", Service.CART);

    restartWith(
        """
        files: production
        environments: {production: {}, staging: {}}
        sids:
          survey: {production: %s, staging: FWffffffffffffffffffffffffffffffff}
        """
            .formatted(SID));

    Flow flow = Flow.fetcher(SID).fetch(new StudioClient(SERVICE, StudioSpec.load()).rest());
    assertThat(flow.getFriendlyName()).isEqualTo("survey");
  }

  @Test
  void sidsThatCannotBeReadKeepTheServiceFromStarting() {
    assertThatThrownBy(() -> restartWith("files: nowhere\n"))
        .hasMessageContaining("sids.yaml")
        .hasMessageContaining("nowhere");

    restartWith("files: production\nenvironments: {production: {}}\n");
  }
}
