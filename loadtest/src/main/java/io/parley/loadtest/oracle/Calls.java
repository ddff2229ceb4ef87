package io.parley.loadtest.oracle;

import io.parley.loadtest.shop.Asked;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Calls: of one that was answered the shop knows, and one that changes something reached it once
/// at most.
final class Calls {

  private final Docket docket;
  private final Map<String, Integer> asked = new HashMap<>();

  Calls(Docket docket, List<Asked> asked) {
    this.docket = docket;
    asked.forEach(it -> this.asked.merge(it.call(), 1, Integer::sum));
  }

  void look(Case it) {
    it.turns().stream().flatMap(turn -> turn.effects("Call")).forEach(call -> judge(it, call));
  }

  private void judge(Case it, JsonObject call) {
    docket.checked(Promise.CALL_LEAVES_ONCE, 1);
    JsonObject request = call.getJsonObject("request");
    String id = call.getString("id");
    String outcome = it.delivery(id, Case.CALLS).map(Case.Delivery::outcome).orElse("");
    boolean waits = it.waiting(id, Case.CALLS).isPresent();
    int times = asked.getOrDefault(id, 0);
    asked.remove(id);
    boolean ours = request.getString("type", "").equals("Conversation");
    boolean safe = request.getString("method", "POST").equals("GET");
    boolean missing = !ours && outcome.startsWith("answered") && times == 0;
    boolean twice = times > 1 && !safe;
    if (missing || twice || (outcome.isEmpty() && !waits)) {
      docket.object(
          Promise.CALL_LEAVES_ONCE,
          it.conversation(),
          "%s was asked %s; on record is: %s"
              .formatted(id, Sends.times(times), outcome.isEmpty() ? "nothing" : outcome));
    }
  }

  void close() {
    asked.forEach(
        (call, times) ->
            docket.object(
                Promise.CALL_LEAVES_ONCE,
                call.indexOf(':') < 0 ? "" : Created.conversation(call),
                "'%s' was asked %s and is in no turn".formatted(call, Sends.times(times))));
  }
}
