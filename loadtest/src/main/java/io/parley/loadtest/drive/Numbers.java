package io.parley.loadtest.drive;

import java.util.OptionalInt;

/// Which telephone numbers and which ids customers have. Numbers are of New York, where nobody is
/// reached by them: nothing leaves the stand-ins.
///
/// @param run tells the customers of a run from those of another in the same database
/// @param first where in all the numbers those of the run begin
record Numbers(String run, int first) {

  private static final String[] AREAS = {"212", "646", "917", "718", "347", "929"};
  private static final int IN_AN_AREA = 8_000_000;
  private static final int LOWEST = 2_000_000;
  private static final int LENGTH = "+12122000000".length();
  private static final int ALL = AREAS.length * IN_AN_AREA;
  private static final String WHATSAPP = "whatsapp:";

  String phone(Person person) {
    int place = (first + person.number()) % ALL;
    return "+1" + AREAS[place / IN_AN_AREA] + (LOWEST + place % IN_AN_AREA);
  }

  /// Where the person is written to.
  String address(Person person) {
    return (person.isOnWhatsApp() ? WHATSAPP : "") + phone(person);
  }

  String id(Person person) {
    return "load-" + run + "-" + person.number();
  }

  /// The number of the person who has that address; that nobody has it is seen by its size, too.
  OptionalInt ofAddress(String address) {
    String phone = address.startsWith(WHATSAPP) ? address.substring(WHATSAPP.length()) : address;
    if (phone.length() != LENGTH || !phone.startsWith("+1")) {
      return OptionalInt.empty();
    }
    for (int area = 0; area < AREAS.length; area++) {
      if (phone.startsWith(AREAS[area], 2)) {
        int local = Integer.parseInt(phone, 5, LENGTH, 10) - LOWEST;
        return OptionalInt.of(Math.floorMod(area * IN_AN_AREA + local - first, ALL));
      }
    }
    return OptionalInt.empty();
  }

  /// The number of the person who has that id.
  OptionalInt ofId(String id) {
    String prefix = "load-" + run + "-";
    return id.startsWith(prefix)
        ? OptionalInt.of(Integer.parseInt(id, prefix.length(), id.length(), 10))
        : OptionalInt.empty();
  }
}
