package io.parley.store;

import java.util.Optional;

/// Keeps the bodies of dead letters from whoever can read the database and nothing else.
/// Thread-safe.
public interface Seal {

  /// A body that is sealed.
  ///
  /// @param key which key it is sealed under, by its fingerprint
  record Sealed(String key, String text) {}

  /// What came of opening one.
  sealed interface Opening {
    record Open(String body) implements Opening {}

    /// @param why in words for an operator
    record Shut(String why) implements Opening {}
  }

  /// Bodies are kept as they are.
  Seal NONE =
      new Seal() {
        @Override
        public Optional<Sealed> seal(String body, String place) {
          return Optional.empty();
        }

        @Override
        public Opening open(Sealed sealed, String place) {
          return new Opening.Shut("it is sealed under key " + sealed.key() + ", and no key is set");
        }

        @Override
        public Optional<String> key() {
          return Optional.empty();
        }
      };

  /// A body sealed; empty where bodies are kept as they are.
  ///
  /// @param place which row it stands in: in no other will it open
  Optional<Sealed> seal(String body, String place);

  Opening open(Sealed sealed, String place);

  /// The key that bodies are sealed under now.
  Optional<String> key();
}
