package io.parley.workbench.cases;

import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Values;
import io.parley.engine.flow.Durations;
import io.parley.engine.offers.Withholding;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Something that is made to happen in a play: one step of a case, one line of a chat.
sealed interface Deed {

  /// As a case file says it: one entry.
  Map<String, Object> written();

  /// In few words, for people.
  default String title() {
    Map.Entry<String, Object> written = written().entrySet().iterator().next();
    Object value = written.getValue();
    if (value.equals(Map.of())) {
      return written.getKey();
    }
    return written.getKey() + ": " + (value instanceof String ? value : YamlText.inline(value));
  }

  /// A caller asks for the flow.
  record Requests(Values parameters) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("request", parameters.entries());
    }
  }

  /// The contact writes.
  ///
  /// @param parameters of the webhook, beside what follows from the rest
  record Says(String body, List<String> media, Values parameters) implements Deed {
    public Says {
      media = List.copyOf(media);
    }

    static Says plainly(String body) {
      return new Says(body, List.of(), Values.EMPTY);
    }

    /// In a conversation of Twilio Conversations.
    static Says inConversation(String body, String author) {
      Values parameters =
          Values.of("ConversationSid", Setting.ROOM.value())
              .with("ChatServiceSid", Setting.ROOMS.value())
              .with("Author", author)
              .with("From", author);
      return new Says(body, List.of(), parameters);
    }

    /// The conversation of Twilio Conversations that it is written in, where it is one.
    Optional<Address> room() {
      return parameters
          .text("ConversationSid")
          .filter(it -> !it.isBlank())
          .map(Address::new)
          .filter(Address::isConversation);
    }

    @Override
    public Map<String, Object> written() {
      if (media.isEmpty() && parameters.isEmpty()) {
        return Map.of("says", body);
      }
      Map<String, Object> said = new LinkedHashMap<>();
      said.put("body", body);
      if (!media.isEmpty()) {
        said.put("media", media);
      }
      if (!parameters.isEmpty()) {
        said.put("parameters", parameters.entries());
      }
      return Map.of("says", said);
    }
  }

  /// Nothing happens until the wait of the flow is over.
  record TimesOut() implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("timeout", Map.of());
    }
  }

  /// Time passes.
  record Passes(Duration duration) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("after", Durations.print(duration));
    }
  }

  /// Time passes until then.
  record PassesUntil(Instant instant) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("at", instant.toString());
    }
  }

  /// Another system answers the request that has waited longest.
  record Answers(Answer answer) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("answer", answer.written());
    }
  }

  /// From here on Twilio does not take what a rule says.
  record Fails(FailureRule rule) implements Deed {
    @Override
    public Map<String, Object> written() {
      Map<String, Object> fail = new LinkedHashMap<>();
      rule.widget().ifPresent(it -> fail.put("widget", it));
      rule.to().ifPresent(it -> fail.put("to", it));
      if (fail.isEmpty() && rule.times().equals(Optional.of(1))) {
        return Map.of("fail", (long) rule.code());
      }
      fail.put("code", (long) rule.code());
      rule.times().ifPresent(it -> fail.put("times", (long) it));
      return Map.of("fail", fail);
    }
  }

  /// The next offer that a gate lets through cannot be had.
  record Withholds(Withholding reason) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("withhold", reason.word());
    }
  }

  /// Twilio tells how far a message got.
  ///
  /// @param status Twilio's word
  /// @param code 0 where there is none
  /// @param message counts from 1, from the conversation's first; the latest where empty
  record Reports(String status, int code, OptionalInt message) implements Deed {
    @Override
    public Map<String, Object> written() {
      if (code == 0 && message.isEmpty()) {
        return Map.of("report", status);
      }
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("status", status);
      if (code != 0) {
        report.put("code", (long) code);
      }
      message.ifPresent(it -> report.put("message", (long) it));
      return Map.of("report", report);
    }
  }

  /// The contact buys.
  record Buys(String order, Values properties) implements Deed {
    @Override
    public Map<String, Object> written() {
      Values all = order.isEmpty() ? properties : properties.with("order_id", order);
      return Map.of("purchase", all.entries());
    }
  }

  /// Something happens elsewhere.
  record Happens(String name, Values properties) implements Deed {
    @Override
    public Map<String, Object> written() {
      if (properties.isEmpty()) {
        return Map.of("event", name);
      }
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("name", name);
      event.put("properties", properties.entries());
      return Map.of("event", event);
    }
  }

  /// The contact follows a link of ours.
  ///
  /// @param url the first one of the latest message that has one, where empty
  record Clicks(Optional<String> url) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("click", url.<Object>map(it -> it).orElse(Map.of()));
    }
  }

  /// An agent takes the conversation, whoever speaks in it.
  record Takes(String agent) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("agent_takes", agent);
    }
  }

  /// The agent who holds the conversation says something.
  ///
  /// @param whenOpen whether it may wait for the end of quiet hours
  record SaysAsAgent(String text, boolean whenOpen) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of(
          "agent_says", whenOpen ? Map.of("body", text, "when_open", true) : (Object) text);
    }
  }

  /// The agent is done.
  record Closes(String disposition, Values outputs, After then) implements Deed {
    @Override
    public Map<String, Object> written() {
      if (outputs.isEmpty() && then instanceof After.Usual) {
        return Map.of("close", disposition);
      }
      Map<String, Object> close = new LinkedHashMap<>();
      close.put("disposition", disposition);
      if (!outputs.isEmpty()) {
        close.put("outputs", outputs.entries());
      }
      if (then instanceof After.At(var widget)) {
        close.put("then", Map.of("at", widget));
      } else if (!(then instanceof After.Usual)) {
        close.put("then", then.word());
      }
      return Map.of("close", close);
    }
  }

  /// The handoff is lost before anybody took it.
  record LosesHandoff(String reason) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("handoff_fails", reason);
    }
  }

  /// The application that the contact was redirected to gives the conversation back.
  record Returns(Values parameters) implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("return", parameters.entries());
    }
  }

  /// A caller ends the execution.
  record Ends() implements Deed {
    @Override
    public Map<String, Object> written() {
      return Map.of("end", Map.of());
    }
  }
}
