package io.parley.engine.liquid;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import liqp.TemplateContext;
import liqp.filters.Filter;
import liqp.filters.Filters;
import liqp.filters.date.Parser;

/// `date`, with the engine's time for `now` and `today`, and never the machine's: the library's own
/// reads the clock for them, and for what a date leaves out.
final class DateFilter extends Filter {

  private static final int MAX_LENGTH = 64;
  private static final Pattern SECONDS = Pattern.compile("-?\\d{1,12}");
  private static final Pattern ORDINAL = Pattern.compile("(?<=\\d)(?:st|nd|rd|th)\\b");
  private static final Filter FORMAT = Filters.DEFAULT_FILTERS.get("date");
  private static final List<DateTimeFormatter> FORMS =
      Parser.datePatterns.stream().map(DateFilter::form).toList();

  DateFilter() {
    super("date");
  }

  @Override
  public Object apply(Object value, TemplateContext context, Object... params) {
    ZonedDateTime now = Studio.now(context).atZone(Studio.ZONE);
    String text = asString(value, context).strip();
    Optional<ZonedDateTime> time = params.length == 0 ? Optional.empty() : read(text, now);
    return time.isPresent() ? FORMAT.apply(time.get(), context, params) : value;
  }

  private static Optional<ZonedDateTime> read(String text, ZonedDateTime now) {
    if (text.equals("now") || text.equals("today")) {
      return Optional.of(now);
    }
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)).atZone(now.getZone()));
    }
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = ORDINAL.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    return FORMS.stream().flatMap(form -> parse(form, plain, now).stream()).findFirst();
  }

  /// As Ruby does it, what a text leaves out is taken from now down to its largest part, and is the
  /// first from there on: `March` is midnight of the first of March of this year.
  private static Optional<ZonedDateTime> parse(
      DateTimeFormatter form, String text, ZonedDateTime now) {
    try {
      TemporalAccessor parts = form.parse(text);
      ZoneId stated = parts.query(TemporalQueries.zone());
      LocalTime time = parts.query(TemporalQueries.localTime());
      return Optional.of(
          date(parts, now.toLocalDate())
              .atTime(time == null ? LocalTime.MIDNIGHT : time)
              .atZone(stated == null ? now.getZone() : stated));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static LocalDate date(TemporalAccessor parts, LocalDate today) {
    LocalDate whole = parts.query(TemporalQueries.localDate());
    if (whole != null) {
      return whole;
    }
    ChronoField year =
        parts.isSupported(ChronoField.YEAR) ? ChronoField.YEAR : ChronoField.YEAR_OF_ERA;
    boolean dated = parts.isSupported(ChronoField.MONTH_OF_YEAR);
    if (!dated) {
      return today;
    }
    return LocalDate.of(
        parts.isSupported(year) ? parts.get(year) : today.getYear(),
        parts.get(ChronoField.MONTH_OF_YEAR),
        parts.isSupported(ChronoField.DAY_OF_MONTH) ? parts.get(ChronoField.DAY_OF_MONTH) : 1);
  }

  private static DateTimeFormatter form(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH);
  }
}
