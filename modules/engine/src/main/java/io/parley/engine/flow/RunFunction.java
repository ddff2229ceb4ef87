package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.util.List;
import java.util.Map;

/// `run-function`: calls a function with its parameters, and goes on by its answer: `success` for
/// 2xx and 3xx, else `fail`. Where the function runs is configuration, by its url or its sids.
///
/// @param url a template; empty where the sids alone say which function it is
public record RunFunction(
    String name,
    List<Transition> transitions,
    String url,
    String serviceSid,
    String environmentSid,
    String functionSid,
    List<Parameter> parameters)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("url").required(),
          Property.text("service_sid"),
          Property.text("environment_sid"),
          Property.text("function_sid"),
          Property.entries("parameters"));

  public RunFunction {
    transitions = List.copyOf(transitions);
    parameters = List.copyOf(parameters);
  }

  static RunFunction read(String name, List<Transition> transitions, Place properties) {
    return new RunFunction(
        name,
        transitions,
        properties.get("url").text(),
        properties.get("service_sid").text(),
        properties.get("environment_sid").text(),
        properties.get("function_sid").text(),
        Parameter.readAll(properties.get("parameters")));
  }

  @Override
  public Reached enter(Scene scene) {
    EffectId call =
        scene.call(
            new Effect.Request.Function(
                scene.text(url).strip(),
                serviceSid,
                environmentSid,
                functionSid,
                Parameter.render(parameters, name, scene)));
    return new Reached.Holds(new Awaiting.CallAnswer(call), Values.EMPTY);
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    if (!(awaiting instanceof Awaiting.CallAnswer(var call))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (event) {
      case Event.CallAnswered answer when answer.call().equals(call) -> answered(scene, answer);
      case Event.CallFailed failure when failure.call().equals(call) -> {
        scene.warn(
            new Warning(
                Warning.FUNCTION_FAILED,
                "Function failed: widget %s, %s: %s"
                    .formatted(name, failure.reason(), failure.message())));
        yield left("fail", Values.EMPTY);
      }
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  private Reached answered(Scene scene, Event.CallAnswered answer) {
    Values outputs = MakeHttpRequest.outputs(answer).with("headers", answer.headers());
    if (MakeHttpRequest.isJson(answer.contentType())
        && Json.parse(answer.body()).orElse("") instanceof Map<?, ?> parsed) {
      outputs = outputs.with("parsed", parsed);
    }
    if (answer.status() >= 200 && answer.status() < 400) {
      return left("success", outputs);
    }
    scene.warn(
        new Warning(
            Warning.FUNCTION_RESPONSE,
            "Error on function response: widget " + name + ", status " + answer.status()));
    return left("fail", outputs);
  }

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
