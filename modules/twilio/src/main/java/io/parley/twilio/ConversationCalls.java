package io.parley.twilio;

import com.twilio.exception.TwilioException;
import io.parley.edge.Conversations;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.twilio.CallFailed.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Opens, resumes and closes conversations of Twilio Conversations.
///
/// Each operation may be asked again, whatever became of it before: a conversation that is created
/// carries the call's effect id as its unique name, and a participant or a webhook that is there
/// already is not added once more.
///
/// Source: Studio documentation, Start Conversation and Resume Conversation: both see to it that
/// messages of the conversation come here. Unlike Studio's, the webhook stays when the execution
/// ends, since a stop that is said later has to be heard, too.
///
/// Blocks, so it is called on virtual threads, never on an event loop. Safe on several threads at
/// once.
public final class ConversationCalls implements Conversations {

  /// The path that the messages of conversations come to.
  public static final String PATH = "/twilio/conversations";

  /// The parameter of the webhook that names the call by which a conversation was opened.
  public static final String CALL = "call";

  private static final int OK = 200;
  private static final int NAME_TAKEN = 50353;
  private static final List<Integer> BINDING_TAKEN = List.of(50416, 50433);
  private static final String JSON = "application/json";

  private final ConversationsApi api;
  private final String webhook;

  public ConversationCalls(TwilioAccount account) {
    this.api = new ConversationsApi(account);
    this.webhook = account.publicBaseUrl() + PATH;
  }

  /// [Event.CallAnswered] with the conversation or with Twilio's refusal, [Event.CallFailed] where
  /// Twilio gave no answer.
  @Override
  public Event perform(EffectId call, Effect.Request.Conversation request) {
    Values asked = request.properties();
    String conversations = ConversationsApi.conversations(asked.text("service").orElse(""));
    try {
      return switch (request.operation()) {
        case CREATE -> create(call, conversations, asked);
        case RESUME -> resume(call, conversations, asked);
        case CLOSE -> answered(call, close(conversations + "/" + asked.text("sid").orElse("")));
      };
    } catch (CallFailed e) {
      return failed(call, e.outcome());
    } catch (TwilioException | IllegalArgumentException e) {
      return new Event.CallFailed(
          call, "unreadable", "an answer that cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private Event create(EffectId call, String conversations, Values asked) {
    Values conversation = created(call, conversations, asked);
    String sid = sid(conversation);
    // Before anybody is in it: what is said meanwhile would be told to nobody.
    listen(conversations + "/" + sid, call);
    for (Map<String, List<String>> participant : participants(asked)) {
      add(conversations + "/" + sid, participant, sid);
    }
    return answered(call, conversation);
  }

  private Values created(EffectId call, String conversations, Values asked) {
    Map<String, List<String>> form = new LinkedHashMap<>();
    form.put("UniqueName", List.of(Effect.Request.Conversation.uniqueName(call)));
    form.put("Timers.Inactive", given(asked, "timers_inactive"));
    form.put("Timers.Closed", given(asked, "timers_closed"));
    try {
      return api.post(conversations, form);
    } catch (CallFailed e) {
      if (code(e.outcome()) == NAME_TAKEN) {
        return api.get(
            conversations + "/" + Effect.Request.Conversation.uniqueName(call), Map.of());
      }
      throw e;
    }
  }

  /// The forms of those who shall take part.
  private static List<Map<String, List<String>>> participants(Values asked) {
    List<Map<String, List<String>>> forms = new ArrayList<>();
    if (asked.entries().get("participants") instanceof List<?> participants) {
      for (Object item : participants) {
        if (item instanceof Map<?, ?> participant) {
          Map<String, List<String>> form = new LinkedHashMap<>();
          put(form, "Identity", participant.get("identity"));
          put(form, "MessagingBinding.Address", participant.get("address"));
          put(form, "MessagingBinding.ProxyAddress", participant.get("proxy_address"));
          forms.add(form);
        }
      }
    }
    return forms;
  }

  private static void put(
      Map<String, List<String>> form,
      String name,
      @org.jspecify.annotations.Nullable Object value) {
    if (value != null) {
      form.put(name, List.of(value.toString()));
    }
  }

  /// Twilio says in which conversation a binding is; in this one it is where it shall be.
  private void add(String path, Map<String, List<String>> participant, String sid) {
    try {
      api.post(path + "/Participants", participant);
    } catch (CallFailed e) {
      boolean here =
          BINDING_TAKEN.contains(code(e.outcome()))
              && (code(e.outcome()) == 50433 || message(e.outcome()).contains(sid));
      if (!here) {
        throw e;
      }
    }
  }

  /// The webhook names the call, and so the thread that the conversation belongs to: somebody may
  /// write in it before that is on record.
  private void listen(String path, EffectId call) {
    Values hooks = api.get(path + "/Webhooks", Map.of("PageSize", "50"));
    boolean listening =
        hooks.entries().get("webhooks") instanceof List<?> list
            && list.stream().anyMatch(this::isOurs);
    if (!listening) {
      api.post(
          path + "/Webhooks",
          Map.of(
              "Target",
              List.of("webhook"),
              "Configuration.Url",
              List.of(webhook + "?" + CALL + "=" + call),
              "Configuration.Method",
              List.of("POST"),
              "Configuration.Filters",
              List.of("onMessageAdded", "onDeliveryUpdated")));
    }
  }

  private boolean isOurs(@org.jspecify.annotations.Nullable Object hook) {
    return hook instanceof Map<?, ?> map
        && map.get("configuration") instanceof Map<?, ?> configuration
        && configuration.get("url") instanceof String url
        && (url.equals(webhook) || url.startsWith(webhook + "?"));
  }

  private Event resume(EffectId call, String conversations, Values asked) {
    Values conversation = api.get(conversations + "/" + asked.text("sid").orElse(""), Map.of());
    if (conversation.text("state").filter("closed"::equals).isPresent()) {
      return new Event.CallFailed(call, "conversation_closed", "the conversation is closed");
    }
    listen(conversations + "/" + sid(conversation), call);
    return answered(call, conversation);
  }

  private Values close(String path) {
    return api.post(path, Map.of("State", List.of("closed")));
  }

  private static String sid(Values conversation) {
    return conversation
        .text("sid")
        .orElseThrow(() -> new IllegalArgumentException("a conversation without a sid"));
  }

  private static List<String> given(Values asked, String name) {
    return asked.text(name).filter(it -> !it.isBlank()).stream().toList();
  }

  private static Event answered(EffectId call, Values conversation) {
    return new Event.CallAnswered(call, OK, JSON, Json.print(conversation.entries()), Values.EMPTY);
  }

  private static Event failed(EffectId call, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered(int status, String body, _) ->
          new Event.CallAnswered(call, status, JSON, body, Values.EMPTY);
      case Outcome.NeverSent(String why) -> new Event.CallFailed(call, "unreachable", why);
      case Outcome.Unknown(String why) -> new Event.CallFailed(call, "unanswered", why);
    };
  }

  private static int code(Outcome outcome) {
    return outcome instanceof Outcome.Answered answered
            && TwilioChannel.problem(answered.body()).get("code") instanceof Number code
        ? code.intValue()
        : 0;
  }

  private static String message(Outcome outcome) {
    return outcome instanceof Outcome.Answered answered
            && TwilioChannel.problem(answered.body()).get("message") instanceof String message
        ? message
        : "";
  }

  @Override
  public void close() {
    api.close();
  }
}
