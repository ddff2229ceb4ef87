package io.parley.twilio;

import com.twilio.converter.Converter;
import com.twilio.exception.TwilioException;
import io.parley.edge.MessageChannel;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Byline;
import io.parley.engine.Effect.Content;
import io.parley.engine.EffectId;
import io.parley.engine.FailureClass;
import io.parley.engine.Json;
import io.parley.engine.MessageSid;
import io.parley.engine.Values;
import io.parley.twilio.CallFailed.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is said in a conversation of Twilio Conversations.
///
/// Every message carries its effect id among its attributes (`{"parley_effect": "..."}`), so that
/// one whose answer was lost is found again for certain, and no webhook takes it for a
/// participant's. Media are not sent: Studio does not support them here.
///
/// Blocks, so all calls are made on virtual threads, never on an event loop. Safe on several
/// threads at once.
public final class ConversationsChannel implements MessageChannel {

  /// The attribute that names the effect that a message is of.
  static final String EFFECT = "parley_effect";

  /// Twilio's clock and ours may differ.
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

  private static final int NOT_FOUND = 404;
  private static final int PAGE_SIZE = 100;
  private static final int MAX_PAGES = 5;

  private static final List<String> OUTBOUND =
      List.of(
          "sid",
          "conversation_sid",
          "account_sid",
          "participant_sid",
          "author",
          "body",
          "index",
          "attributes",
          "media");

  private final ConversationsApi api;

  public ConversationsChannel(TwilioAccount account) {
    this.api = new ConversationsApi(account);
  }

  @Override
  public Answer send(Effect.Send send) {
    try {
      Values message = api.post(messages(send), form(send));
      return message
          .text("sid")
          .<Answer>map(sid -> new Answer.Accepted(new MessageSid(sid), outbound(message)))
          .orElseGet(() -> new Answer.InDoubt("the answer has no sid"));
    } catch (CallFailed e) {
      return answer(e.outcome());
    } catch (TwilioException | IllegalArgumentException e) {
      return new Answer.InDoubt(unreadable(e));
    }
  }

  private static String messages(Effect.Send send) {
    return ConversationsApi.conversations(send.from().value()) + "/" + send.to() + "/Messages";
  }

  private static Map<String, List<String>> form(Effect.Send send) {
    Byline byline = send.byline().orElseGet(() -> new Byline("", ""));
    Map<String, List<String>> form = new LinkedHashMap<>();
    if (!byline.author().isEmpty()) {
      form.put("Author", List.of(byline.author()));
    }
    switch (send.content()) {
      case Content.Text(var body, _) -> form.put("Body", List.of(body));
      case Content.Template(var sid, var variables) -> {
        form.put("ContentSid", List.of(sid));
        if (!variables.isEmpty()) {
          form.put("ContentVariables", List.of(Converter.mapToJson(variables.entries())));
        }
      }
    }
    form.put("Attributes", List.of(attributes(byline.attributes(), send.id())));
    return form;
  }

  private static String attributes(String given, EffectId id) {
    return Json.print(object(given).with(EFFECT, id.toString()).entries());
  }

  /// The effect that a message of ours says it is of; empty for everybody else's.
  ///
  /// @param attributes the message's, as JSON text
  static Optional<EffectId> effect(String attributes) {
    try {
      return object(attributes).text(EFFECT).map(EffectId::parse);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are texts
  private static Values object(String json) {
    return Json.parse(json).orElse("") instanceof Map<?, ?> map
        ? new Values((Map<String, Object>) map)
        : Values.EMPTY;
  }

  /// A conversation that is not there will not be later either, unlike an account.
  private static Answer answer(Outcome outcome) {
    return outcome instanceof Outcome.Answered(int status, _, _) && status == NOT_FOUND
        ? new Answer.Rejected(
            new Failure(
                NOT_FOUND,
                "no_conversation",
                "the conversation does not exist in this chat service",
                Reaction.GIVE_UP,
                FailureClass.SETUP))
        : TwilioChannel.answer(outcome);
  }

  /// Reads the conversation's messages, newest first, until they are older than `since`.
  @Override
  public Lookup find(Effect.Send send, Instant since, Set<MessageSid> accounted) {
    Instant earliest = since.truncatedTo(ChronoUnit.SECONDS).minus(CLOCK_SLACK);
    Map<String, String> query = Map.of("Order", "desc", "PageSize", String.valueOf(PAGE_SIZE));
    try {
      for (int read = 1; read <= MAX_PAGES; read++) {
        Values page = api.get(messages(send), query);
        List<Values> recent = recent(page, earliest);
        Optional<Values> found = recent.stream().filter(it -> isOf(send, it)).findFirst();
        if (found.isPresent()) {
          return new Lookup.Found(
              new MessageSid(found.get().text("sid").orElseThrow()), outbound(found.get()));
        }
        Optional<Map<String, String>> next = next(page);
        if (recent.isEmpty() || next.isEmpty()) {
          return new Lookup.NotFound();
        }
        query = next.get();
      }
      return new Lookup.Unanswered(
          "the conversation has more than " + PAGE_SIZE * MAX_PAGES + " recent messages");
    } catch (CallFailed e) {
      return new Lookup.Unanswered(e.outcome().why());
    } catch (TwilioException | IllegalArgumentException e) {
      return new Lookup.Unanswered(unreadable(e));
    }
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are texts
  private static List<Values> recent(Values page, Instant earliest) {
    if (!(page.entries().get("messages") instanceof List<?> messages)) {
      throw new IllegalArgumentException("a page without its list");
    }
    return messages.stream()
        .filter(Map.class::isInstance)
        .map(message -> new Values((Map<String, Object>) message))
        .filter(message -> !createdBefore(earliest, message))
        .toList();
  }

  /// A message without a date may be the one.
  private static boolean createdBefore(Instant earliest, Values message) {
    try {
      return message
          .text("date_created")
          .map(Instant::parse)
          .filter(created -> created.isBefore(earliest))
          .isPresent();
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  private static boolean isOf(Effect.Send send, Values message) {
    return effect(message.text("attributes").orElse("")).filter(send.id()::equals).isPresent()
        && message.text("sid").isPresent();
  }

  /// What to ask for the page after this one. Whatever host it names, the same one is asked.
  private static Optional<Map<String, String>> next(Values page) {
    return page.object("meta")
        .text("next_page_url")
        .map(url -> URI.create(url).getRawQuery())
        .map(
            query -> {
              Map<String, String> parameters = new LinkedHashMap<>();
              Form.query("?" + query)
                  .parameters()
                  .forEach(it -> parameters.put(it.name(), it.value()));
              return parameters;
            });
  }

  /// Each participant is reached by a channel of its own, at a pace that Twilio keeps.
  @Override
  public int segments(Effect.Send send) {
    return 1;
  }

  /// A message with Studio's names: `Sid`, `ConversationSid`, `Body`, `Author`, `Index` ... What
  /// Twilio leaves open is left out.
  private static Values outbound(Values message) {
    Values outbound = Values.EMPTY;
    for (String name : OUTBOUND) {
      Object value = message.entries().get(name);
      if (value != null) {
        outbound = outbound.with(studioName(name), value);
      }
    }
    return outbound;
  }

  /// `conversation_sid` becomes `ConversationSid`.
  private static String studioName(String name) {
    StringBuilder studio = new StringBuilder();
    for (String word : name.split("_", -1)) {
      studio.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return studio.toString();
  }

  private static String unreadable(RuntimeException e) {
    return "an answer that cannot be read: " + e.getClass().getSimpleName();
  }

  @Override
  public void close() {
    api.close();
  }
}
