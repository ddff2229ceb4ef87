package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// `add-twiml-redirect`: answers the contact's message with a redirect to another application, and
/// waits until that one gives the conversation back: `return`, `timeout`, or `fail` where there is
/// no message to answer or the url is none.
///
/// @param url a template; what it renders to is not encoded, as in Studio
public record AddTwimlRedirect(
    String name, List<Transition> transitions, String url, String method, Duration timeout)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("url").required(),
          Property.oneOf("method", "GET", "POST"),
          Property.text("timeout"));

  /// Source: Studio documentation, TwiML Redirect. It is the longest wait, too, and so what 0 comes
  /// to, which ends no execution in Studio.
  private static final Duration DEFAULT_TIMEOUT = Duration.ofHours(4);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,5}");

  public AddTwimlRedirect {
    transitions = List.copyOf(transitions);
  }

  static AddTwimlRedirect read(String name, List<Transition> transitions, Place properties) {
    String method = properties.get("method").text();
    return new AddTwimlRedirect(
        name,
        transitions,
        properties.get("url").text(),
        method.isEmpty() ? "POST" : method,
        timeout(properties.get("timeout")));
  }

  private static Duration timeout(Place place) {
    String seconds = place.text().strip();
    if (seconds.isEmpty()) {
      return DEFAULT_TIMEOUT;
    }
    if (!SECONDS.matcher(seconds).matches() || Integer.parseInt(seconds) > 14_400) {
      place.problem("must be a whole number of seconds from \"0\" to \"14400\"");
      return DEFAULT_TIMEOUT;
    }
    long wait = Long.parseLong(seconds);
    return wait == 0 ? DEFAULT_TIMEOUT : Duration.ofSeconds(wait);
  }

  @Override
  public Reached enter(Scene scene) {
    String rendered = scene.text(url);
    if (!isUrl(rendered)) {
      return failed(scene, "the url is none: " + rendered);
    }
    if (!scene.answersMessage()) {
      return failed(scene, "no message of the contact's is waiting for an answer");
    }
    EffectId timer = scene.timer(timeout, Purpose.REDIRECT_TIMEOUT);
    return new Reached.Holds(new Awaiting.Return(rendered, method, timer), Values.EMPTY);
  }

  private static boolean isUrl(String text) {
    try {
      return new URI(text).getHost() != null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private Reached failed(Scene scene, String why) {
    scene.warn(new Warning(Warning.UNNUMBERED, "widget " + name + " cannot redirect: " + why));
    return left("fail", Values.EMPTY);
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    if (!(awaiting instanceof Awaiting.Return(_, _, var timer))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (event) {
      case Event.RedirectReturned(var parameters) -> {
        scene.cancel(timer);
        yield left("return", parameters);
      }
      case Event.TimerFired(var fired) when fired.equals(timer) -> left("timeout", Values.EMPTY);
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  @Override
  public Awaiting renew(Scene scene, Awaiting awaiting) {
    return awaiting instanceof Awaiting.Return(var to, var by, _)
        ? new Awaiting.Return(to, by, scene.timer(timeout, Purpose.REDIRECT_TIMEOUT))
        : awaiting;
  }

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
