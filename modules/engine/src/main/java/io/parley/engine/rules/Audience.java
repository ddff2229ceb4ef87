package io.parley.engine.rules;

import io.parley.engine.Digest;
import io.parley.engine.Event.PurchaseSeen;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.flow.Place;
import io.parley.engine.policy.Holdouts;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A group of people under a name that other systems know: who enters it, for how long, and what
/// ends that.
///
/// ```yaml
/// - name: cio_cart_abandon_24_72h
///   enter: {track: Cart Abandoned, where: {properties.total: {at_least: 50}}}
///   window: {from: 24h, until: 72h}
///   exit: {track: Checkout Started}
///   cohort: "{{traits.experiment_cart}}"
///   holdout: twin
/// - {name: cio_recent_purchasers, enter: purchase, window: {until: 30d}}
/// - {name: cio_ltv_high, while: {traits.ltv: {at_least: 500}}}
/// ```
///
/// @param definition what the file says of it, as JSON: another one is another rule
/// @param enter what puts people on its list; empty where a purchase does, or only `whilst`
/// @param byPurchase whether a purchase puts people on its list
/// @param whilst what must be so of a person's traits for as long as they are a member
/// @param exit what takes people off its list
/// @param outlastsPurchase whether members stay who buy
/// @param cohort the arm of a person's experiment
/// @param side which of them are meant
public record Audience(
    String name,
    String definition,
    List<Cue> enter,
    boolean byPurchase,
    Optional<Where> whilst,
    Window window,
    List<Cue> exit,
    boolean outlastsPurchase,
    Optional<Template> cohort,
    Side side) {

  /// Who of those that the conditions are about.
  public enum Side {
    /// All but whom the policy holds out.
    SPOKEN_TO,
    /// Only whom it holds out.
    HELD_OUT
  }

  /// What the name of the twin ends with in which are who is held out.
  public static final String TWIN = "_holdout";

  private static final String NAME = "[a-z][a-z0-9_-]{0,63}";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 27;

  public Audience {
    enter = List.copyOf(enter);
    exit = List.copyOf(exit);
  }

  /// What has become known.
  public sealed interface News {

    /// A call about the person, and what is true of them then.
    record Heard(Occasion occasion) implements News {}

    /// The person bought.
    record Bought(Instant at) implements News {}

    /// What is true of the person, where nothing has happened.
    record Known(Values traits, Instant at) implements News {

      Occasion occasion() {
        return new Occasion("identify", "", "", Values.EMPTY, traits, Map.of(), at);
      }
    }

    /// Nothing but that time has passed.
    record Later() implements News {}
  }

  /// What is on record of the person.
  ///
  /// @param boughtAt when the last order was placed
  /// @param holdouts the cohorts that the policy holds out
  public record Facts(boolean isOptedOut, Optional<Instant> boughtAt, Holdouts holdouts) {}

  /// What came of news.
  ///
  /// @param moved why the person has become a member, or is one no more; empty where neither is so
  public record Judgement(Standing after, Optional<AudienceReason> moved) {}

  /// The id that follows from a name: `aud_` and 27 letters and digits, as Segment writes ids.
  public static String computationId(String name) {
    BigInteger rest = new BigInteger(1, Digest.sha256("audience " + name));
    StringBuilder id = new StringBuilder("aud_");
    for (int i = 0; i < ID_LENGTH; i++) {
      BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(DIGITS.length()));
      id.append(DIGITS.charAt(parts[1].intValue()));
      rest = parts[0];
    }
    return id.toString();
  }

  /// When a person moves by time alone; empty for never.
  public Optional<Instant> due(Standing standing) {
    return standing
        .event()
        .flatMap(
            event -> standing.isMember() ? window.ends(event) : Optional.of(window.begins(event)));
  }

  /// Until when a person is a member, unless something else ends that.
  public Optional<Instant> ends(Standing standing) {
    return standing.event().flatMap(window::ends);
  }

  /// Whether what is true of people, and not only what happens, decides about membership.
  public boolean goesByTraits() {
    return whilst.isPresent();
  }

  /// Whether a call can move anybody: what it tells, or that traits may have changed.
  public boolean hears(Occasion occasion) {
    return (whilst.isPresent() && tellsTraits(occasion))
        || enter.stream().anyMatch(it -> it.happens(occasion))
        || exit.stream().anyMatch(it -> it.happens(occasion))
        || isPurchase(occasion);
  }

  private static boolean tellsTraits(Occasion occasion) {
    return List.of("identify", "alias").contains(occasion.kind());
  }

  private static boolean isPurchase(Occasion occasion) {
    return occasion.kind().equals("track") && PurchaseSeen.isNamed(occasion.name());
  }

  /// Where a person stands after news. The same news again changes nothing; of several events the
  /// latest counts, in whatever order they come.
  public Judgement judge(Standing before, News news, Facts facts, Instant now) {
    if (facts.isOptedOut()) {
      return out(before, Optional.of(now), AudienceReason.OPT_OUT);
    }
    Standing listed =
        switch (news) {
          case News.Heard(var occasion) when isPurchase(occasion) ->
              bought(heard(before, occasion, now), occasion.at(), now);
          case News.Heard(var occasion) -> heard(before, occasion, now);
          case News.Known known when whilst.isPresent() && enter.isEmpty() && !byPurchase ->
              heard(before, known.occasion(), now);
          case News.Known known -> whilst(before, known.occasion());
          case News.Bought(var at) -> bought(before, at, now);
          case News.Later() -> before;
        };
    if (listed.event().isEmpty()) {
      return out(before, listed.leftAt(), AudienceReason.RULE);
    }
    Instant event = listed.event().get();
    if (!outlastsPurchase
        && facts.boughtAt().or(() -> boughtAt(news)).filter(at -> isSince(at, event)).isPresent()) {
      return out(before, listed.leftAt(), AudienceReason.PURCHASE);
    }
    return switch (window.at(event, now)) {
      case Window.Phase.Ahead _ ->
          new Judgement(
              new Standing(listed.event(), Optional.empty(), listed.cohort(), listed.leftAt()),
              moved(before.isMember(), AudienceReason.WINDOW));
      case Window.Phase.Over _ -> out(before, listed.leftAt(), AudienceReason.WINDOW);
      case Window.Phase.Inside _ ->
          admits(listed.cohort(), facts.holdouts())
              ? new Judgement(
                  new Standing(
                      listed.event(),
                      before.enteredAt().or(() -> Optional.of(window.begins(event))),
                      listed.cohort(),
                      listed.leftAt()),
                  moved(!before.isMember(), entering(news)))
              : out(before, listed.leftAt(), AudienceReason.HOLDOUT);
    };
  }

  /// An exit first: who is taken off the list and put on it by one event is on it.
  private Standing heard(Standing before, Occasion occasion, Instant now) {
    Instant at = occasion.at().isAfter(now) ? now : occasion.at();
    boolean enters = enter.stream().anyMatch(it -> it.happens(occasion));
    Standing left = exit.stream().anyMatch(it -> it.happens(occasion)) ? left(before, at) : before;
    if (whilst.isPresent()) {
      left = whilst(left, occasion);
      boolean alone = enter.isEmpty() && !byPurchase;
      enters = (enters || (alone && left.event().isEmpty())) && whilst.get().holds(occasion);
      if (alone && !enters) {
        return left.event().isPresent() ? withCohort(left, occasion) : left;
      }
    }
    boolean late = left.leftAt().filter(at::isBefore).isPresent();
    return enters && !late
        ? listed(left, at, cohort.map(it -> it.text(occasion, _ -> {}).strip()))
        : left;
  }

  private Standing withCohort(Standing standing, Occasion occasion) {
    return new Standing(
        standing.event(),
        standing.enteredAt(),
        cohort.map(it -> it.text(occasion, _ -> {}).strip()),
        standing.leftAt());
  }

  private Standing bought(Standing before, Instant at, Instant now) {
    return byPurchase ? listed(before, at.isAfter(now) ? now : at, Optional.empty()) : before;
  }

  private static Standing listed(Standing before, Instant at, Optional<String> cohort) {
    // As exactly as it is stored, so that the first look and all later ones tell the same time.
    Instant event = at.truncatedTo(ChronoUnit.MICROS);
    boolean later = before.event().isEmpty() || before.event().get().isBefore(event);
    return later
        ? new Standing(Optional.of(event), before.enteredAt(), cohort, before.leftAt())
        : before;
  }

  private Standing whilst(Standing before, Occasion occasion) {
    return whilst.isEmpty() || whilst.get().holds(occasion)
        ? before
        : new Standing(Optional.empty(), before.enteredAt(), before.cohort(), before.leftAt());
  }

  private static Standing left(Standing before, Instant at) {
    return before.event().isEmpty()
        ? before
        : new Standing(
            before.event().filter(at::isBefore),
            before.enteredAt(),
            before.cohort(),
            Standing.later(before.leftAt(), Optional.of(at)));
  }

  private static Judgement out(Standing before, Optional<Instant> leftAt, AudienceReason why) {
    Optional<Instant> left = before.equals(Standing.NONE) ? Optional.empty() : leftAt;
    return new Judgement(
        new Standing(Optional.empty(), Optional.empty(), Optional.empty(), left),
        moved(before.isMember(), why));
  }

  private static Optional<AudienceReason> moved(boolean moved, AudienceReason why) {
    return moved ? Optional.of(why) : Optional.empty();
  }

  /// Shops tell times by the second.
  private static boolean isSince(Instant bought, Instant event) {
    return !bought.isBefore(event.truncatedTo(ChronoUnit.SECONDS));
  }

  private static Optional<Instant> boughtAt(News news) {
    return switch (news) {
      case News.Bought(var at) -> Optional.of(at);
      case News.Heard(var occasion) when isPurchase(occasion) -> Optional.of(occasion.at());
      case News.Heard _, News.Known _, News.Later _ -> Optional.empty();
    };
  }

  private boolean admits(Optional<String> cohort, Holdouts holdouts) {
    return cohort.filter(holdouts::has).isPresent() == (side == Side.HELD_OUT);
  }

  private AudienceReason entering(News news) {
    if (byPurchase && boughtAt(news).isPresent()) {
      return AudienceReason.PURCHASE;
    }
    return news instanceof News.Later ? AudienceReason.WINDOW : AudienceReason.RULE;
  }

  // ---- the file

  /// An audience, and its twin where one is asked for.
  static List<Audience> read(Place place) {
    place.holdsOnly("name", "enter", "while", "window", "exit", "purchase", "cohort", "holdout");
    if (place.isAbsent()) {
      place.problem("is empty; an audience has name, and enter or while");
    }
    String name = place.get("name").text();
    if (!name.matches(NAME)) {
      place
          .get("name")
          .problem("must be a name of small letters, digits, - and _, such as cio_cart_abandon_6h");
    }
    boolean byPurchase = place.get("enter").text().equals("purchase");
    boolean hasEnter = !place.get("enter").isAbsent();
    boolean alone = !hasEnter && !place.get("while").isAbsent();
    if (place.isObject() && !hasEnter && !alone) {
      place.problem(
          "says nothing of who is in it: it needs enter ({track: Cart Abandoned}, or purchase) or"
              + " while ({traits.ltv: {at_least: 500}})");
    }
    if (alone) {
      for (String of : List.of("window", "exit")) {
        if (place.has(of)) {
          place
              .get(of)
              .problem(
                  "is for an audience with enter; with while alone people stay while it is so");
        }
      }
    }
    boolean twin = holdout(place);
    Audience audience =
        new Audience(
            name,
            Json.print(place.values().entries()),
            hasEnter && !byPurchase ? Cue.readAll(place.get("enter")) : List.of(),
            byPurchase,
            whilst(place.get("while")),
            Window.read(place.get("window")),
            place.get("exit").isAbsent() ? List.of() : Cue.readAll(place.get("exit")),
            outlastsPurchase(place.get("purchase"), byPurchase || alone),
            cohort(place.get("cohort"), byPurchase),
            Side.SPOKEN_TO);
    return twin ? List.of(audience, audience.heldOut()) : List.of(audience);
  }

  private Audience heldOut() {
    return new Audience(
        name + TWIN,
        definition,
        enter,
        byPurchase,
        whilst,
        window,
        exit,
        outlastsPurchase,
        cohort,
        Side.HELD_OUT);
  }

  private static Optional<Where> whilst(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    Where where = Where.read(place);
    if (!where.reads(path -> path.steps().getFirst().equals("traits"))) {
      place.problem(
          "may ask of traits alone, since events are over; conditions on one go to enter");
    }
    return Optional.of(where);
  }

  /// @param usual whether members stay where nothing is said
  private static boolean outlastsPurchase(Place place, boolean usual) {
    String word = place.text();
    if (!place.isAbsent() && !List.of("exits", "stays").contains(word)) {
      place.problem("must be exits or stays");
    }
    if (usual && word.equals("exits")) {
      place.problem(
          "is exits, but a purchase enters this audience, or traits alone do; leave it out");
    }
    return word.equals("stays") || (usual && !word.equals("exits"));
  }

  private static Optional<Template> cohort(Place place, boolean byPurchase) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    if (place.literal().isBlank() || byPurchase) {
      place.problem(
          byPurchase
              ? "is for audiences that are not entered by a purchase"
              : "must be a text that tells the arm, such as \"{{traits.experiment_cart}}\"");
    }
    return Optional.of(Template.read(place));
  }

  private static boolean holdout(Place place) {
    Place written = place.get("holdout");
    if (written.isAbsent()) {
      return false;
    }
    if (!List.of("twin", "left_out").contains(written.text())) {
      written.problem(
          "must be left_out (who is held out is in no audience) or twin (they are in the audience"
              + " of the same name with _holdout)");
    }
    if (place.get("cohort").isAbsent()) {
      written.problem("needs cohort, which tells the arm of a person's experiment");
    }
    return written.text().equals("twin");
  }
}
