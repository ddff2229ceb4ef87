package io.parley.twilio;

import com.twilio.base.Page;
import com.twilio.converter.Converter;
import com.twilio.exception.TwilioException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.MessageReader;
import com.twilio.type.PhoneNumber;
import io.parley.edge.MessageChannel;
import io.parley.engine.Channel;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Content;
import io.parley.engine.FailureClass;
import io.parley.engine.MessageSid;
import io.parley.engine.Segments;
import io.parley.engine.Values;
import io.parley.twilio.CallFailed.Outcome;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// SMS and WhatsApp through Twilio's Messages API. [ConversationsChannel] is its sibling for what
/// is said in a conversation.
///
/// Every message names a status callback that carries its effect id
/// (`{publicBaseUrl}/twilio/status?effect={id}`), so that a status finds its send even where the
/// answer to the send was lost.
///
/// twilio-java blocks, so all calls are made on virtual threads, never on an event loop. Safe on
/// several threads at once.
public final class TwilioChannel implements MessageChannel {

  /// The path that status callbacks come to.
  public static final String STATUS_PATH = "/twilio/status";

  /// Twilio tries a callback once, unless its URL asks for more (connection overrides).
  private static final String TRY_AGAIN = "#rc=5&rp=all";

  private static final String MESSAGING_SERVICE_PREFIX = "MG";
  private static final int INVALID_MEDIA_URL = 21620;

  /// Twilio's clock and ours may differ. Too little of it sends twice; too much finds at worst a
  /// message of the same words to the same contact that nothing else accounts for.
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

  /// Source: twilio.com/docs/api/errors/21656.
  private static final Pattern UNSENDABLE_SPACE = Pattern.compile("\\s*[\\v\\t]\\s*| {5,}");

  private static final int PAGE_SIZE = 100;
  private static final int MAX_PAGES = 5;

  private final TwilioAccount account;
  private final ApiCalls calls;
  private final TwilioRestClient client;

  public TwilioChannel(TwilioAccount account) {
    this.account = account;
    this.calls = new ApiCalls(account, TwilioAccount.TWILIO_API, account.apiBaseUrl());
    this.client = calls.client(account);
  }

  @Override
  public Answer send(Effect.Send send) {
    MessageCreator creator;
    try {
      creator = creator(send);
    } catch (URISyntaxException _) {
      return new Answer.Rejected(TwilioError.of(INVALID_MEDIA_URL).failure(""));
    }
    try {
      Message message = creator.create(client);
      return message == null || message.getSid() == null
          ? new Answer.InDoubt("the answer has no sid")
          : new Answer.Accepted(new MessageSid(message.getSid()), outbound(message));
    } catch (CallFailed e) {
      return answer(e.outcome());
    } catch (TwilioException e) {
      return new Answer.InDoubt(unreadable(e));
    }
  }

  private MessageCreator creator(Effect.Send send) throws URISyntaxException {
    MessageCreator creator = addressed(send);
    switch (send.content()) {
      case Content.Text(var body, _) when !body.isEmpty() -> creator.setBody(body);
      case Content.Text _ -> {}
      case Content.Template(var sid, var variables) -> {
        creator.setContentSid(sid);
        if (!variables.isEmpty()) {
          creator.setContentVariables(Converter.mapToJson(oneLined(variables).entries()));
        }
      }
    }
    return creator.setStatusCallback(
        URI.create(account.publicBaseUrl() + STATUS_PATH + "?effect=" + send.id() + TRY_AGAIN));
  }

  /// Twilio refuses a variable that has a line break, a tab or more than four spaces in a row
  /// (21656).
  private static Values oneLined(Values variables) {
    Values oneLined = Values.EMPTY;
    for (var variable : variables.entries().entrySet()) {
      String text = String.valueOf(variable.getValue());
      oneLined =
          oneLined.with(variable.getKey(), UNSENDABLE_SPACE.matcher(text).replaceAll(" ").strip());
    }
    return oneLined;
  }

  private static MessageCreator addressed(Effect.Send send) throws URISyntaxException {
    PhoneNumber to = new PhoneNumber(send.to().value());
    List<URI> media = new ArrayList<>();
    if (send.content() instanceof Content.Text(_, var mediaUrls)) {
      for (String url : mediaUrls) {
        media.add(new URI(url));
      }
    }
    String from = send.from().value();
    return from.startsWith(MESSAGING_SERVICE_PREFIX)
        ? Message.creator(to, from, media)
        : Message.creator(to, new PhoneNumber(from), media);
  }

