package io.parley.engine.offers;

import io.parley.engine.flow.Place;
import io.parley.engine.liquid.Templates;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a shop is asked for a code.
///
/// ```yaml
/// request:
///   url: https://shop.example.com/api/discounts
///   auth: {header: X-Shop-Token, secret: SHOP_TOKEN}   # SHOP_TOKEN: a name, never the token
///   body: '{"value": "{{offer.value}}", "ends_at": "{{offer.expires}}", "key": "{{offer.key}}"}'
///   code_at: discount.code
/// ```
///
/// @param url where a POST goes
/// @param auth the header that proves who asks, where one does
/// @param body a template of JSON; `offer.key` is the same for every attempt of one grant
/// @param codeAt the names that lead to the code in the JSON of the answer
public record Shop(String url, Optional<Auth> auth, String body, List<String> codeAt) {

  /// What goes over a network is encrypted; a server beside Parley, on its own machine, need not.
  private static final Pattern URL =
      Pattern.compile(
          "(https://[^\\s/?#{}]+|http://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?)([/?#]\\S*)?");
  private static final Pattern SECRET = Pattern.compile("[A-Z][A-Z0-9_]{2,63}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");
  private static final Pattern PATH = Pattern.compile("[\\w-]+(\\.[\\w-]+)*");

  /// @param secret the name of the value among the installation's secrets
  public record Auth(String header, String secret) {}

  public Shop {
    codeAt = List.copyOf(codeAt);
  }

  static Optional<Shop> read(Place place) {
    if (place.isAbsent()) {
      place.problem("is missing; say url, auth, body and code_at of the request to the shop");
      return Optional.empty();
    }
    Reading.object(place, "url", "auth", "body", "code_at");
    String url = Reading.required(place.get("url"), "https://shop.example.com/api/discounts");
    if (!url.isEmpty() && !URL.matcher(url).matches()) {
      place
          .get("url")
          .problem(
              "is no https URL, nor one of http://localhost; write it whole, without templates");
    }
    String body = place.get("body").text();
    Templates.problem(body)
        .ifPresent(problem -> place.get("body").problem("is no valid Liquid: " + problem));
    String path = Reading.required(place.get("code_at"), "discount.code");
    if (!path.isEmpty() && !PATH.matcher(path).matches()) {
      place.get("code_at").problem("is no path of names; write for example discount.code");
    }
    Optional<Auth> auth = auth(place.get("auth"));
    return URL.matcher(url).matches() && PATH.matcher(path).matches()
        ? Optional.of(new Shop(url, auth, body, List.of(path.split("\\.", -1))))
        : Optional.empty();
  }

  private static Optional<Auth> auth(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    Reading.object(place, "header", "secret");
    String header = place.get("header").text().strip();
    if (!HEADER.matcher(header).matches()) {
      place.get("header").problem("is no name of a header; write for example X-Shop-Token");
      return Optional.empty();
    }
    String secret = place.get("secret").text().strip();
    if (!SECRET.matcher(secret).matches()) {
      place
          .get("secret")
          .problem(
              "is no name of a secret; write the name in capitals, for example SHOP_TOKEN, and never"
                  + " the secret itself");
      return Optional.empty();
    }
    return Optional.of(new Auth(header, secret));
  }
}
