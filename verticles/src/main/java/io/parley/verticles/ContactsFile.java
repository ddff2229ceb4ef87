package io.parley.verticles;

import io.parley.engine.Address;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.store.Contacts.Imported;
import io.parley.store.Contacts.OptOut;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What another system knows of contacts: comma-separated values, the first line with the names of
/// the columns, in any order. `address` or `external_id` says who; the rest may be left out.
///
/// ```csv
/// address,external_id,channel,programme,state,method,source,at,opted_out_at,evidence
/// +14155550142,42,sms,marketing,granted,checkout,shop,2026-01-15T09:30:00Z,,
/// +14155550143,43,,,,,,,2025-11-02,STOP
/// ```
///
/// A line is read whole or not at all, and those that are not keep no other back.
///
/// @param contacts addresses that belong to a person or that nothing may be sent to
/// @param mistakes each with its line: `line 7: ...`
record ContactsFile(List<Imported> contacts, List<Consent> consents, List<String> mistakes) {

  private static final List<String> COLUMNS =
      List.of(
          "address",
          "external_id",
          "channel",
          "programme",
          "state",
          "method",
          "source",
          "at",
          "opted_out_at",
          "evidence");

  private static final Pattern PHONE = Pattern.compile("(whatsapp:)?\\+[1-9][0-9]{6,14}");
  private static final Pattern MAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");

  ContactsFile {
    contacts = List.copyOf(contacts);
    consents = List.copyOf(consents);
    mistakes = List.copyOf(mistakes);
  }

  /// @param now a time that nothing in the file can be later than
  static ContactsFile read(String text, Instant now) {
    List<Line> lines = lines(text);
    if (lines.isEmpty()) {
      return new ContactsFile(List.of(), List.of(), List.of("line 1: has no names of columns"));
    }
    List<String> names =
        lines.getFirst().cells().stream()
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .toList();
    List<String> unknown = names.stream().filter(name -> !COLUMNS.contains(name)).toList();
    if (!unknown.isEmpty() || names.stream().distinct().count() < names.size()) {
      String why =
          unknown.isEmpty()
              ? "names a column twice"
              : "names columns that are not known: " + String.join(", ", unknown);
      return new ContactsFile(
          List.of(),
          List.of(),
          List.of("line 1: %s; known are %s".formatted(why, String.join(", ", COLUMNS))));
    }
    Reading reading = new Reading(names, now);
    lines.stream().skip(1).forEach(reading::add);
    return new ContactsFile(reading.contacts, reading.consents, reading.mistakes);
  }

  /// A line, by the number that an editor shows where it begins.
  private record Line(int number, List<String> cells) {
    Line {
      cells = List.copyOf(cells);
    }
  }

  /// Cells in quotes may hold commas, line breaks and doubled quotes (RFC 4180).
  private static List<Line> lines(String text) {
    List<Line> lines = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    int number = 1;
    int begun = 1;
    String all = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (int i = 0; i < all.length(); i++) {
      char c = all.charAt(i);
      if (quoted) {
        if (c == '"' && i + 1 < all.length() && all.charAt(i + 1) == '"') {
          cell.append('"');
          i++;
        } else if (c == '"') {
          quoted = false;
        } else {
          cell.append(c);
        }
      } else if (c == '"' && cell.toString().isBlank()) {
        cell.setLength(0);
        quoted = true;
      } else if (c == ',') {
        cells.add(cell.toString());
        cell.setLength(0);
      } else if (c == '\n') {
        cells.add(cell.toString());
        cell.setLength(0);
        keep(lines, begun, cells);
        cells = new ArrayList<>();
        begun = number + 1;
      } else if (c != '\r') {
        cell.append(c);
      }
      if (c == '\n') {
        number++;
      }
    }
    cells.add(cell.toString());
    keep(lines, begun, cells);
    return lines;
  }

  private static void keep(List<Line> lines, int number, List<String> cells) {
    if (cells.stream().anyMatch(cell -> !cell.isBlank())) {
      lines.add(new Line(number, cells));
    }
  }

  /// A mistake in a line.
  private static final class Mistake extends Exception {
    private static final long serialVersionUID = 1;

    Mistake(String why) {
      super(why);
    }
  }

  /// The lines so far. Confined to one reading.
  private static final class Reading {

    private final List<String> names;
    private final Instant now;
    private final List<Imported> contacts = new ArrayList<>();
    private final List<Consent> consents = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    Reading(List<String> names, Instant now) {
      this.names = names;
      this.now = now;
    }

    void add(Line line) {
      try {
        take(cells(line));
      } catch (Mistake mistake) {
        mistakes.add("line %d: %s".formatted(line.number(), mistake.getMessage()));
      }
    }

    private Map<String, String> cells(Line line) throws Mistake {
      if (line.cells().size() > names.size()) {
        throw new Mistake(
            "has %d cells for %d columns; put what holds a comma in quotes"
                .formatted(line.cells().size(), names.size()));
      }
      Map<String, String> cells = new HashMap<>();
      for (int i = 0; i < line.cells().size(); i++) {
        String cell = line.cells().get(i).strip();
        if (!cell.isEmpty()) {
          cells.put(names.get(i), cell);
        }
      }
      return cells;
    }

