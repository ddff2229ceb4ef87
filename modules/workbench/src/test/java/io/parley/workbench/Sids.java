package io.parley.workbench;

/// Sids of two environments.
final class Sids {

  static final SidBook BOOK =
      read(
          """
          files: production
          environments:
            production: {}
            staging: {url: "http://localhost:8080/"}
          sids:
            parent: {production: %s}
            child: {production: %s, staging: %s}
            service: {production: %s, staging: %s}
            template: {production: %s}
            host:
              production: https://care-1.twil.io
              staging: https://care-1-dev.twil.io
          """
              .formatted(
                  sid("FW", '1'),
                  sid("FW", 'a'),
                  sid("FW", 'b'),
                  sid("ZS", 'a'),
                  sid("ZS", 'b'),
                  sid("HX", 'a')));

  private Sids() {}

  static SidBook read(String yaml) {
    return switch (SidBook.read(yaml)) {
      case SidBook.Reading.Read(var book) -> book;
      case SidBook.Reading.Unreadable(var problems) -> throw new AssertionError(problems);
    };
  }

  static String sid(String prefix, char digit) {
    return prefix + String.valueOf(digit).repeat(32);
  }
}
