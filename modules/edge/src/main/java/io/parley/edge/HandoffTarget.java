package io.parley.edge;

import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.EffectId;
import io.parley.engine.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A desk elsewhere, at which people answer customers. Says which requests to make and reads what
/// comes back; a courier does the I/O between the two, so that a target can be tested with values
/// alone.
///
/// A task may take several requests. What each of them has brought is kept in the placement's
/// values before the next one leaves, so that a task that was broken off goes on where it stood.
public interface HandoffTarget {

  /// What the placement's values call the name that the target has for a handoff; there from when
  /// the target has it.
  String REFERENCE = "reference";

  /// What the placement's values call how often the handoff has been given to a target, from the
  /// second time on.
  String ROUND = "round";

  /// How much may be told of a handoff when it is opened, in bytes of JSON. Zendesk takes no more.
  int MAX_CONTEXT_BYTES = 4_096;

  /// The target's name in the configuration, and in the path that it tells us at.
  String name();

  /// The first thing to do about a task.
  Next begin(Placement placement, Task task);

  /// What to do after an answer.
  ///
  /// @param asked what was asked; the placement has its values already
  /// @param response status 0 where no response came
  Next read(Placement placement, Task task, Next.Ask asked, Response response);

  /// Reads what the target tells us.
  ///
  /// @param now by which the age of a signature is judged
  Hearing hear(Webhook webhook, Instant now);

  /// How often it is asked what has come in; empty for a target that tells by itself.
  default Optional<Duration> pollEvery() {
    return Optional.empty();
  }

  /// A handoff at the target.
  ///
  /// @param known what the target's own answers have told of it
  record Placement(EffectId handoff, Values known) {

    /// The name that the target has for it; empty text while it has none.
    public String reference() {
      return known.text(REFERENCE).orElse("");
    }

    /// Names the handoff to a target: by its id, and where it was given to one before, by how
    /// often.
    public String name() {
      return known(ROUND).isEmpty() ? handoff.toString() : handoff + "#" + known(ROUND);
    }

    /// The text at a key, empty where there is none.
    public String known(String key) {
      return known.text(key).orElse("");
    }

    /// With a value more.
    public Values with(String key, Object value) {
      return known.with(key, value);
    }
  }

  /// What is to be done at the target. All may be done twice: answers get lost.
  sealed interface Task {

    /// Let somebody there take the conversation.
    record Open(Opening opening) implements Task {}

    /// Say something there.
    record Say(Line line) implements Task {}

    /// The conversation is over, or somebody else's.
    ///
    /// @param why in words for those who work there
    /// @param here whether that was decided here; else there, and only what is left open is closed
    record Close(String why, boolean here) implements Task {}

    /// Ask what has come in.
    record Poll() implements Task {}

    /// See whether it is there and believes us.
    record Probe() implements Task {}
  }

  /// What a target is told when a handoff is opened.
  ///
  /// @param topic what it is about, by the name that routes it
  /// @param context flat, and no longer than [#MAX_CONTEXT_BYTES] as JSON
  /// @param link where all that is known can be looked at
  /// @param transcript what was said before, oldest first
  record Opening(
      Customer customer, String topic, Values context, String link, List<Line> transcript) {
    public Opening {
      transcript = List.copyOf(transcript);
    }
  }

  /// @param id what stands for the customer at the target: the same for all their handoffs
  /// @param address as written: `+14155550101`, `whatsapp:+14155550101`
  /// @param name empty where it is not known
  record Customer(String id, String address, String channel, String name, Optional<String> email) {

    /// The number without the channel that it is of.
    public Optional<String> phone() {
      String plain = address.replaceFirst("^whatsapp:", "");
      return plain.startsWith("+") ? Optional.of(plain) : Optional.empty();
    }

    /// The name, or where there is none the address.
    public String called() {
      return name.isBlank() ? address : name;
    }
  }

  /// Something that was said.
  ///
  /// @param id the same whenever it is told: tells a repeat
  /// @param media where pictures and the like can be had
  record Line(String id, Instant at, Speaker by, String text, List<String> media) {
    public Line {
      media = List.copyOf(media);
    }

    /// The text, and below it where its media can be had.
    public String whole() {
      String links = String.join("\n", media);
      return text.isBlank() ? links : links.isEmpty() ? text : text + "\n" + links;
    }
  }

  /// Who says something.
  enum Speaker {
    CUSTOMER,
    BOT,
    AGENT,
    /// Parley itself, to whoever works at the target and nobody else.
    PARLEY
  }

  /// What follows.
  sealed interface Next {

    /// Make a request.
    ///
    /// @param step which one of the task's requests it is
    /// @param known what is kept of the placement before it leaves
    record Ask(String step, Values known, Request request) implements Next {}

    /// The task is done.
    ///
    /// @param news what was learned on the way
    record Done(Values known, List<Incoming> news) implements Next {
      public Done {
        news = List.copyOf(news);
      }

      /// With nothing learned.
      public Done(Values known) {
        this(known, List.of());
      }
    }

    /// Not now.
    record Later(String why, Optional<Duration> after) implements Next {
      public Later(String why) {
        this(why, Optional.empty());
      }
    }

    /// Never, as it stands: the conversation is not taken there, or not any more.
    record Refused(String why) implements Next {}
  }

  record Request(String method, String url, Map<String, String> headers, String body) {
    public Request {
      headers = Map.copyOf(headers);
    }

    /// Without what may be secret.
    @Override
    public String toString() {
      return "Request[" + method + " " + url.replaceFirst("\\?.*", "") + "]";
    }
  }

  /// What the target has told of a handoff.
  sealed interface Incoming {

    /// The same whenever it is told.
    String id();

    /// Somebody there has answered the customer.
    ///
    /// @param agent who, as those who read a transcript know them
    record Wrote(String id, String agent, String text, List<String> media) implements Incoming {
      public Wrote {
        media = List.copyOf(media);
      }
    }

    /// Somebody there is done with it.
    ///
    /// @param agent empty where nobody was named
    /// @param outputs what a flow may read beside the disposition
    record Closed(String id, String agent, String disposition, Values outputs)
        implements Incoming {}

    /// Nobody there takes it, or they give it back.
    record GaveBack(String id, String why) implements Incoming {}
  }

  /// A request that somebody made of us.
  ///
  /// @param target path and query, as they were asked for
  /// @param url the whole, as it is known outside
  /// @param headers by lower-case name
  record Webhook(String target, String url, Map<String, String> headers, String body) {
    public Webhook {
      headers = Map.copyOf(headers);
    }

    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// What was heard.
  sealed interface Hearing {

    /// @param news by handoff, in order; empty where nothing of it concerns a customer
    record Heard(List<News> news) implements Hearing {
      public Heard {
        news = List.copyOf(news);
      }

      /// Of something that concerns nobody.
      public static Heard nothing() {
        return new Heard(List.of());
      }
    }

    /// @param status what is answered: 401 to who proves nothing, 400 to what cannot be read
    record NotHeard(int status, String reason, String sentence) implements Hearing {}
  }

  /// @param reference the target's name for the handoff, or the handoff's own id
  record News(String reference, Incoming incoming) {}
}
