package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// `parley contacts erase --customerio`, against a Track API that may be in no mood.
@Isolated("takes the streams that what other tests log goes to")
class CustomerIoErasureTest {

  private static final String JANE = "+14155550142";
  private static final String ENTITY = "/api/v2/entity";

  private final Vertx world = Vertx.vertx();
  private final CalledServer track = new CalledServer(world);
  private final AtomicInteger status = new AtomicInteger(200);
  private final Service service = Service.start();

  CustomerIoErasureTest() {
    track.on(
        ENTITY,
        (request, asked) ->
            request
                .response()
                .setStatusCode(
                    "Basic c2l0ZTprZXk=".equals(asked.headers().get("Authorization"))
                        ? status.get()
                        : 401)
                .end("{}"));
    service.trigger(JANE, "key");
    service.until("it is asked", () -> service.channel.texts().size() == 1);
  }

  @AfterEach
  void close() {
    service.close();
    Service.await(world.close());
  }

  private CommandRun erase(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "contacts",
                "--database",
                service.database,
                "erase",
                "--yes",
                "--site-id",
                "site",
                "--api-key",
                "key",
                "--track-url",
                track.url("")));
    words.addAll(List.of(more));
    return CommandRun.of(words.toArray(String[]::new));
  }

  private List<JsonObject> asked() {
    return track.asked(ENTITY).stream().map(it -> new JsonObject(it.body())).toList();
  }

  private static JsonObject request(String action, String type, String id) {
    return new JsonObject()
        .put("type", "person")
        .put("action", action)
        .put("identifiers", new JsonObject().put(type, id));
  }

  @Test
  void theProfileIsSuppressedBeforeThePersonIsForgottenHere() {
    CommandRun run = erase(JANE, "--customerio");

    assertThat(run.exit()).isZero();
    assertThat(run.out().lines()).first().isEqualTo("Customer.io: suppressed id person-42");
    assertThat(run.out()).contains("erased: 1 conversations, ");
    assertThat(asked()).containsExactly(request("suppress", "id", "person-42"));
  }

  @Test
  void aProfileIsOnlyDeletedWhereThatIsSaid() {
    assertThat(erase(JANE, "--customerio=delete").out())
        .startsWith("Customer.io: deleted id person-42\n");

    assertThat(asked()).containsExactly(request("delete", "id", "person-42"));
  }

  @Test
  void whatFailsIsToldAndNothingIsForgottenUntilItIsRepeated() {
    status.set(400);

    CommandRun failed = erase(JANE, "--customerio");

    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.err())
        .contains("Customer.io: not suppressed id person-42: answers 400")
        .contains("nothing was erased here: repeat the command");
    assertThat(service.count("contact")).isPositive();

    status.set(200);
    assertThat(erase(JANE, "--customerio").exit()).isZero();
    assertThat(erase("person-42", "--customerio").out())
        .as("known here no more, and done again all the same")
        .startsWith("Customer.io: suppressed id person-42\n");
  }

  @Test
  void aMomentsOutageIsSatOut() {
    AtomicInteger tries = new AtomicInteger();
    track.on(
        ENTITY,
        (request, _) ->
            request.response().setStatusCode(tries.incrementAndGet() < 3 ? 503 : 200).end());

    assertThat(erase(JANE, "--customerio").exit()).isZero();

    assertThat(tries).hasValue(3);
  }

  @Test
  void withoutTheFlagNothingOfTheKindLeaves() {
    assertThat(erase(JANE).exit()).isZero();

    assertThat(track.asked()).isEmpty();
  }

  @Test
  void withoutCredentialsNothingIsErasedAnywhere() {
    CommandRun run =
        CommandRun.of(
            "contacts",
            "--database",
            service.database,
            "erase",
            "--yes",
            "--site-id",
            "",
            JANE,
            "--customerio");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("PARLEY_CUSTOMERIO_SITE_ID");
    assertThat(service.count("contact")).isPositive();
  }
}
