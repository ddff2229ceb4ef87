package io.parley.engine.limits;

import io.parley.engine.Address;
import io.parley.engine.flow.Place;
import io.parley.engine.hours.Atlas;
import io.parley.engine.hours.Region;
import java.util.List;
import java.util.Optional;

/// Which templates WhatsApp delivers to whom. Meta has not delivered marketing templates to numbers
/// of the United States (+1) since 2025-04-01 (the documentation of AWS End User Messaging).
///
/// ```yaml
/// whatsapp: {us_marketing: true}   # should Meta lift it
/// ```
///
/// @param allowsMarketingToUs whether they are sent all the same
public record TemplateRule(boolean allowsMarketingToUs) {

  public static final TemplateRule DEFAULT = new TemplateRule(false);

  private static final Region US = new Region("US");

  /// Meta's categories of templates.
  public enum Category {
    MARKETING,
    UTILITY,
    AUTHENTICATION
  }

  public static TemplateRule read(Place place) {
    place.holdsOnly("us_marketing");
    Place marketing = place.get("us_marketing");
    if (!marketing.isAbsent() && !(marketing.value() instanceof Boolean)) {
      marketing.problem("must be true or false");
    }
    return new TemplateRule(marketing.isTrue());
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
