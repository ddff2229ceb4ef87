package io.parley.engine.rules;

import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.engine.flow.Place;
import io.parley.engine.liquid.Rendered;
import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text of a rule that may read the event and the person's traits, in Liquid:
/// `{{event.properties.code}}`, `{{traits.first_name | default: "there"}}`.
///
/// One that is nothing but a place (`{{event.properties.items}}`) stands for what is there, with
/// its type: a number, a list, an object; where nothing is there, for nothing.
///
/// @param text as it is written
public record Template(String text) {

  private static final Pattern PLACE =
      Pattern.compile("\\s*\\{\\{-?\\s*([A-Za-z_][\\w-]*(?:\\.[\\w-]+)*)\\s*-?}}\\s*");
  private static final Pattern OUTPUT = Pattern.compile("\\{\\{-?\\s*([A-Za-z_]\\w*)");
  private static final List<String> READABLE =
      List.of("event", "traits", "true", "false", "nil", "blank", "empty");

  /// Reads a text, and reports what is wrong with it.
  static Template read(Place place) {
    String text = place.literal();
    Templates.problem(text).ifPresent(why -> place.problem("is no Liquid: " + why));
    if (!text.contains("{%")) {
      Matcher output = OUTPUT.matcher(text);
      while (output.find()) {
        if (!READABLE.contains(output.group(1))) {
          place.problem(
              "reads %s, which there is not; there are event (event.properties.total) and traits"
                  .formatted(output.group(1)));
        }
      }
    }
    return new Template(text);
  }

  /// A value of any shape, with templates in the place of its texts.
  static Object any(Place place) {
    return switch (place.value()) {
      case String _ -> read(place);
      case Map<?, ?> _ -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        place.names().forEach(name -> entries.put(name, any(place.get(name))));
        yield entries;
      }
      case List<?> _ -> {
        List<Object> items = new ArrayList<>();
        place.items().forEach(item -> items.add(any(item)));
        yield items;
      }
      case null -> new Template("");
      case Object value -> value;
    };
  }

  /// What a value that [#any] has read comes to; empty where it comes to nothing.
  static Optional<Object> render(Object value, Occasion occasion, Consumer<String> warnings) {
    return switch (value) {
      case Template template -> template.value(occasion, warnings);
      case Map<?, ?> map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach(
            (name, each) ->
                render(each, occasion, warnings)
                    .ifPresent(it -> entries.put(String.valueOf(name), it)));
        yield Optional.of(entries);
      }
      case List<?> list -> {
        List<Object> items = new ArrayList<>();
        list.forEach(each -> items.add(render(each, occasion, warnings).orElse("")));
        yield Optional.of(items);
      }
      default -> Optional.of(value);
    };
  }

  private Optional<Object> value(Occasion occasion, Consumer<String> warnings) {
    Matcher place = PLACE.matcher(text);
    return place.matches()
        ? Path.at(new Values(occasion.scope()), List.of(place.group(1).split("\\.", -1)))
        : Optional.of(text(occasion, warnings));
  }

  /// What it comes to as a text.
  String text(Occasion occasion, Consumer<String> warnings) {
    Rendered rendered = Templates.render(text, occasion.scope(), occasion.at());
    rendered.warnings().stream().map(Warning::message).forEach(warnings);
    return rendered.text();
  }
}
