package io.parley.networks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The Google Ads account that data goes to.
///
/// @param customer its customer id, with dashes or without: `123-456-7890`
/// @param login the manager account whose rights are used, where they are not the account's own
public record GoogleAccount(String customer, Optional<String> login) {

  public GoogleAccount {
    customer = digits(customer);
    login = login.map(GoogleAccount::digits);
  }

  private static String digits(String id) {
    String digits = id.replace("-", "").strip();
    if (!digits.matches("[0-9]{1,19}")) {
      throw new IllegalArgumentException(
          "no customer id of Google Ads (123-456-7890): '" + id + "'");
    }
    return digits;
  }

  /// As a destination of the Data Manager API.
  ///
  /// @param reference names it within the request
  /// @param productId a conversion action or an audience
  Map<String, Object> destination(String reference, String productId) {
    Map<String, Object> destination = new LinkedHashMap<>();
    destination.put("reference", reference);
    login.ifPresent(id -> destination.put("loginAccount", account(id)));
    destination.put("operatingAccount", account(customer));
    destination.put("productDestinationId", productId);
    return destination;
  }

  private static Map<String, Object> account(String id) {
    Map<String, Object> account = new LinkedHashMap<>();
    account.put("accountType", "GOOGLE_ADS");
    account.put("accountId", id);
    return account;
  }
}
