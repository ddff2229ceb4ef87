package io.parley.engine.offers;

import io.parley.engine.Values;
import io.parley.engine.flow.Place;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What keeps an offer shut until a conversation has earned it. Decides by recorded facts alone.
///
/// ```yaml
/// gate:
///   opens_at: {signals: 2}          # or {score: 2.5}; both where both are named
///   after_help: true                # opens, too, once a help step came to nothing
///   purchaser_for: 7d               # a purchase shuts it for so long
///   holdouts: [holdout]             # words of controls.experiment_cohort
///   no_discount_segments: [no_discount]
///   minimum_value: 40 USD           # of the cart
///   margin_floor: 0.25              # that the cart must keep when the offer is taken off
///   excluded_items: [gift_card]     # sku, id, category or tag of an item
///   per_contact: {offers: 1, within: 30d}
/// ```
///
/// @param marginFloor from 0 to 1; none where margins are not looked at
public record Gate(
    Opening opening,
    Duration purchaserFor,
    Set<String> holdouts,
    Set<String> noDiscountSegments,
    Optional<Money> minimumValue,
    Optional<BigDecimal> marginFloor,
    Set<String> excludedItems,
    Cap perContact) {

  public static final Gate DEFAULT =
      new Gate(
          new Opening(OptionalInt.of(2), Optional.empty(), true),
          Duration.ofDays(7),
          Set.of("holdout"),
          Set.of("no_discount"),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          new Cap(1, Duration.ofDays(30)));

  private static final List<String> KEYS =
      List.of(
          "opens_at",
          "after_help",
          "purchaser_for",
          "holdouts",
          "no_discount_segments",
          "minimum_value",
          "margin_floor",
          "excluded_items",
          "per_contact");

  private static final int MOST_SIGNALS = 20;
  private static final double HIGHEST_SCORE = 100;
  private static final int MOST_OFFERS = 100;

  public Gate {
    holdouts = lower(holdouts);
    noDiscountSegments = lower(noDiscountSegments);
    excludedItems = lower(excludedItems);
  }

  /// How much friction opens the gate. It never opens without any.
  ///
  /// @param signals so many replies or silences that count
  /// @param score so high a score; must be reached besides `signals` where both are there
  /// @param afterHelp whether help that came to nothing opens it, whatever else is there
  public record Opening(OptionalInt signals, Optional<Double> score, boolean afterHelp) {}

  /// So many offers at most within such a time, whichever they are.
  public record Cap(int offers, Duration within) {}

  /// All that is known when an offer is asked for.
  ///
  /// @param grants when offers were made to the contact before
  /// @param liveUntil until when another offer stands, in whichever conversation
  /// @param purchasedAt the person's latest purchase, whichever thread heard of it
  /// @param startedAt when the conversation's flow began
  /// @param trigger the body of the trigger, in the published shape: `commerce`, `controls` ...
  public record Standing(
      Friction friction,
      List<Instant> grants,
      Optional<Instant> liveUntil,
      Optional<Instant> purchasedAt,
      Instant startedAt,
      Values trigger) {
    public Standing {
      grants = List.copyOf(grants);
    }
  }

  /// What the gate says.
  public sealed interface Decision {

    record Granted() implements Decision {}

    record Withheld(Withholding reason) implements Decision {}
  }

  /// Judges an offer. What can never be put right comes first, and friction last, so that the
  /// reason is the one that stands in the way whatever the contact writes.
  public Decision judge(Offer offer, Standing standing, FrictionRules rules, Instant now) {
    return shut(offer, standing, now)
        .or(() -> cart(offer.worth(), Cart.of(standing.trigger())))
        .or(() -> unearned(standing.friction(), rules, now))
        .<Decision>map(Decision.Withheld::new)
        .orElseGet(Decision.Granted::new);
  }

  private Optional<Withholding> shut(Offer offer, Standing standing, Instant now) {
    if (standing.purchasedAt().filter(at -> isPurchaser(at, standing, now)).isPresent()) {
      return Optional.of(Withholding.PURCHASED);
    }
    if (isHoldout(standing.trigger().object("controls"))) {
      return Optional.of(Withholding.HOLDOUT);
    }
    if (isWithoutDiscount(standing.trigger())) {
      return Optional.of(Withholding.NO_DISCOUNT_SEGMENT);
    }
    if (standing.liveUntil().filter(now::isBefore).isPresent()) {
      return Optional.of(Withholding.LIVE_OFFER);
    }
    Instant since = now.minus(perContact.within());
    long made = standing.grants().stream().filter(since::isBefore).count();
    return made >= perContact.offers()
        ? Optional.of(Withholding.CAPPED)
        : offer.isEnded(now) ? Optional.of(Withholding.ENDED) : Optional.empty();
  }

  private boolean isPurchaser(Instant at, Standing standing, Instant now) {
    return !at.isBefore(standing.startedAt()) || at.isAfter(now.minus(purchaserFor));
  }

  private boolean isHoldout(Values controls) {
    return controls.flag("holdout")
        || controls
            .text("experiment_cohort")
            .filter(
                cohort ->
                    holdouts.contains(folded(cohort))
                        || Arrays.stream(cohort.split("[^\\p{L}\\p{N}]+"))
                            .anyMatch(word -> holdouts.contains(folded(word))))
            .isPresent();
  }

  private boolean isWithoutDiscount(Values trigger) {
    boolean ineligible =
        Stream.of("commerce", "controls", "customer")
            .anyMatch(part -> isFalse(trigger.object(part), "discount_eligible"));
    Stream<String> segments =
        Stream.concat(
            trigger.object("trigger").text("segment").stream(),
            Stream.of("customer", "trigger", "controls")
                .flatMap(part -> texts(trigger.object(part).entries().get("segments"))));
    return ineligible || segments.map(Gate::folded).anyMatch(noDiscountSegments::contains);
  }

  private static boolean isFalse(Values values, String key) {
    Object value = values.entries().get(key);
    return value instanceof String text
        ? text.strip().equalsIgnoreCase("false")
        : Boolean.FALSE.equals(value);
  }

  static Stream<String> texts(@Nullable Object value) {
    return switch (value) {
      case List<?> items -> items.stream().flatMap(Gate::texts);
      case String text -> Stream.of(text);
      case Long number -> Stream.of(number.toString());
      case null, default -> Stream.of();
    };
  }

  private Optional<Withholding> cart(Worth worth, Cart cart) {
    if (cart.items().stream().anyMatch(item -> item.stream().anyMatch(excludedItems::contains))) {
      return Optional.of(Withholding.EXCLUDED_ITEM);
    }
    if (minimumValue.isPresent()) {
      Money least = minimumValue.get();
      if (cart.value().filter(value -> cart.isIn(least.currency())).isEmpty()) {
        return Optional.of(Withholding.CART_UNKNOWN);
      }
      if (cart.value().get().compareTo(least.amount()) < 0) {
        return Optional.of(Withholding.CART_TOO_SMALL);
      }
    }
    boolean foreign =
        worth instanceof Worth.AmountOff(Money money)
            && cart.currency().isPresent()
            && !cart.isIn(money.currency());
    return foreign ? Optional.of(Withholding.OTHER_CURRENCY) : margin(worth, cart);
  }

  private Optional<Withholding> margin(Worth worth, Cart cart) {
    if (marginFloor.isEmpty()) {
      return Optional.empty();
    }
    Optional<BigDecimal> left = cart.marginAfter(worth);
    if (left.isEmpty()) {
      return Optional.of(Withholding.MARGIN_UNKNOWN);
    }
    return left.get().compareTo(marginFloor.get()) < 0
        ? Optional.of(Withholding.MARGIN_TOO_SMALL)
        : Optional.empty();
  }

  private Optional<Withholding> unearned(Friction friction, FrictionRules rules, Instant now) {
    if (opening.afterHelp() && friction.isHelpUnconverted(now, rules)) {
      return Optional.empty();
    }
    int count = friction.count(now, rules);
    if (count == 0) {
      return Optional.of(Withholding.NO_FRICTION);
    }
    boolean counted = count >= opening.signals().orElse(1);
    boolean scored = opening.score().filter(least -> friction.score(now, rules) < least).isEmpty();
    return counted && scored ? Optional.empty() : Optional.of(Withholding.LITTLE_FRICTION);
  }

  /// The gate as a policy changes it; what it does not name is as in `usual`.
  public static Gate read(Place place, Gate usual) {
    Reading.object(place, KEYS.toArray(String[]::new));
    return new Gate(
        opening(place, usual.opening),
        Reading.duration(place.get("purchaser_for")).orElse(usual.purchaserFor),
        words(place.get("holdouts"), usual.holdouts),
        words(place.get("no_discount_segments"), usual.noDiscountSegments),
        Reading.money(place.get("minimum_value")).or(() -> usual.minimumValue),
        Reading.number(place.get("margin_floor"), 0, 1)
            .map(BigDecimal::valueOf)
            .or(() -> usual.marginFloor),
        words(place.get("excluded_items"), usual.excludedItems),
        cap(place.get("per_contact"), usual.perContact));
  }

  private static Opening opening(Place gate, Opening usual) {
    Place place = gate.get("opens_at");
    boolean afterHelp = Reading.flag(gate.get("after_help")).orElse(usual.afterHelp());
    if (place.isAbsent()) {
      return new Opening(usual.signals(), usual.score(), afterHelp);
    }
    Reading.object(place, "signals", "score");
    Optional<Integer> signals = Reading.whole(place.get("signals"), 1, MOST_SIGNALS);
    Optional<Double> score = Reading.number(place.get("score"), 0.1, HIGHEST_SCORE);
    if (place.isObject() && place.values().isEmpty()) {
      place.problem("names no friction to open at; write for example {signals: 2}");
    }
    return new Opening(
        signals.map(OptionalInt::of).orElseGet(OptionalInt::empty), score, afterHelp);
  }

  private static Cap cap(Place place, Cap usual) {
    Reading.object(place, "offers", "within");
    return new Cap(
        Reading.whole(place.get("offers"), 1, MOST_OFFERS).orElse(usual.offers()),
        Reading.duration(place.get("within")).orElse(usual.within()));
  }

  private static Set<String> words(Place place, Set<String> usual) {
    return Reading.texts(place).<Set<String>>map(TreeSet::new).orElse(usual);
  }

  private static Set<String> lower(Set<String> words) {
    return words.stream()
        .map(Gate::folded)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(TreeSet::new), Collections::unmodifiableSet));
  }

  static String folded(String word) {
    return word.strip().toLowerCase(Locale.ROOT);
  }

  /// What a trigger says of the cart.
  ///
  /// @param margin the share of the value that is not cost; may be below 0
  /// @param items the words by which each item may be excluded
  private record Cart(
      Optional<BigDecimal> value,
      Optional<String> currency,
      Optional<BigDecimal> margin,
      List<Set<String>> items) {

    private static final List<String> NAMES =
        List.of("sku", "id", "product_id", "variant_id", "category", "categories", "tags");

    static Cart of(Values trigger) {
      Values commerce = trigger.object("commerce");
      Optional<BigDecimal> value = decimal(commerce.entries().get("value"));
      Optional<BigDecimal> cost = decimal(commerce.entries().get("cost"));
      Optional<BigDecimal> margin =
          decimal(commerce.entries().get("margin"))
              .or(
                  () ->
                      value
                          .filter(all -> all.signum() > 0 && cost.isPresent())
                          .map(all -> all.subtract(cost.get()).divide(all, MathContext.DECIMAL64)));
      return new Cart(
          value, commerce.text("currency"), margin, items(commerce.entries().get("items")));
    }

    boolean isIn(String other) {
      return currency.filter(other::equalsIgnoreCase).isPresent();
    }

    /// The margin of the cart once the offer is taken off its value. What free shipping costs is
    /// not known here.
    Optional<BigDecimal> marginAfter(Worth worth) {
      if (margin.isEmpty()) {
        return Optional.empty();
      }
      BigDecimal cost = BigDecimal.ONE.subtract(margin.get());
      return switch (worth) {
        case Worth.FreeShipping _ -> margin;
        case Worth.Percent(var percent) ->
            Optional.of(left(BigDecimal.ONE.subtract(percent.movePointLeft(2)), cost));
        case Worth.AmountOff(Money money) ->
            value
                .filter(all -> all.signum() > 0)
                .map(
                    all ->
                        left(
                            BigDecimal.ONE.subtract(
                                money.amount().divide(all, MathContext.DECIMAL64)),
                            cost));
      };
    }

    /// @param paid the share of the value that is paid
    private static BigDecimal left(BigDecimal paid, BigDecimal cost) {
      return paid.signum() <= 0
          ? BigDecimal.ONE.negate()
          : paid.subtract(cost).divide(paid, MathContext.DECIMAL64);
    }

    private static List<Set<String>> items(@Nullable Object list) {
      return list instanceof List<?> items
          ? items.stream().<Set<String>>map(Cart::names).toList()
          : List.of();
    }

    private static Set<String> names(Object item) {
      return item instanceof Map<?, ?> map
          ? NAMES.stream()
              .flatMap(name -> texts(map.get(name)))
              .map(Gate::folded)
              .collect(Collectors.toCollection(TreeSet::new))
          : Set.of();
    }

    private static Optional<BigDecimal> decimal(@Nullable Object value) {
      return switch (value) {
        case Long number -> Optional.of(BigDecimal.valueOf(number));
        case Double number -> Optional.of(BigDecimal.valueOf(number));
        case String text when text.strip().matches("-?[0-9]{1,12}([.][0-9]{1,6})?") ->
            Optional.of(new BigDecimal(text.strip()));
        case null, default -> Optional.empty();
      };
    }
  }
}
