package io.parley.verticles;

import io.parley.engine.flow.Place;
import io.parley.networks.GoogleAccess;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An entry of a file that names systems of others: destinations, targets of handoffs. What is
/// wrong with a value is noted with its place, and another that will do is answered in its stead,
/// so that everything wrong is told at once.
final class DestinationEntry {

  private static final Pattern SECRET_NAME = Pattern.compile("[A-Z][A-Z0-9_]{2,63}");

  /// Stands for a secret that nobody has set.
  private static final String NOT_SET = "(not set)";

  private final String name;
  private final Place place;
  private final Map<String, String> secrets;
  private final SettingName secretsFrom;
  private final InstantSource clock;
  private final Set<String> missing = new TreeSet<>();

  /// The secrets themselves.
  private final Set<String> used = new HashSet<>();

  /// The keys that were asked for, in this order.
  private final Set<String> keys = new LinkedHashSet<>();

  private Optional<GoogleTokens> tokens = Optional.empty();
  private boolean keepsBuyers;

  DestinationEntry(String name, Place place, Map<String, String> secrets, InstantSource clock) {
    this(name, place, secrets, SettingName.DESTINATION_SECRETS, clock);
  }

  /// @param secretsFrom the setting that has the secrets' values
  DestinationEntry(
      String name,
      Place place,
      Map<String, String> secrets,
      SettingName secretsFrom,
      InstantSource clock) {
    this.name = name;
    this.place = place;
    this.secrets = secrets;
    this.secretsFrom = secretsFrom;
    this.clock = clock;
  }

  /// The destination's name.
  String name() {
    return name;
  }

  InstantSource clock() {
    return clock;
  }

  Place place(String key) {
    keys.add(key);
    return place.get(key);
  }

  /// What it may say, as far as it was asked.
  Set<String> keys() {
    return keys;
  }

  /// The secrets that it names and that nobody has set.
  Set<String> missing() {
    return missing;
  }

  /// Takes the secrets that it names out of a text.
  UnaryOperator<String> redaction() {
    List<String> hidden = List.copyOf(used);
    return text -> {
      String redacted = text;
      for (String secret : hidden) {
        redacted = redacted.replace(secret, "…");
      }
      return redacted;
    };
  }

  /// A text that must be there.
  ///
  /// @param expected what will do: `a region: us or eu`
  String text(String key, Predicate<String> allowed, String expected) {
    String text = place(key).literal().strip();
    if (text.isEmpty() || !allowed.test(text)) {
      place(key).problem("must be " + expected);
    }
    return text;
  }

  /// A text that may be left out.
  String text(String key, String usual, Predicate<String> allowed, String expected) {
    return place(key).isAbsent() ? usual : text(key, allowed, expected);
  }

  /// A word that may be left out.
  ///
  /// @param usual what holds then
  /// @param word how a choice is written
  <T> T choice(String key, T usual, List<T> all, Function<T, String> word) {
    Place place = place(key);
    if (place.isAbsent()) {
      return usual;
    }
    for (T choice : all) {
      if (word.apply(choice).equals(place.text())) {
        return choice;
      }
    }
    place.problem("must be one of: " + all.stream().map(word).collect(Collectors.joining(", ")));
    return usual;
  }

  /// A text or a number that may be left out.
  Optional<String> literal(String key) {
    return Optional.of(place(key).literal().strip()).filter(it -> !it.isEmpty());
  }

  /// Which list of the destination's holds which audience: `audience` and the list's id, or
  /// `audiences`, an id for each.
  ///
  /// @param list the key of the one list's id
  Map<String, String> lists(String list) {
    Map<String, String> lists = new LinkedHashMap<>();
    Place one = place(list);
    Place many = place("audiences");
    for (String audience : many.names()) {
      lists.put(audience, id(many.get(audience), audience));
    }
    if (place("audience").isAbsent() == many.names().isEmpty()) {
      many.problem(
          "must say which list holds which audience, by its key: {cio_cart_abandon_6h: 123}; or, of"
              + " one alone, audience and %s do".formatted(list));
    } else if (many.names().isEmpty()) {
      lists.put(
          text("audience", _ -> true, "the key of an audience: cio_cart_abandon_6h"),
          id(one, "the audience"));
    }
    return lists.isEmpty() ? Map.of("none", "0") : lists;
  }