  /// What a call that failed says of the send that it was made for.
  static Answer answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> answer(answered);
      case Outcome.NeverSent(var why) ->
          new Answer.Postponed(
              new Failure(0, "twilio_unreachable", why, Reaction.RETRY, FailureClass.OUTAGE),
              Optional.empty());
      case Outcome.Unknown(var why) -> new Answer.InDoubt(why);
    };
  }

  /// A 4xx tells that the message was not taken. A 5xx does not, and neither does a 408, which says
  /// only that somebody on the way gave up waiting.
  private static Answer answer(Outcome.Answered answered) {
    if (answered.status() >= 500 || answered.status() == 408) {
      return new Answer.InDoubt(answered.why());
    }
    Map<String, Object> problem = problem(answered.body());
    TwilioError error =
        problem.get("code") instanceof Number code
            ? TwilioError.of(code.intValue())
            : TwilioError.ofStatus(answered.status());
    Failure failure =
        error.failure(problem.get("message") instanceof String message ? message : "");
    if (answered.status() == 429) {
      return new Answer.Postponed(failure.passing(), answered.retryAfter());
    }
    return error.mayPass()
        ? new Answer.Postponed(failure, answered.retryAfter())
        : new Answer.Rejected(failure);
  }

  /// The JSON of an error answer; empty where it has none.
  static Map<String, Object> problem(String body) {
    Map<String, Object> problem = Converter.jsonToMap(body);
    return problem == null ? Map.of() : problem;
  }

  /// Reads the recipient's messages, newest first, until they are older than `since`. The list is
  /// not narrowed by `DateSent`: a message that is still queued has none. Twilio's times are whole
  /// seconds.
  @Override
  public Lookup find(Effect.Send send, Instant since, Set<MessageSid> accounted) {
    try {
      Instant earliest = since.truncatedTo(ChronoUnit.SECONDS).minus(CLOCK_SLACK);
      return search(send, earliest, accounted);
    } catch (CallFailed e) {
      return new Lookup.Unanswered(e.outcome().why());
    } catch (TwilioException | NullPointerException e) {
      // twilio-java stumbles over a page that lacks its list.
      return new Lookup.Unanswered(unreadable(e));
    }
  }

  private Lookup search(Effect.Send send, Instant earliest, Set<MessageSid> accounted) {
    MessageReader reader = Message.reader().setTo(send.to().value()).setPageSize((long) PAGE_SIZE);
    Resemblance resemblance = new Resemblance(send);
    List<Message> found = new ArrayList<>();
    Page<Message> page = reader.firstPage(client);
    for (int read = 1; ; read++) {
      List<Message> recent =
          page.getRecords().stream().filter(message -> !createdBefore(earliest, message)).toList();
      recent.stream()
          .filter(message -> message.getSid() != null)
          .filter(message -> !accounted.contains(new MessageSid(message.getSid())))
          .filter(resemblance::holds)
          .forEach(found::add);
      boolean allRead = recent.isEmpty() || !page.hasNextPage();
      if (allRead || (read == MAX_PAGES && !found.isEmpty())) {
        return oldest(found);
      }
      if (read == MAX_PAGES) {
        return new Lookup.Unanswered(
            "the recipient has more than " + PAGE_SIZE * MAX_PAGES + " recent messages");
      }
      page = reader.nextPage(page, client);
    }
  }

  /// A message without a date may be the one.
  private static boolean createdBefore(Instant earliest, Message message) {
    ZonedDateTime created = message.getDateCreated();
    return created != null && created.toInstant().isBefore(earliest);
  }

  /// Sends leave in order, so of several messages the oldest belongs to the send that is looked up
  /// first.
  private static Lookup oldest(List<Message> found) {
    return found.stream()
        .min(
            Comparator.comparing(
                Message::getDateCreated, Comparator.nullsLast(Comparator.naturalOrder())))
        .<Lookup>map(
            message -> new Lookup.Found(new MessageSid(message.getSid()), outbound(message)))
        .orElseGet(Lookup.NotFound::new);
  }

  @Override
  public int segments(Effect.Send send) {
    boolean whatsApp =
        send.to().channel() == Channel.WHATSAPP || send.from().channel() == Channel.WHATSAPP;
    return switch (send.content()) {
      case Content.Text(var body, var media) when !whatsApp && media.isEmpty() -> Segments.of(body);
      case Content.Text _, Content.Template _ -> 1;
    };
  }

  /// A message with Studio's names; what Twilio leaves open is left out.
  private static Values outbound(Message message) {
    Map<String, Object> outbound = new LinkedHashMap<>();
    put(outbound, "Sid", message.getSid());
    put(outbound, "Status", message.getStatus());
    put(outbound, "Body", message.getBody());
    put(outbound, "From", message.getFrom());
    put(outbound, "To", message.getTo());
    put(outbound, "Direction", message.getDirection());
    put(outbound, "NumMedia", message.getNumMedia());
    put(outbound, "NumSegments", message.getNumSegments());
    put(outbound, "Price", message.getPrice());
    put(outbound, "PriceUnit", message.getPriceUnit());
    if (message.getErrorCode() != null) {
      outbound.put("ErrorCode", message.getErrorCode());
    }
    put(outbound, "ErrorMessage", message.getErrorMessage());
    put(outbound, "MessagingServiceSid", message.getMessagingServiceSid());
    put(outbound, "AccountSid", message.getAccountSid());
    return new Values(outbound);
  }

  private static void put(Map<String, Object> outbound, String name, @Nullable Object value) {
    if (value != null) {
      outbound.put(name, value.toString());
    }
  }

  /// twilio-java's messages quote the answer, and with it what was written.
  private static String unreadable(RuntimeException e) {
    return "an answer that cannot be read: " + e.getClass().getSimpleName();
  }

  @Override
  public void close() {
    calls.close();
  }
}
