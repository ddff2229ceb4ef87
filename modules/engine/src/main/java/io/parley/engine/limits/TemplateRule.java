package io.parley.engine.limits;

import io.parley.engine.Address;
import io.parley.engine.flow.Place;
import io.parley.engine.hours.Atlas;
import io.parley.engine.hours.Region;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Which templates WhatsApp delivers to whom. Meta has not delivered marketing templates to numbers
/// of the United States (+1) since 2025-04-01 (the documentation of AWS End User Messaging).
///
/// ```yaml
/// whatsapp:
///   us_marketing: true             # should Meta lift it
///   templates: {HX01...: marketing}
/// ```
///
/// @param allowsMarketingToUs whether they are sent all the same
/// @param categories those of the templates that are named, by their sids; of another one nothing
///     is known, and it is sent
public record TemplateRule(boolean allowsMarketingToUs, Map<String, Category> categories) {

  public static final TemplateRule DEFAULT = new TemplateRule(false, Map.of());

  private static final Region US = new Region("US");

  /// Meta's categories of templates.
  public enum Category {
    MARKETING,
    UTILITY,
    AUTHENTICATION;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public TemplateRule {
    categories = Collections.unmodifiableMap(new LinkedHashMap<>(categories));
  }

  public static TemplateRule read(Place place) {
    place.holdsOnly("us_marketing", "templates");
    Place marketing = place.get("us_marketing");
    if (!marketing.isAbsent() && !(marketing.value() instanceof Boolean)) {
      marketing.problem("must be true or false");
    }
    return new TemplateRule(marketing.isTrue(), categories(place.get("templates")));
  }

  private static Map<String, Category> categories(Place place) {
    if (!place.isAbsent() && !place.isObject()) {
      place.problem("must be an object with the category of each template: {HX...: marketing}");
    }
    Map<String, Category> categories = new LinkedHashMap<>();
    for (String sid : place.names()) {
      Place category = place.get(sid);
      Stream.of(Category.values())
          .filter(it -> it.word().equals(category.text().strip()))
          .findFirst()
          .ifPresentOrElse(
              it -> categories.put(sid, it),
              () -> category.problem("must be marketing, utility or authentication"));
    }
    return categories;
  }

  /// Why a template must not be sent to an address, by its sid.
  public Optional<String> refusal(String contentSid, Address to) {
    return Optional.ofNullable(categories.get(contentSid)).flatMap(it -> refusal(it, to));
  }

  /// Why a template must not be sent to an address. A number in +1 whose area code nobody knows
  /// counts as one of the United States; those of Canada and the Caribbean do not.
  public Optional<String> refusal(Category category, Address to) {
    if (category != Category.MARKETING || allowsMarketingToUs) {
      return Optional.empty();
    }
    String number = to.value().substring(to.value().indexOf(':') + 1);
    List<Region> countries = Atlas.countries(number);
    boolean isUs = countries.isEmpty() ? number.startsWith("+1") : countries.contains(US);
    return isUs
        ? Optional.of("WhatsApp delivers no marketing template to numbers of the United States")
        : Optional.empty();
  }
}
