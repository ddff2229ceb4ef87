package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `parley.handoff`: hands the conversation to a person of a topic. The flow goes on when the
/// person is done (`closed`); `failed` where nobody can take it, `timeout` where nobody has in the
/// time given.
///
/// ```json
/// {"topic": "returns", "skills": ["french"], "priority": 5,
///  "attributes": {"order": "{{flow.data.order}}"}, "timeout": "30m"}
/// ```
///
/// @param topic a template; empty text leaves the topic to the routing
/// @param skills templates: what whoever takes it must know
/// @param priority a template; the higher, the sooner
/// @param attributes texts among them are templates
/// @param timeout how long it waits for somebody to take it; zero for as long as it takes
public record HandOver(
    String name,
    List<Transition> transitions,
    String topic,
    List<String> skills,
    String priority,
    Map<String, Object> attributes,
    Duration timeout)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("topic"),
          Property.list("skills"),
          Property.textOrInteger("priority"),
          Property.object("attributes"),
          Property.textOrInteger("timeout"));

  public HandOver {
    transitions = List.copyOf(transitions);
    skills = List.copyOf(skills);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  static HandOver read(String name, List<Transition> transitions, Place properties) {
    return new HandOver(
        name,
        transitions,
        properties.get("topic").text(),
        skills(properties.get("skills")),
        properties.get("priority").literal(),
        properties.get("attributes").values().entries(),
        timeout(properties.get("timeout")));
  }

  private static List<String> skills(Place place) {
    List<String> skills = new ArrayList<>();
    for (Place item : place.items()) {
      if (item.text().isBlank()) {
        item.problem("must be the name of a skill, such as \"french\"");
      } else {
        skills.add(item.text());
      }
    }
    return skills;
  }

  private static Duration timeout(Place place) {
    String text = place.literal().strip();
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    return Durations.inFlow(text)
        .orElseGet(
            () -> {
              place.problem("must be seconds or a duration such as \"30m\" or \"2h\"");
              return Duration.ZERO;
            });
  }

  @Override
  public Reached enter(Scene scene) {
    Values request = request(scene);
    EffectId handoff = scene.handOver(request);
    return new Reached.Holds(
        new Awaiting.Closing(handoff, limit(scene)),
        Values.of("created", request.with("sid", handoff.toString())));
  }

  private Values request(Scene scene) {
    Values request = Values.EMPTY;
    String rendered = scene.text(topic).strip();
    if (!rendered.isEmpty()) {
      request = request.with("topic", rendered);
    }
    List<String> wanted =
        skills.stream().map(it -> scene.text(it).strip()).filter(it -> !it.isEmpty()).toList();
    if (!wanted.isEmpty()) {
      request = request.with("skills", wanted);
    }
    String rank = scene.text(priority).strip();
    if (rank.matches("\\d{1,6}")) {
      request = request.with("priority", Integer.parseInt(rank));
    }
    if (attributes.isEmpty()) {
      return request;
    }
    Map<String, Object> told = new LinkedHashMap<>();
    attributes.forEach(
        (key, value) -> told.put(key, value instanceof String text ? scene.text(text) : value));
    return request.with("attributes", told);
  }

  private Optional<EffectId> limit(Scene scene) {
    return timeout.isZero()
        ? Optional.empty()
        : Optional.of(scene.timer(timeout, Purpose.HANDOFF_TIMEOUT));
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
        yield left("closed", closed.outputs().with("disposition", closed.disposition()));
      }
      case Event.HandoffFailed failure when failure.handoff().equals(handoff) -> {
        scene.takeBack(handoff, failure.reason());
        limit.ifPresent(scene::cancel);
        scene.warn(
            new Warning(
                Warning.TASK_FAILED,
                "widget " + name + ": nobody can take it: " + failure.reason()));
        yield left("failed", Values.of("reason", failure.reason()));
      }
      case Event.TimerFired(var timer) when limit.filter(timer::equals).isPresent() -> {
        scene.takeBack(handoff, "timeout");
        yield left("timeout", Values.EMPTY);
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

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
