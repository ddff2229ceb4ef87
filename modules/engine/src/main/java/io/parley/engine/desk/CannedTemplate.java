package io.parley.engine.desk;

import io.parley.engine.Values;
import io.parley.engine.flow.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An approved template of WhatsApp's that an agent may send, also when the window is shut.
///
/// @param sid `HX...`
/// @param text how it reads, with `{{1}}` where a variable stands
/// @param variables what agents call them, in the order of their numbers
public record CannedTemplate(
    String sid, String name, String text, String language, List<String> variables) {

  public CannedTemplate {
    variables = List.copyOf(variables);
  }

  static Optional<CannedTemplate> read(Place place) {
    place.holdsOnly("sid", "name", "text", "language", "variables");
    String sid = place.get("sid").text().strip();
    if (!sid.matches("HX[0-9a-fA-F]{32}")) {
      place.get("sid").problem("must be the sid of a template: HX and 32 hexadecimal digits");
      return Optional.empty();
    }
    String name = place.get("name").text().strip();
    String language = place.get("language").text().strip();
    return Optional.of(
        new CannedTemplate(
            sid,
            name.isEmpty() ? sid : name,
            place.get("text").text(),
            language.isEmpty() ? "en" : language,
            List.copyOf(Words.read(place.get("variables")))));
  }

  /// The text with what agents call its variables in the place of their numbers.
  public String named() {
    String named = text;
    for (int i = 0; i < variables.size(); i++) {
      named = named.replace("{{" + (i + 1) + "}}", "{{" + variables.get(i) + "}}");
    }
    return named;
  }

  /// The variables by their numbers, as WhatsApp knows them.
  ///
  /// @param given by number, or by what agents call them
  public Values numbered(Values given) {
    Values numbered = Values.EMPTY;
    for (Map.Entry<String, Object> entry : given.entries().entrySet()) {
      int place = variables.indexOf(entry.getKey());
      String number = place < 0 ? entry.getKey() : String.valueOf(place + 1);
      numbered = numbered.with(number, entry.getValue());
    }
    return numbered;
  }
}
