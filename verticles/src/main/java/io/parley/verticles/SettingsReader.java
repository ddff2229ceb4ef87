package io.parley.verticles;

import io.parley.engine.Address;
import io.parley.engine.Channel;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads settings and collects what is wrong with them, each with its name and remedy.
final class SettingsReader {

  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  static final Pattern DATABASE_URL =
      Pattern.compile("postgres(ql)?://[^@/]+@[^@/?]+/[^/?]+(\\?.*)?");
  private static final Pattern SMS_SENDER =
      Pattern.compile("\\+[1-9]\\d{6,14}|\\d{3,8}|MG[0-9a-fA-F]{32}");
  private static final Pattern WHATSAPP_SENDER = Pattern.compile("whatsapp:\\+[1-9]\\d{6,14}");

  private static final Pattern API_KEY = Pattern.compile("SK[0-9a-zA-Z]+:\\S+");

  private final Map<String, String> given;
  private final Map<String, String> shown = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  SettingsReader(Map<String, String> environment) {
    given = new HashMap<>();
    String file = environment.getOrDefault(SettingName.CONFIG_FILE.variable(), "");
    if (!file.isBlank()) {
      readFile(Path.of(file));
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("PARLEY_") && !value.isBlank()) {
            given.put(name, value);
          }
        });
  }

  private void readFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          SettingName.CONFIG_FILE.variable()
              + ": "
              + file
              + " cannot be read ("
              + e
              + "); mend or unset it");
    }
    properties.forEach(
        (name, value) -> {
          if (!String.valueOf(value).isBlank()) {
            given.put(String.valueOf(name), String.valueOf(value));
          }
        });
  }

  List<String> problems() {
    return problems.stream().distinct().sorted().toList();
  }

  Map<String, String> shown() {
    return shown;
  }

  void refuseUnknownNames() {
    Set<String> known =
        Stream.of(SettingName.values()).map(SettingName::variable).collect(Collectors.toSet());
    given.keySet().stream()
        .filter(name -> !known.contains(name) && !RemoteLogin.isVariable(name))
        .forEach(
            name ->
                problems.add(name + ": no setting has this name; remove it or mend its spelling"));
  }

  String text(SettingName name) {
    String value = given.getOrDefault(name.variable(), name.fallback()).strip();
    shown.put(name.variable(), value);
    return value;
  }

  Optional<String> optional(SettingName name) {
    return Optional.of(text(name)).filter(value -> !value.isEmpty());
  }

  Optional<String> secret(SettingName name) {
    Optional<String> value = optional(name);
    value.ifPresent(_ -> shown.put(name.variable(), "(set)"));
    return value;
  }

  /// Secrets of which several are valid at once, comma-separated.
  Optional<List<String>> secrets(SettingName name) {
    Optional<List<String>> secrets =
        secret(name).map(value -> Stream.of(value.split(",", -1)).map(String::strip).toList());
    if (secrets.isEmpty() || secrets.get().stream().noneMatch(String::isEmpty)) {
      return secrets;
    }
    problems.add(name.variable() + ": one of its comma-separated values is empty; remove a comma");
    return Optional.empty();
  }

  long whole(SettingName name, long least, long most) {
    String value = text(name);
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The problem below says so.
    }
    return wrong(name, value, "a whole number from " + least + " to " + most, least);
  }

  double atLeastZero(SettingName name) {
    return text(name).equals("0") ? 0 : positive(name);
  }

  double positive(SettingName name) {
    String value = text(name);
    try {
      double number = Double.parseDouble(value);
      if (number > 0 && number < 1e9) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The problem below says so.
    }
    return wrong(name, value, "a number above 0", 1.0);
  }

  /// Its comma-separated entries, the empty ones left out.
  List<String> list(SettingName name) {
    return Stream.of(text(name).split(",", -1))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  Duration duration(SettingName name) {
    String value = text(name);
    return duration(value)
        .orElseGet(
            () ->
                wrong(
                    name,
                    value,
                    "a duration such as 500ms, 10s, 5m, 2h or 1d",
                    Duration.ofSeconds(1)));
  }

  /// Empty where the text is no duration, or none that lasts.
  static Optional<Duration> duration(String value) {
    Matcher matcher = DURATION.matcher(value);
    if (matcher.matches() && matcher.group(1).length() <= 9) {
      long amount = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      return Optional.of(duration).filter(Duration::isPositive);
    }
    return Optional.empty();
  }

  /// Notes that a part of a setting is wrong.
  void refuse(SettingName name, String value, String expected) {
    problems.add(name.variable() + ": \"" + value + "\" is not " + expected);
  }

  /// Says what is wrong with a value that is not to be shown.
  void problem(SettingName name, String problem) {
    problems.add(name.variable() + ": " + problem);
  }

  URI url(SettingName name) {
    String value = text(name);
    try {
      URI url = new URI(value);
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        return url;
      }
    } catch (URISyntaxException _) {
      // The problem below says so.
    }
    return wrong(name, value, "an http or https URL with a host", URI.create("http://localhost"));
  }

  /// A url that paths are put behind.
  URI baseUrl(SettingName name) {
    URI url = url(name);
    return url.getQuery() == null && url.getFragment() == null
        ? url
        : wrong(name, url.toString(), "a url without query and fragment", url);
  }

  String oneOf(SettingName name, Predicate<String> allowed, String description) {
    String value = text(name);
    return allowed.test(value) ? value : wrong(name, value, description, name.fallback());
  }

  /// Texts, comma-separated; none of them blank.
  List<String> texts(SettingName name) {
    return Stream.of(text(name).split(",", -1))
        .map(String::strip)
        .filter(it -> !it.isEmpty())
        .toList();
  }

  /// `address=flow` pairs, comma-separated.
  Map<Address, String> bindings(SettingName name) {
    Map<Address, String> bindings = new LinkedHashMap<>();
    for (String pair : text(name).split(",", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        wrong(name, pair, "address=flow pairs, comma-separated", "");
        continue;
      }
      bindings.put(
          new Address(pair.substring(0, equals).strip()), pair.substring(equals + 1).strip());
    }
    List<String> masked = new ArrayList<>();
    bindings.forEach((address, flow) -> masked.add(address.masked() + "=" + flow));
    shown.put(name.variable(), String.join(",", masked));
    return bindings;
  }

  Map<Channel, Address> senders() {
    Map<Channel, Address> senders = new EnumMap<>(Channel.class);
    sender(SettingName.SMS_SENDER, SMS_SENDER, "a number as +15550001111, a short code or MG...")
        .ifPresent(address -> senders.put(Channel.SMS, address));
    sender(SettingName.WHATSAPP_SENDER, WHATSAPP_SENDER, "an address as whatsapp:+15550001111")
        .ifPresent(address -> senders.put(Channel.WHATSAPP, address));
    return senders;
  }

  private Optional<Address> sender(SettingName name, Pattern form, String expected) {
    Optional<Address> address = optional(name).map(Address::new);
    if (address.isPresent() && !form.matcher(address.get().value()).matches()) {
      return wrong(name, address.get().value(), expected, Optional.empty());
    }
    address.ifPresent(it -> shown.put(name.variable(), it.masked()));
    return address;
  }

  void together(SettingName one, SettingName other) {
    boolean hasOne = given.containsKey(one.variable());
    boolean hasOther = given.containsKey(other.variable());
    if (hasOne != hasOther) {
      SettingName missing = hasOne ? other : one;
      SettingName present = hasOne ? one : other;
      problems.add(
          missing.variable()
              + ": is missing, though "
              + present.variable()
              + " is set; set both or neither");
    }
  }

  boolean isDatabaseUrl(String url) {
    boolean usable = DATABASE_URL.matcher(url).matches();
    if (!usable) {
      problems.add(
          SettingName.DATABASE_URL.variable()
              + ": is not of the form postgresql://user:password@host:port/name");
    }
    return usable;
  }

  boolean isSiteId(String id) {
    boolean usable = !id.contains(":");
    if (!usable) {
      problems.add(SettingName.CUSTOMERIO_SITE_ID.variable() + ": has a colon; copy the id alone");
    }
    return usable;
  }

  boolean isUserAndPassword(String pair) {
    boolean usable = pair.indexOf(':') > 0 && !pair.endsWith(":");
    if (!usable) {
      problems.add(SettingName.TRIGGER_BASIC.variable() + ": is not of the form user:password");
    }
    return usable;
  }

  boolean isApiKey(String pair) {
    boolean usable = API_KEY.matcher(pair).matches();
    if (!usable) {
      problems.add(
          SettingName.API_KEYS.variable() + ": has a key that is not of the form SK...:secret");
    }
    return usable;
  }

  private <T> T wrong(SettingName name, String value, String expected, T instead) {
    problems.add(name.variable() + ": \"" + value + "\" is not " + expected);
    return instead;
  }
}
