package io.parley.verticles;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The JSON that a form of the desk posts. What a field lacks is told by what it should be.
final class DeskForm {

  private final JsonObject body;

  private DeskForm(JsonObject body) {
    this.body = body;
  }

  /// A field is not what it should be.
  static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String field, String expected) {
      super(field + " is not " + expected, null, false, false);
    }
  }

  /// Of a body that [RawBody] has read; fails where it is no object.
  static DeskForm of(RoutingContext context) {
    try {
      return new DeskForm(new JsonObject(new String(RawBody.of(context), StandardCharsets.UTF_8)));
    } catch (DecodeException | ClassCastException _) {
      throw new Unfit("the body", "a JSON object");
    }
  }

  boolean has(String field) {
    return body.containsKey(field);
  }

  /// A text that is more than blanks, without those around it.
  String text(String field, int most) {
    return verbatim(field, 1, most).strip();
  }

  /// A text as it stands.
  String verbatim(String field, int least, int most) {
    if (body.getValue(field) instanceof String text
        && !text.isBlank()
        && text.codePointCount(0, text.length()) >= least
        && text.length() <= most
        && text.chars().noneMatch(it -> it < ' ')) {
      return text;
    }
    throw new Unfit(field, "a text of %d to %d characters".formatted(least, most));
  }

  boolean flag(String field) {
    if (body.getValue(field) instanceof Boolean flag) {
      return flag;
    }
    throw new Unfit(field, "true or false");
  }

  /// Texts; none where the field is missing.
  List<String> texts(String field, int most) {
    List<String> texts = new ArrayList<>();
    Object value = body.getValue(field, new JsonArray());
    if (!(value instanceof JsonArray array) || array.size() > most) {
      throw new Unfit(field, "a list of at most " + most + " texts");
    }
    for (Object each : array) {
      if (!(each instanceof String text) || text.isBlank() || text.length() > most) {
        throw new Unfit(field, "a list of texts of at most " + most + " characters");
      }
      texts.add(text.strip());
    }
    return texts.stream().distinct().toList();
  }

  Optional<String> optionalText(String field, int most) {
    return body.getValue(field) == null ? Optional.empty() : Optional.of(text(field, most));
  }
}
