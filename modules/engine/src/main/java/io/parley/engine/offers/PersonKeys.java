package io.parley.engine.offers;

import io.parley.engine.Address;
import io.parley.engine.Person;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The names by which one person is known wherever we speak to them: `id:42`, `to:+14155550100`. A
/// phone number is one name on SMS and on WhatsApp, so what is counted for a person is counted
/// across channels.
public final class PersonKeys {

  private static final String WHATSAPP_PREFIX = "whatsapp:";

  private PersonKeys() {}

  /// In the one order in which they are locked, without repeats.
  public static List<String> of(Person person, Address theirs) {
    SortedSet<String> keys = new TreeSet<>();
    person.externalId().ifPresent(id -> keys.add(ofId(id)));
    keys.add(ofAddress(theirs.value()));
    return List.copyOf(keys);
  }

  public static String ofId(String externalId) {
    return "id:" + externalId;
  }

  public static String ofAddress(String address) {
    return "to:"
        + (address.startsWith(WHATSAPP_PREFIX)
            ? address.substring(WHATSAPP_PREFIX.length())
            : address);
  }
}
