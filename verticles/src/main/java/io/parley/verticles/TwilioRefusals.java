package io.parley.verticles;

import io.parley.twilio.TwilioForms;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What Twilio is answered where its request is genuine and does not become a turn.
final class TwilioRefusals {

  private static final Logger LOG = LoggerFactory.getLogger(TwilioRefusals.class);

  private TwilioRefusals() {}

  /// A form that cannot be read: 400, with every problem by parameter.
  static void malformed(RoutingContext context, List<TwilioForms.Problem> problems) {
    JsonArray list = new JsonArray();
    problems.forEach(
        problem ->
            list.add(
                new JsonObject()
                    .put("parameter", problem.parameter())
                    .put("message", problem.remedy())));
    WebVerticle.answer(context, 400, new JsonObject().put("status", "error").put("errors", list));
  }

  /// Nothing was stored: 503, which asks Twilio to tell again.
  static void unavailable(RoutingContext context, String why) {
    LOG.atError().addKeyValue("why", why).log("an event of Twilio's was not acknowledged");
    WebVerticle.answer(context, 503, "the event was not stored; tell again");
  }
}
