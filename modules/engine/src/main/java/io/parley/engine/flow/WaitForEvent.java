package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `parley.wait-for-event`: goes on (`occurred`) when something happens elsewhere, else after a
/// while (`timeout`). The event's properties become `widgets.NAME.event`.
///
/// ```json
/// {"event": "Order Shipped", "timeout": "P3D",
///  "conditions": [{"property": "total", "type": "greater_than", "value": "50"}]}
/// ```
///
/// Names are compared without case, spaces and punctuation. `purchase`, `Order Completed` and the
/// other names of a purchase are an order, `click` a short link that was followed.
///
/// @param conditions all must hold
public record WaitForEvent(
    String name,
    List<Transition> transitions,
    String event,
    List<Expected> conditions,
    Duration timeout)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("event").required(),
          Property.list("conditions"),
          Property.textOrInteger("timeout"));

  private static final List<Property> CONDITION =
      List.of(
          Property.text("property").required(),
          Property.oneOf("type", ConditionType.words().toArray(String[]::new)).required(),
          Property.text("value").required());

  /// As long as an execution lives.
  private static final Duration DEFAULT_TIMEOUT = Duration.ofDays(30);

  public WaitForEvent {
    transitions = List.copyOf(transitions);
    conditions = List.copyOf(conditions);
  }

  /// @param property a property of the event; one within an object is `cart.total`
  /// @param value a template
  public record Expected(String property, ConditionType type, String value) {}

  static WaitForEvent read(String name, List<Transition> transitions, Place properties) {
    List<Expected> conditions = new ArrayList<>();
    for (Place item : properties.get("conditions").items()) {
      if (Property.checkAll(item, CONDITION)) {
        ConditionType.parse(item.get("type").text())
            .ifPresent(
                type ->
                    conditions.add(
                        new Expected(item.get("property").text(), type, item.get("value").text())));
      }
    }
    return new WaitForEvent(
        name,
        transitions,
        properties.get("event").text(),
        conditions,
        timeout(properties.get("timeout")));
  }

  private static Duration timeout(Place place) {
    String text = place.literal().strip();
    if (text.isEmpty()) {
      return DEFAULT_TIMEOUT;
    }
    return Durations.inFlow(text)
        .orElseGet(
            () -> {
              place.problem("must be seconds or a duration such as \"2h\" or \"3d\"");
              return DEFAULT_TIMEOUT;
            });
  }

  @Override
  public Reached enter(Scene scene) {
    return new Reached.Holds(
        new Awaiting.Happening(scene.timer(timeout, Purpose.EVENT_TIMEOUT)), Values.EMPTY);
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event happened) {
    if (!(awaiting instanceof Awaiting.Happening(var timer))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (happened) {
      case Event.TimerFired(var fired) when fired.equals(timer) ->
          new Reached.Left("timeout", next("timeout"), Values.EMPTY);
      case Event.PurchaseSeen purchase when isAwaited(scene, purchase) ->
          occurred(scene, awaiting, purchase.properties().with("order_id", purchase.orderId()));
      case Event.LinkClicked click when isAwaited(scene, "click", clicked(click)) ->
          occurred(scene, awaiting, clicked(click));
      case Event.EventSeen seen when isAwaited(scene, seen.name(), seen.properties()) ->
          occurred(scene, awaiting, seen.properties());
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  @Override
  public Awaiting renew(Scene scene, Awaiting awaiting) {
    return new Awaiting.Happening(scene.timer(timeout, Purpose.EVENT_TIMEOUT));
  }

  private static Values clicked(Event.LinkClicked click) {
    return click.properties().with("url", click.url());
  }

  private Reached occurred(Scene scene, Awaiting awaiting, Values properties) {
    awaiting.limit().ifPresent(scene::cancel);
    return new Reached.Left("occurred", next("occurred"), Values.of("event", properties));
  }

  private boolean isAwaited(Scene scene, Event.PurchaseSeen purchase) {
    return Event.PurchaseSeen.isNamed(scene.text(event)) && allHold(scene, purchase.properties());
  }

  private boolean isAwaited(Scene scene, String happened, Values properties) {
    return Event.EventSeen.plain(scene.text(event)).equals(Event.EventSeen.plain(happened))
        && allHold(scene, properties);
  }

  private boolean allHold(Scene scene, Values properties) {
    return conditions.stream()
        .allMatch(it -> it.type().holds(value(properties, it.property()), scene.text(it.value())));
  }

  private static String value(Values properties, String path) {
    Object at = properties.entries();
    for (String key : path.split("\\.", -1)) {
      Object inner = at instanceof Map<?, ?> map ? map.get(key) : null;
      if (inner == null) {
        return "";
      }
      at = inner;
    }
    return at instanceof String text ? text : Json.print(at);
  }
}
