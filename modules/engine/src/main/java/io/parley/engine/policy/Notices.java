package io.parley.engine.policy;

import io.parley.engine.Channel;
import io.parley.engine.Event.ReplyReceived;
import io.parley.engine.Person;
import io.parley.engine.flow.Place;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// What is said to a contact because a law or the carriers' rules ask for it, and who says it.
///
/// Sources: 47 CFR 64.1200(a)(12) (one confirmation of an opt-out, without marketing, within five
/// minutes); CTIA Messaging Principles (help, which names the brand); Twilio, Advanced Opt-Out (its
/// own keywords and answers).
///
/// @param brand stands in front of each notice that does not name it; empty text for none
/// @param question asks a contact who may have opted out, or may not have
/// @param optedOut confirms an opt-out
/// @param optedIn confirms that messages are wanted again; empty where nothing is said
/// @param help answers HELP; empty where the flow or Twilio does
/// @param twilio what Twilio says by itself
public record Notices(
    String brand, Phrase question, Phrase optedOut, Phrase optedIn, Phrase help, Twilio twilio) {

  public static final Notices DEFAULT =
      new Notices(
          "",
          Phrase.of("Do you want us to stop messaging you? Reply STOP to end messages."),
          Phrase.of(
              "You are unsubscribed and will get no further messages. Reply START to resubscribe."),
          Phrase.NONE,
          Phrase.NONE,
          Twilio.KEYWORDS);

  /// After which the confirmation of an opt-out is no longer presumed to be one.
  public static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(5);

  /// A stop that follows another one within this time is not confirmed again.
  public static final Duration CONFIRMED_FOR = Duration.ofHours(24);

  /// What Twilio answers by itself, beside what Advanced Opt-Out does and says so in the webhook
  /// (`OptOutType`).
  public enum Twilio {
    /// Its own keywords on SMS, as it does unless support has switched that off.
    KEYWORDS,
    NONE
  }

  /// The keywords that Twilio answers where they are all that a message says, in any case.
  public enum Keywords {
    STOP,
    START,
    HELP;

    private Set<String> words() {
      return switch (this) {
        case STOP ->
            Set.of("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT");
        case START -> Set.of("START", "YES", "UNSTOP");
        case HELP -> Set.of("HELP", "INFO");
      };
    }
  }

  /// Whether Twilio answers a reply by itself, so that our notice would be a second one.
  ///
  /// @param channel what its writer uses
  public boolean leavesToTwilio(ReplyReceived reply, Keywords keywords, Channel channel) {
    boolean told = reply.parameters().text("OptOutType").filter(it -> !it.isBlank()).isPresent();
    return told
        || (twilio == Twilio.KEYWORDS
            && channel == Channel.SMS
            && keywords.words().contains(reply.body().toUpperCase(Locale.ROOT)));
  }

  /// A notice as it is sent.
  public String text(Phrase phrase, Person person) {
    String text = phrase.in(person);
    boolean named = text.toLowerCase(Locale.ROOT).contains(brand.toLowerCase(Locale.ROOT));
    return named || text.isBlank() ? text : brand + ": " + text;
  }

  static Notices read(Place place) {
    if (!place.holdsOnly("brand", "question", "opted_out", "opted_in", "help", "twilio_confirms")) {
      return DEFAULT;
    }
    Phrase question = Phrase.read(place.get("question"), DEFAULT.question);
    Phrase optedOut = Phrase.read(place.get("opted_out"), DEFAULT.optedOut);
    if (question.isEmpty()) {
      place.get("question").problem("must be a text; remove it for the one that is built in");
    }
    return new Notices(
        brand(place.get("brand")),
        question,
        optedOut,
        Phrase.read(place.get("opted_in"), DEFAULT.optedIn),
        Phrase.read(place.get("help"), DEFAULT.help),
        twilio(place.get("twilio_confirms")));
  }

  private static String brand(Place place) {
    if (!place.isAbsent() && !(place.value() instanceof String)) {
      place.problem("must be a text; put it in quotes");
    }
    if (place.text().length() > 60) {
      place.problem("has more than 60 characters; it stands in front of each notice");
    }
    return place.text().strip();
  }

  private static Twilio twilio(Place place) {
    return switch (place.isAbsent() ? "keywords" : place.literal()) {
      case "keywords" -> Twilio.KEYWORDS;
      case "none" -> Twilio.NONE;
      default -> {
        place.problem("must be keywords (Twilio answers STOP, START and HELP on SMS) or none");
        yield DEFAULT.twilio;
      }
    };
  }
}
