package io.parley.workbench;

import io.parley.engine.Segments;
import io.parley.engine.flow.Message;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SendMessage;
import io.parley.engine.flow.Trigger;
import io.parley.engine.flow.Widget;
import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// What the messages of a flow cost, and whether they may be sent.
final class MessageCheck {

  /// Source: Twilio, error 21617.
  private static final int MAX_LENGTH = 1_600;

  /// What stands in for an output: a first name is shorter, a product's name or a link is longer.
  private static final String OUTPUT = "x".repeat(20);

  /// What stands in for a short link, whose domain the file does not know.
  private static final String SHORT_LINK = "x".repeat(40);

  private static final Pattern URLS = Pattern.compile("https?://(\\{\\{.*?}}|[^\\s{])+");
  private static final Pattern OUTPUTS = Pattern.compile("\\{\\{.*?}}", Pattern.DOTALL);
  private static final Pattern LOGIC = Pattern.compile("\\{%.*?%}", Pattern.DOTALL);

  private final FlowMap map;
  private final Notebook notes;
  private final int maxSegments;

  private MessageCheck(FlowMap map, Notebook notes, int maxSegments) {
    this.map = map;
    this.notes = notes;
    this.maxSegments = maxSegments;
  }

  static void check(FlowMap map, Notebook notes, int maxSegments) {
    MessageCheck check = new MessageCheck(map, notes, maxSegments);
    for (Widget widget : map.flow().widgets().values()) {
      message(widget).ifPresent(message -> check.checkMessage(widget, message));
    }
    check.checkOpeners();
  }

  private static Optional<Message> message(Widget widget) {
    return switch (widget) {
      case SendMessage send -> Optional.of(send.message());
      case SendAndWaitForReply ask -> Optional.of(ask.message());
      default -> Optional.empty();
    };
  }

  private void checkMessage(Widget widget, Message message) {
    if (!message.contentSid().isBlank()) {
      return;
    }
    String place = map.pointer(widget) + "/properties/body";
    if (message.body().isBlank()) {
      if (message.mediaUrls().isEmpty()) {
        notes.add(Rule.EMPTY_MESSAGE, place, "widget %s sends nothing".formatted(widget.name()));
      }
      return;
    }
    String body =
        message.shortenUrls()
            ? URLS.matcher(message.body()).replaceAll(SHORT_LINK)
            : message.body();
    boolean plain = body.equals(message.body()) && Templates.isPlain(body);
    String text = plain ? body : estimate(body);
    String about = plain ? "" : "about ";
    if (text.length() > MAX_LENGTH) {
      notes.add(
          Rule.TOO_LONG_MESSAGE,
          place,
          "widget %s sends %s%d characters".formatted(widget.name(), about, text.length()));
    } else if (Segments.of(text) > maxSegments) {
      notes.add(
          Rule.LONG_MESSAGE,
          place,
          "widget %s sends %s%d segments%s"
              .formatted(widget.name(), about, Segments.of(text), reason(text)));
    }
  }

  /// All branches of a template at once: no rendering is longer but for its values.
  private static String estimate(String template) {
    return LOGIC.matcher(OUTPUTS.matcher(template).replaceAll(OUTPUT)).replaceAll("");
  }

  private static String reason(String text) {
    OptionalInt foreign = text.codePoints().filter(c -> !Segments.isGsm(c)).findFirst();
    return foreign.isEmpty()
        ? ""
        : ", all of them short ones (UCS-2) because of %s (U+%04X)"
            .formatted(Character.toString(foreign.getAsInt()), foreign.getAsInt());
  }

  private void checkOpeners() {
    map.flow()
        .widget(map.flow().initialState())
        .flatMap(trigger -> trigger.next(Trigger.INCOMING_REQUEST))
        .ifPresent(
            first -> {
              List<String> reached = new ArrayList<>(List.of(first));
              reached.addAll(map.after(first, way -> message(way.from()).isEmpty()));
              reached.forEach(this::checkOpener);
            });
  }

  private void checkOpener(String name) {
    map.flow()
        .widget(name)
        .ifPresent(
            widget ->
                message(widget)
                    .filter(message -> message.contentSid().isBlank())
                    .ifPresent(
                        _ ->
                            notes.add(
                                Rule.FREE_TEXT_OPENER,
                                map.pointer(widget) + "/properties",
                                "widget %s opens the conversation with a free text"
                                    .formatted(name))));
  }
}
