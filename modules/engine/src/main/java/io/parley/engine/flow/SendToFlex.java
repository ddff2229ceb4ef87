package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// `send-to-flex`: hands the conversation to a person. It waits in a queue, then a person speaks,
/// and no flow; the flow goes on when it is closed (`callComplete`). `failedToEnqueue` where it
/// cannot be queued, `callFailure` where nobody has taken it in the time given.
///
/// @param attributes a JSON object as a template
/// @param timeout seconds, as a template; empty text for no limit
public record SendToFlex(
    String name,
    List<Transition> transitions,
    String workflow,
    String channel,
    String attributes,
    String timeout,
    String priority)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("workflow").required(),
          Property.text("channel").required(),
          Property.text("attributes"),
          Property.text("timeout"),
          Property.text("priority"),
          Property.text("waitUrl"),
          Property.oneOf("waitUrlMethod", "GET", "POST"));

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  public SendToFlex {
    transitions = List.copyOf(transitions);
  }

  static SendToFlex read(String name, List<Transition> transitions, Place properties) {
    return new SendToFlex(
        name,
        transitions,
        properties.get("workflow").text(),
        properties.get("channel").text(),
        properties.get("attributes").text(),
        properties.get("timeout").text(),
        properties.get("priority").text());
  }

  @Override
  public Reached enter(Scene scene) {
    String rendered = scene.text(attributes).strip();
    Object parsed = rendered.isEmpty() ? Map.of() : Json.parse(rendered).orElse("");
    if (!(parsed instanceof Map<?, ?> task)) {
      return failed(scene, "the attributes are no JSON object");
    }
    Values request =
        Values.of("workflow", scene.text(workflow).strip())
            .with("channel", scene.text(channel).strip())
            .with("attributes", task)
            .with("priority", scene.text(priority).strip());
    EffectId handoff = scene.handOver(request);
    return new Reached.Holds(
        new Awaiting.Closing(handoff, limit(scene)),
        Values.of("created", request.with("sid", handoff.toString())));
  }

  private Optional<EffectId> limit(Scene scene) {
    String seconds = scene.text(timeout).strip();
    return SECONDS.matcher(seconds).matches()
        ? Optional.of(
            scene.timer(Duration.ofSeconds(Long.parseLong(seconds)), Purpose.HANDOFF_TIMEOUT))
        : Optional.empty();
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    if (!(awaiting instanceof Awaiting.Closing(var handoff, var limit))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (event) {
      case Event.HandoffClosed closed when closed.handoff().equals(handoff) -> {
        scene.takeBack(handoff, "");
        limit.ifPresent(scene::cancel);
        yield left("callComplete", closed.outputs().with("disposition", closed.disposition()));
      }
      case Event.HandoffFailed failure when failure.handoff().equals(handoff) -> {
        scene.takeBack(handoff, failure.reason());
        limit.ifPresent(scene::cancel);
        yield failed(scene, failure.reason());
      }
      case Event.TimerFired(var timer) when limit.filter(timer::equals).isPresent() -> {
        scene.takeBack(handoff, "timeout");
        yield left("callFailure", Values.EMPTY);
      }
      case Event.ReplyReceived _ -> new Reached.Unmoved(Reason.HANDED_OFF);
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  @Override
  public Awaiting renew(Scene scene, Awaiting awaiting) {
    return awaiting instanceof Awaiting.Closing(var handoff, _)
        ? new Awaiting.Closing(handoff, limit(scene))
        : awaiting;
  }

  private Reached failed(Scene scene, String why) {
    scene.warn(
        new Warning(
            Warning.TASK_FAILED, "Task was not successfully created: widget " + name + ": " + why));
    return left("failedToEnqueue", Values.EMPTY);
  }

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
