package io.parley.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.loadtest.customerio.CustomerIoSettings;
import io.parley.loadtest.customerio.TrackFault;
import io.parley.loadtest.twilio.Delay;
import io.parley.loadtest.twilio.DeliveryStatus;
import io.parley.loadtest.twilio.Fate;
import io.parley.loadtest.twilio.KeywordHandling;
import io.parley.loadtest.twilio.SendFault;
import io.parley.loadtest.twilio.TwilioSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FaultPlanTest {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private final List<String> problems = new ArrayList<>();

  private FaultPlan read(String profile) {
    try {
      return FaultPlan.read(JSON.readTree(profile), "p.yaml", problems::add);
    } catch (JsonProcessingException e) {
      throw new AssertionError(profile, e);
    }
  }

  @Test
  void readsNothingAsNothingGoingWrong() {
    assertThat(read("{name: 'short'}")).isEqualTo(FaultPlan.NONE);
    assertThat(FaultPlan.NONE.faults()).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void readsFaultsByTheirBeginning() {
    FaultPlan plan =
        read(
            """
            {faults: [
              {at: '20s', for: '500ms', on: 'twilio', what: 'error', status: 500, rate: 0.1},
              {on: 'twilio', what: 'cut_after', rate: 0.01},
              {at: '1m5s', on: 'parley', what: 'kill'},
              {at: '5s', for: 0, on: 'postgres', what: 'slow', by: '20ms'},
              {at: '6s', on: 'customerio', what: 'too_many'},
              {at: '7s', on: 'twilio', what: 'undelivered', code: 30007},
              {at: '8s', on: 'twilio', what: 'undelivered', code: 30034}]}
            """);

    assertThat(problems).isEmpty();
    assertThat(plan.faults())
        .extracting(Fault::blow)
        .containsExactly(
            new Blow.OnSend(new SendFault.CutAfterAccepting()),
            new Blow.PostgresSlow(Duration.ofMillis(20)),
            new Blow.OnTrack(new TrackFault.ErrorBeforeApplying(429)),
            new Blow.OnMessage(new Fate.Undelivered(30007)),
            new Blow.OnMessage(new Fate.Failed(30034)),
            new Blow.OnSend(new SendFault.ErrorBeforeAccepting(500)),
            new Blow.ParleyKilled());
    Fault error = plan.faults().get(5);
    assertThat(error.until()).contains(Duration.ofMillis(20_500));
    assertThat(error.title()).isEqualTo("twilio error (10.0 %)");
    assertThat(error.needsProcesses()).isFalse();
    assertThat(plan.faults().getLast().lasts()).isEmpty();
    assertThat(plan.faults().getLast().needsProcesses()).isTrue();
  }

  @Test
  void readsTheConductOfTheStandIns() {
    FaultPlan plan =
        read(
            """
            {twilio: {segments_per_second: 1.5, queue: '4h', sent: '200ms', concurrent_requests: 7,
                delivered: {median: '1500ms', p99: '8s'}, keywords: 'advanced', port: 4010,
                callbacks: {late: '50ms', twice: 0.05, reversed: 0.1, sending: true},
                errors: {'30003': 0.01, '21211': 0.001}},
             customerio: {requests_per_second: 30, triggers_twice: 0.5, port: 4011}}
            """);

    assertThat(problems).isEmpty();
    TwilioSettings twilio = plan.twilio().onto(TwilioSettings.of("AC1", "t", List.of()), 9);
    assertThat(twilio.pace().segmentsPerSecond()).isEqualTo(1.5);
    assertThat(twilio.pace().untilSent()).isEqualTo(Delay.always(Duration.ofMillis(200)));
    assertThat(twilio.pace().untilDelivered())
        .isEqualTo(new Delay(Duration.ofMillis(1500), Duration.ofSeconds(8)));
    assertThat(twilio.longestQueue()).isEqualTo(Duration.ofHours(4));
    assertThat(twilio.concurrentRequests()).isEqualTo(7);
    assertThat(twilio.keywords()).isEqualTo(KeywordHandling.ADVANCED);
    assertThat(twilio.port()).isEqualTo(4010);
    assertThat(twilio.callbacks().reported()).contains(DeliveryStatus.SENDING);
    assertThat(twilio.callbacks().duplicatedShare()).isEqualTo(0.05);
    assertThat(twilio.callbacks().reversedShare()).isEqualTo(0.1);
    assertThat(twilio.callbacks().delay()).isEqualTo(Duration.ofMillis(50));
    assertThat(twilio.callbacks().seed()).isEqualTo(9);
    assertThat(plan.twilio().errors()).isEqualTo(Map.of(30003, 0.01, 21211, 0.001));
    assertThat(plan.customerIo().onto(CustomerIoSettings.of("s", "k")))
        .isEqualTo(new CustomerIoSettings("s", "k", 4011, 30));
    assertThat(plan.customerIo().triggersTwice()).isEqualTo(0.5);
  }

  @Test
  void tellsOfEverythingThatIsWrongAtOnceWithItsPlace() {
    read(
        """
        {twilio: {pace: 3, errors: {'30003': 0.9, '30005': 0.2, 'many': 1}, keywords: 'some',
            sent: {median: '2s', p99: '1s'}, callbacks: {twice: 2}},
         customerio: 'fast',
         faults: [
           {at: 'soon', on: 'twilio', what: 'slow', by: 3},
           {on: 'shopify', what: 'down'},
           {on: 'parley', what: 'slow'},
           {on: 'parley', what: 'kill', rate: 0.1},
           {on: 'twilio', what: 'error', status: 200, code: 21211, rate: 'half'}]}
        """);

    assertThat(problems)
        .anySatisfy(it -> assertThat(it).startsWith("p.yaml: twilio.pace: is not known here"))
        .anySatisfy(it -> assertThat(it).startsWith("p.yaml: twilio.errors: the shares add up"))
        .anySatisfy(it -> assertThat(it).contains("twilio.errors.many", "five digits"))
        .anySatisfy(it -> assertThat(it).contains("twilio.keywords", "[advanced, default, off]"))
        .anySatisfy(it -> assertThat(it).contains("twilio.sent.p99", "below the median"))
        .anySatisfy(it -> assertThat(it).contains("twilio.callbacks.twice", "from 0 to 1"))
        .anySatisfy(it -> assertThat(it).contains("customerio: settings are expected"))
        .anySatisfy(it -> assertThat(it).contains("faults[0].at: 'soon' is not a duration"))
        .anySatisfy(it -> assertThat(it).contains("faults[0].by: '3' is not a duration"))
        .anySatisfy(it -> assertThat(it).contains("faults[1].on", "customerio, parley, postgres"))
        .anySatisfy(it -> assertThat(it).contains("faults[2].what", "[kill, stop]"))
        .anySatisfy(it -> assertThat(it).contains("faults[3].rate", "leave the rate out"))
        .anySatisfy(it -> assertThat(it).contains("faults[4].status", "from 400 to 599"))
        .anySatisfy(it -> assertThat(it).contains("faults[4].code: is not known here"))
        .anySatisfy(it -> assertThat(it).contains("faults[4].rate: 'half' is not a number"))
        .hasSize(15);
  }

  @Test
  void tellsThatFaultsAreAList() {
    assertThat(read("{faults: {on: 'twilio'}}").faults()).isEqualTo(List.of());
    assertThat(problems).singleElement().asString().startsWith("p.yaml: faults: a list");
  }
}
