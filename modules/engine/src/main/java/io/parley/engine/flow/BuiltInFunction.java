package io.parley.engine.flow;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A function that a flow can run without saying where: `run-function` with its name as the url.
public enum BuiltInFunction {
  /// What Customer.io has on record of a person.
  PROFILE("customerio/profile", "", "id email phone cio_id attributes fresh"),
  /// A transactional e-mail of Customer.io's.
  EMAIL(
      "customerio/email",
      "transactional_message_id",
      "to id email cio_id message_data send_to_unsubscribed from reply_to bcc subject preheader body"
          + " language send_at tracked queue_draft disable_message_retention"),
  /// An API-triggered broadcast of Customer.io's, to one person.
  BROADCAST("customerio/broadcast", "broadcast_id", "id email data");

  /// Begins a parameter that is one value of the message's own: `data.first_name`.
  public static final String OWN_VALUE = "data.";

  private static final String NAMESPACE = "customerio/";

  private final String word;
  private final String required;
  private final String optional;

  /// @param required names of parameters, parted by spaces
  /// @param optional as well
  BuiltInFunction(String word, String required, String optional) {
    this.word = word;
    this.required = required;
    this.optional = optional;
  }

  /// What a flow calls it: `customerio/email`.
  public String word() {
    return word;
  }

  /// The parameters that it does not go without.
  public List<String> required() {
    return names(required);
  }

  private static List<String> names(String text) {
    return Stream.of(text.split(" ", -1)).filter(it -> !it.isEmpty()).toList();
  }

  /// Whether it takes a parameter of this name.
  public boolean takes(String parameter) {
    return parameters().contains(parameter)
        || (this != PROFILE
            && parameter.startsWith(OWN_VALUE)
            && parameter.length() > OWN_VALUE.length());
  }

  /// Every parameter that it has a name for.
  public List<String> parameters() {
    return names(required + " " + optional);
  }

  public static Optional<BuiltInFunction> parse(String url) {
    return Stream.of(values()).filter(it -> it.word.equals(url)).findFirst();
  }

  /// Whether a url can mean nothing but one of them, known or not.
  public static boolean isMeant(String url) {
    return url.startsWith(NAMESPACE);
  }

  public static List<String> words() {
    return Stream.of(values()).map(BuiltInFunction::word).toList();
  }
}
