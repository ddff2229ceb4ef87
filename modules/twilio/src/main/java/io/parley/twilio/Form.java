package io.parley.twilio;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters of an `application/x-www-form-urlencoded` body or a query, decoded, in the order
/// they came, repeats included.
record Form(List<Parameter> parameters) {

  private static final Comparator<Parameter> AS_SIGNED =
      Comparator.comparing(Parameter::name).thenComparing(Parameter::value);

  Form {
    parameters = List.copyOf(parameters);
  }

  record Parameter(String name, String value) {}

  /// Reads a raw body; throws [IllegalArgumentException] where a percent sign is followed by no two
  /// hexadecimal digits.
  static Form parse(byte[] body) {
    return parse(new String(body, StandardCharsets.UTF_8));
  }

  /// The query of a raw request target; empty where it has none.
  static Form query(String requestTarget) {
    int mark = requestTarget.indexOf('?');
    return mark < 0 ? new Form(List.of()) : parse(requestTarget.substring(mark + 1));
  }

  private static Form parse(String encoded) {
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : encoded.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.add(new Parameter(decode(name), decode(value)));
      }
    }
    return new Form(parameters);
  }

  private static String decode(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  /// The first value of a parameter.
  Optional<String> first(String name) {
    return parameters.stream().filter(p -> p.name().equals(name)).map(Parameter::value).findFirst();
  }

  /// All values by name, in the order in which the names came first.
  Map<String, List<String>> byName() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      values.computeIfAbsent(parameter.name(), _ -> new ArrayList<>()).add(parameter.value());
    }
    return values;
  }

  /// Names and values joined as Twilio signs them: sorted by name, a repeated name's values sorted
  /// too, and the same pair once (twilio-node `toFormUrlEncodedParam`).
  String signed() {
    StringBuilder joined = new StringBuilder();
    parameters.stream()
        .sorted(AS_SIGNED)
        .distinct()
        .forEach(parameter -> joined.append(parameter.name()).append(parameter.value()));
    return joined.toString();
  }
}