  private static String id(Place place, String audience) {
    String id = place.literal().strip();
    if (!id.matches("[0-9]+")) {
      place.problem("must be the id of the list that holds %s: digits".formatted(audience));
      return "0";
    }
    return id;
  }

  /// By what Google lets requests through; see [GoogleTokens].
  GoogleTokens googleTokens() {
    String client = text("client_id", _ -> true, "the id of the OAuth client");
    GoogleTokens kept =
        new GoogleTokens(
            new GoogleAccess(
                client.isEmpty() ? NOT_SET : client,
                secret("client_secret"),
                secret("refresh_token")),
            place("token_url").isAbsent() ? GoogleAccess.TOKENS : url("token_url"),
            clock);
    tokens = Optional.of(kept);
    return kept;
  }

  /// What [#googleTokens] has made.
  Optional<GoogleTokens> tokens() {
    return tokens;
  }

  /// Lets it say that who has bought since stays in its lists.
  void mayKeepBuyers() {
    keepsBuyers = flag("keeps_buyers");
  }

  /// What [#mayKeepBuyers] has read.
  boolean keepsBuyers() {
    return keepsBuyers;
  }

  boolean flag(String key) {
    Place flag = place(key);
    if (!flag.isAbsent() && !(flag.value() instanceof Boolean)) {
      flag.problem("must be true or false");
    }
    return flag.isTrue();
  }

  /// A number above 0.
  double number(String key, double usual, double most) {
    Place number = place(key);
    if (number.isAbsent()) {
      return usual;
    }
    if (number.value() instanceof Number told
        && told.doubleValue() > 0
        && told.doubleValue() <= most) {
      return told.doubleValue();
    }
    number.problem("must be a number above 0, %.0f at most".formatted(most));
    return usual;
  }

  /// A whole number from 1 on.
  int whole(String key, int usual, int most) {
    Place number = place(key);
    if (number.isAbsent()) {
      return usual;
    }
    if (number.value() instanceof Long told && told >= 1 && told <= most) {
      return told.intValue();
    }
    number.problem("must be a whole number from 1 to " + most);
    return usual;
  }

  /// A secret that the entry names.
  String secret(String key) {
    return secret(place(key));
  }

  /// One secret that the entry names, or two while one takes the place of the other.
  List<String> secrets(String key) {
    List<Place> items = place(key).items();
    if (items.isEmpty()) {
      return List.of(secret(key));
    }
    if (items.size() > 2) {
      place(key).problem("must be one secret or two, while one takes the place of the other");
    }
    List<String> values = new ArrayList<>();
    items.forEach(item -> values.add(secret(item)));
    return values;
  }

  /// A name is asked for and not the secret itself, which has no place in a file that people share;
  /// so what stands there is not repeated.
  private String secret(Place named) {
    String secret = named.text();
    if (!SECRET_NAME.matcher(secret).matches()) {
      named.problem(
          "must be the name, in capitals, of a secret whose value is in " + secretsFrom.variable());
      return NOT_SET;
    }
    String value = secrets.getOrDefault(secret, "");
    if (value.isBlank()) {
      missing.add(secret);
      return NOT_SET;
    }
    used.add(value);
    return value;
  }

  /// Where requests go. What leaves is about people, so that it leaves in the open only within this
  /// machine or to a name that is known in its own network alone.
  URI url(String key) {
    Place url = place(key);
    try {
      URI parsed = new URI(url.text());
      String host = parsed.getHost();
      if (host != null
          && parsed.getUserInfo() == null
          && parsed.getFragment() == null
          && ("https".equals(parsed.getScheme())
              || ("http".equals(parsed.getScheme()) && isNear(host)))) {
        return parsed;
      }
    } catch (URISyntaxException _) {
      // The problem below says so.
    }
    url.problem(
        "must be an https URL with a host and without credentials; http will do for a host of this"
            + " machine, or one whose name has no dot");
    return URI.create("https://localhost");
  }

  private static boolean isNear(String host) {
    return !host.contains(".") || host.equals("127.0.0.1");
  }
}
