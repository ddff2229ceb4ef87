package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.base.Page;
import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.studio.v2.Flow;
import com.twilio.rest.studio.v2.FlowValidate;
import com.twilio.rest.studio.v2.flow.FlowRevision;
import com.twilio.rest.studio.v2.flow.FlowTestUser;
import io.parley.engine.FlowSid;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Flows, revisions and test users, as twilio-java meets them.
class StudioFlowsTest {

  private static final Service SERVICE = Service.start();
  private static final StudioClient HTTP = new StudioClient(SERVICE, StudioSpec.load());
  private static final TwilioRestClient TWILIO = HTTP.rest();
  private static final Map<String, Object> DEFINITION = new JsonObject(Service.CART).getMap();

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  private static Flow create(String name, Flow.Status status) {
    return Flow.creator(name, status, DEFINITION).setCommitMessage("first").create(TWILIO);
  }

  @Test
  void aFlowIsCreatedAndFetched() {
    Flow created = create("Care", Flow.Status.DRAFT);
    Flow fetched = Flow.fetcher(created.getSid()).fetch(TWILIO);

    assertThat(created.getSid()).matches("FW[0-9a-f]{32}");
    assertThat(created.getAccountSid()).isEqualTo(Service.ACCOUNT_SID);
    assertThat(created.getRevision()).isEqualTo(1);
    assertThat(created.getValid()).isTrue();
    assertThat(created.getErrors()).isEmpty();
    assertThat(created.getDateUpdated()).isNull();
    assertThat(fetched.getFriendlyName()).isEqualTo("Care");
    assertThat(fetched.getStatus()).isEqualTo(Flow.Status.DRAFT);
    assertThat(fetched.getCommitMessage()).isEqualTo("first");
    assertThat(fetched.getDefinition()).isEqualTo(DEFINITION);
    assertThat(fetched.getUrl()).hasToString(Service.PUBLIC_URL + "/v2/Flows/" + created.getSid());
    assertThat(fetched.getLinks()).containsOnlyKeys("revisions", "test_users", "executions");
  }

  @Test
  void anUpdateIsARevisionAlsoWithTheSameDefinition() {
    Flow created = create("Care", Flow.Status.DRAFT);

    Flow published =
        Flow.updater(created.getSid(), Flow.Status.PUBLISHED).setCommitMessage("go").update(TWILIO);
    Flow renamed =
        Flow.updater(created.getSid(), Flow.Status.DRAFT)
            .setFriendlyName("Better care")
            .setDefinition(DEFINITION)
            .update(TWILIO);

    assertThat(published.getRevision()).isEqualTo(2);
    assertThat(published.getStatus()).isEqualTo(Flow.Status.PUBLISHED);
    assertThat(published.getDefinition()).isEqualTo(DEFINITION);
    assertThat(published.getDateUpdated()).isNotNull();
    assertThat(renamed.getRevision()).isEqualTo(3);
    assertThat(renamed.getFriendlyName()).isEqualTo("Better care");
    assertThat(renamed.getCommitMessage()).isNull();
  }

  @Test
  void revisionsAreFetchedByNumberAndByWord() {
    String sid = create("Care", Flow.Status.PUBLISHED).getSid();
    Flow.updater(sid, Flow.Status.DRAFT).setFriendlyName("Later").update(TWILIO);

    FlowRevision first = FlowRevision.fetcher(sid, "1").fetch(TWILIO);
    FlowRevision published = FlowRevision.fetcher(sid, "LatestPublished").fetch(TWILIO);
    FlowRevision latest = FlowRevision.fetcher(sid, "LatestRevision").fetch(TWILIO);
    List<Integer> all = new ArrayList<>();
    FlowRevision.reader(sid).read(TWILIO).forEach(it -> all.add(it.getRevision()));

    assertThat(first.getFriendlyName()).isEqualTo("Care");
    assertThat(first.getDefinition()).isEqualTo(DEFINITION);
    assertThat(published.getRevision()).isEqualTo(1);
    assertThat(latest.getRevision()).isEqualTo(2);
    assertThat(latest.getFriendlyName()).isEqualTo("Later");
    assertThat(all).containsExactly(2, 1);
    assertRefused(() -> FlowRevision.fetcher(sid, "newest").fetch(TWILIO), 400, 81021);
    assertRefused(() -> FlowRevision.fetcher(sid, "3").fetch(TWILIO), 404, 20404);
  }