    private void take(Map<String, String> cells) throws Mistake {
      Optional<String> address = address(cells);
      Optional<String> externalId = Optional.ofNullable(cells.get("external_id"));
      if (address.isEmpty() && externalId.isEmpty()) {
        throw new Mistake("names nobody: give an address, an external_id or both");
      }
      Optional<Address> phone = address.filter(it -> !it.contains("@")).map(Address::new);
      Optional<OptOut> optOut = optOut(cells, phone);
      Optional<Consent> consent = consent(cells, address, externalId);
      boolean belongs = phone.isPresent() && externalId.isPresent();
      if (optOut.isEmpty() && consent.isEmpty() && !belongs) {
        throw new Mistake(
            "says nothing: give a state, an opted_out_at, or an address with its external_id");
      }
      consent.ifPresent(consents::add);
      if (phone.isPresent() && (belongs || optOut.isPresent())) {
        contacts.add(new Imported(phone.get(), externalId, optOut));
      }
    }

    private static Optional<String> address(Map<String, String> cells) throws Mistake {
      String address = cells.get("address");
      if (address == null) {
        return Optional.empty();
      }
      if (PHONE.matcher(address).matches()) {
        return Optional.of(address);
      }
      if (MAIL.matcher(address).matches()) {
        return Optional.of(address.toLowerCase(Locale.ROOT));
      }
      throw new Mistake(
          "has no address: give a phone number in E.164 (+14155550142), one with whatsapp: before"
              + " it, or an e-mail address");
    }

    private Optional<OptOut> optOut(Map<String, String> cells, Optional<Address> phone)
        throws Mistake {
      if (!cells.containsKey("opted_out_at")) {
        return Optional.empty();
      }
      if (phone.isEmpty()) {
        throw new Mistake("has an opt-out of no phone number; give the address");
      }
      Instant at = time(cells, "opted_out_at");
      return Optional.of(new OptOut(at, cells.getOrDefault("evidence", "imported")));
    }

    private Optional<Consent> consent(
        Map<String, String> cells, Optional<String> address, Optional<String> externalId)
        throws Mistake {
      if (!cells.containsKey("state")) {
        return Optional.empty();
      }
      Consent.State state =
          Consent.State.parse(cells.get("state"))
              .orElseThrow(() -> new Mistake("has a state that is neither granted nor revoked"));
      if (!cells.containsKey("at")) {
        throw new Mistake("has a consent without a time; give at, since the newest holds");
      }
      return Optional.of(
          new Consent(
              address.map(it -> it.replaceFirst("^whatsapp:", "")),
              externalId,
              channel(cells, address),
              cells.getOrDefault("programme", Consent.MARKETING),
              state,
              method(cells),
              cells.getOrDefault("source", "import"),
              cells.getOrDefault("evidence", ""),
              time(cells, "at")));
    }

    private static ConsentChannel channel(Map<String, String> cells, Optional<String> address)
        throws Mistake {
      String written = cells.get("channel");
      if (written == null) {
        return address
            .map(
                it ->
                    it.contains("@")
                        ? ConsentChannel.EMAIL
                        : it.startsWith("whatsapp:") ? ConsentChannel.WHATSAPP : ConsentChannel.SMS)
            .orElseThrow(() -> new Mistake("has a consent without channel and address"));
      }
      ConsentChannel channel =
          ConsentChannel.parse(written.toLowerCase(Locale.ROOT))
              .orElseThrow(() -> new Mistake("has a channel that is none of sms, whatsapp, email"));
      boolean mail = address.filter(it -> it.contains("@")).isPresent();
      if (address.isPresent() && mail != (channel == ConsentChannel.EMAIL)) {
        throw new Mistake("has a channel that does not reach its address");
      }
      return channel;
    }

    private static Consent.Method method(Map<String, String> cells) throws Mistake {
      String written = cells.get("method");
      return written == null
          ? Consent.Method.IMPORT
          : Consent.Method.parse(written)
              .filter(Consent.Method::isSaid)
              .orElseThrow(() -> new Mistake("has a method that is none of " + methods()));
    }

    private static String methods() {
      return Arrays.stream(Consent.Method.values())
          .filter(Consent.Method::isSaid)
          .map(Consent.Method::word)
          .collect(Collectors.joining(", "));
    }

    /// A day is its first moment, by UTC.
    private Instant time(Map<String, String> cells, String column) throws Mistake {
      String written = cells.getOrDefault(column, "");
      Instant time =
          Stream.<Optional<Instant>>of(moment(written), day(written))
              .flatMap(Optional::stream)
              .findFirst()
              .orElseThrow(
                  () ->
                      new Mistake(
                          "has in %s no time in ISO 8601 with an offset (2026-01-15T09:30:00Z) and no"
                                  .formatted(column)
                              + " day (2026-01-15)"));
      if (time.isAfter(now)) {
        throw new Mistake("has in " + column + " a time that is yet to come");
      }
      return time;
    }

    private static Optional<Instant> moment(String text) {
      try {
        return Optional.of(OffsetDateTime.parse(text.replaceFirst(" ", "T")).toInstant());
      } catch (DateTimeException _) {
        return Optional.empty();
      }
    }

    private static Optional<Instant> day(String text) {
      try {
        return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
      } catch (DateTimeException _) {
        return Optional.empty();
      }
    }
  }
}
