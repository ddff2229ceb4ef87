package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.twilio.http.TwilioRestClient;
import com.twilio.rest.studio.v2.Flow;
import com.twilio.rest.studio.v2.FlowValidate;
import com.twilio.rest.studio.v2.flow.Execution;
import com.twilio.rest.studio.v2.flow.FlowRevision;
import com.twilio.rest.studio.v2.flow.FlowTestUser;
import com.twilio.rest.studio.v2.flow.execution.ExecutionContext;
import com.twilio.rest.studio.v2.flow.execution.ExecutionStep;
import com.twilio.rest.studio.v2.flow.execution.executionstep.ExecutionStepContext;
import com.twilio.type.PhoneNumber;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Every operation of Twilio's description of the API, by twilio-java, each answer held against it.
class StudioTourTest {

  private static final Map<String, Object> DEFINITION = new JsonObject(Service.CART).getMap();

  @Test
  void everyOperationAnswersAsItIsDescribed() {
    Optional<StudioSpec> spec = StudioSpec.load();
    assumeTrue(spec.isPresent(), "there is no " + StudioSpec.file());
    try (Service service = Service.start()) {
      TwilioRestClient twilio = new StudioClient(service, spec).rest();
      FlowValidate.updater("Tour", FlowValidate.Status.DRAFT, DEFINITION).update(twilio);
      String flow = Flow.creator("Tour", Flow.Status.DRAFT, DEFINITION).create(twilio).getSid();
      Flow.updater(flow, Flow.Status.PUBLISHED).update(twilio);
      Flow.fetcher(flow).fetch(twilio);
      assertThat(Flow.reader().read(twilio)).hasSize(2);
      assertThat(FlowRevision.reader(flow).read(twilio)).hasSize(2);
      FlowRevision.fetcher(flow, "LatestPublished").fetch(twilio);
      FlowTestUser.updater(flow, List.of("+14155550142")).update(twilio);
      FlowTestUser.fetcher(flow).fetch(twilio);
      visitExecutions(twilio, flow);
      Flow.deleter(flow).delete(twilio);
    }

    assertThat(spec.get().seen()).isEqualTo(spec.get().operations());
  }

  private static void visitExecutions(TwilioRestClient twilio, String flow) {
    String execution =
        Execution.creator(flow, new PhoneNumber("+14155550142"), new PhoneNumber(Service.OURS))
            .create(twilio)
            .getSid();
    Execution.fetcher(flow, execution).fetch(twilio);
    assertThat(Execution.reader(flow).read(twilio)).hasSize(1);
    ExecutionContext.fetcher(flow, execution).fetch(twilio);
    ExecutionStep step = ExecutionStep.reader(flow, execution).read(twilio).iterator().next();
    ExecutionStep.fetcher(flow, execution, step.getSid()).fetch(twilio);
    ExecutionStepContext.fetcher(flow, execution, step.getSid()).fetch(twilio);
    Execution.updater(flow, execution, Execution.Status.ENDED).update(twilio);
    Execution.deleter(flow, execution).delete(twilio);
  }
}