  @Test
  void aFlowThatHasDraftsOnlyHasNoPublishedRevision() {
    String sid = create("Care", Flow.Status.DRAFT).getSid();

    assertRefused(() -> FlowRevision.fetcher(sid, "LatestPublished").fetch(TWILIO), 404, 20404);
  }

  @Test
  void aDeletedFlowIsGone() {
    String sid = create("Care", Flow.Status.PUBLISHED).getSid();

    assertThat(Flow.deleter(sid).delete(TWILIO)).isTrue();

    assertRefused(() -> Flow.fetcher(sid).fetch(TWILIO), 404, 20404);
    assertRefused(() -> Flow.deleter(sid).delete(TWILIO), 404, 20404);
    assertRefused(() -> FlowTestUser.fetcher(sid).fetch(TWILIO), 404, 20404);
    assertRefused(
        () -> Flow.updater(sid, Flow.Status.DRAFT).setFriendlyName("x").update(TWILIO), 404, 20404);
    assertThat(HTTP.get("/v2/Flows/" + sid + "/Revisions").status()).isEqualTo(404);
    assertThat(HTTP.get("/v2/Flows/" + sid + "/Executions").status()).isEqualTo(404);
  }

  @Test
  void whatIsWrongWithADefinitionIsToldByPointer() {
    Map<String, Object> broken =
        new JsonObject(Service.CART.replace("\"next\": \"nudge\"", "\"next\": \"nowhere\""))
            .getMap();

    assertThat(
            FlowValidate.updater("Care", FlowValidate.Status.DRAFT, DEFINITION)
                .update(TWILIO)
                .getValid())
        .isTrue();
    assertThatThrownBy(
            () -> FlowValidate.updater("Care", FlowValidate.Status.DRAFT, broken).update(TWILIO))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.getCode()).isEqualTo(81022);
              assertThat(refused.getDetails().get("errors"))
                  .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                  .singleElement()
                  .extracting("property_path")
                  .isEqualTo("#/states/1/transitions/1/next");
            });
    for (Flow.Status status : Flow.Status.values()) {
      assertRefused(() -> Flow.creator("Care", status, broken).create(TWILIO), 400, 81022);
    }
  }

  @Test
  void aListIsPagedForthAndBack() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.addFirst(create("Paged " + i, Flow.Status.DRAFT).getSid());
    }

    Page<Flow> first = Flow.reader().setPageSize(2L).firstPage(TWILIO);
    create("Made meanwhile", Flow.Status.DRAFT);
    Page<Flow> second = Flow.reader().nextPage(first, TWILIO);
    Page<Flow> third = Flow.reader().nextPage(second, TWILIO);
    Page<Flow> back = Flow.reader().previousPage(third, TWILIO);
    List<String> all =
        StreamSupport.stream(Flow.reader().setPageSize(2L).read(TWILIO).spliterator(), false)
            .map(Flow::getSid)
            .toList();

    assertThat(sids(first)).isEqualTo(made.subList(0, 2));
    assertThat(sids(second)).isEqualTo(made.subList(2, 4));
    assertThat(sids(third)).startsWith(made.get(4));
    assertThat(sids(back)).isEqualTo(sids(second));
    assertThat(all).containsAll(made).doesNotHaveDuplicates();
    assertThat(first.getRecords().getFirst().getDefinition()).as("in lists").isNull();
  }

  private static List<String> sids(Page<Flow> page) {
    return page.getRecords().stream().map(Flow::getSid).toList();
  }

  @Test
  void theFirstAndTheLastPageSaySo() {
    JsonObject meta = HTTP.get("/v2/Flows?PageSize=1000").json().getJsonObject("meta");

    assertThat(meta.getString("key")).isEqualTo("flows");
    assertThat(meta.getValue("next_page_url")).isNull();
    assertThat(meta.getValue("previous_page_url")).isNull();
    assertThat(meta.getString("first_page_url"))
        .isEqualTo(Service.PUBLIC_URL + "/v2/Flows?PageSize=1000&Page=0");
  }

  @Test
  void testUsersAreReplaced() {
    String sid = create("Care", Flow.Status.DRAFT).getSid();
    List<String> users = List.of("+14155550142", "whatsapp:+14155550143");

    assertThat(FlowTestUser.fetcher(sid).fetch(TWILIO).getTestUsers()).isEmpty();
    assertThat(FlowTestUser.updater(sid, users).update(TWILIO).getTestUsers()).isEqualTo(users);
    assertThat(FlowTestUser.fetcher(sid).fetch(TWILIO).getTestUsers()).isEqualTo(users);
    assertThat(HTTP.post("/v2/Flows/" + sid + "/TestUsers", "TestUsers=").status()).isEqualTo(200);
    assertThat(FlowTestUser.fetcher(sid).fetch(TWILIO).getTestUsers()).isEmpty();
    assertThat(HTTP.post("/v2/Flows/" + sid + "/TestUsers", "Other=").json().getInteger("code"))
        .isEqualTo(20001);
  }

  @Test
  void aFileOfTheFlowsFolderIsAFlowToo() {
    Flow cart = Flow.fetcher(FlowSid.named("cart").value()).fetch(TWILIO);

    assertThat(cart.getFriendlyName()).isEqualTo("cart");
    assertThat(cart.getStatus()).isEqualTo(Flow.Status.PUBLISHED);
  }

  @Test
  void aFlowOfTooManyWidgetsIsRefusedWithItsSubflows() {
    String large = create("Large", Flow.Status.PUBLISHED).getSid();
    JsonObject states = new JsonObject(wide(900, large));
    Flow.updater(large, Flow.Status.PUBLISHED)
        .setDefinition(new JsonObject(wide(900, "")).getMap())
        .update(TWILIO);

    assertRefused(
        () ->
            Flow.creator(
                    "Larger", Flow.Status.DRAFT, new JsonObject(wide(900, large, large)).getMap())
                .create(TWILIO),
        400,
        81025);
    assertThat(Flow.creator("Fits", Flow.Status.DRAFT, states.getMap()).create(TWILIO).getValid())
        .isTrue();
  }

  /// A flow of so many widgets beside those that run subflows.
  private static String wide(int widgets, String... subflows) {
    StringBuilder states = new StringBuilder();
    for (int i = 0; i < widgets; i++) {
      states.append(
          """
          , {"name": "w%d", "type": "set-variables", "properties": {"variables": []},
             "transitions": [{"event": "next"}]}
          """
              .formatted(i));
    }
    for (String subflow : subflows) {
      if (!subflow.isEmpty()) {
        states.append(
            """
            , {"name": "s%d", "type": "run-subflow",
               "properties": {"flow_sid": "%s", "flow_revision": "LatestPublished", "parameters": []},
               "transitions": [{"event": "completed"}, {"event": "failed"}]}
            """
                .formatted(states.length(), subflow));
      }
    }
    return """
        {"description": "wide", "initial_state": "Trigger", "states": [
          {"name": "Trigger", "type": "trigger", "properties": {},
           "transitions": [{"event": "incomingRequest", "next": "w0"}]}%s]}
        """
        .formatted(states);
  }

  static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, int status, int code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.getStatusCode()).isEqualTo(status);
              assertThat(refused.getCode()).isEqualTo(code);
              assertThat(refused.getMoreInfo())
                  .isEqualTo("https://www.twilio.com/docs/errors/" + code);
            });
  }
}
