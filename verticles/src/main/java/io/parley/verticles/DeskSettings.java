package io.parley.verticles;

import io.parley.calls.AddressBlock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who signs in at the desk, and for how long.
///
/// @param publicUrl where browsers reach this service
/// @param local whether users have passwords of their own
/// @param session how long a sign-in lasts at most
/// @param idle how long it lasts if nothing is asked
/// @param proxies who may say by X-Forwarded-For where a request comes from
record DeskSettings(
    URI publicUrl,
    boolean local,
    Optional<Provider> provider,
    Duration session,
    Duration idle,
    List<AddressBlock> proxies) {

  DeskSettings {
    proxies = List.copyOf(proxies);
  }

  /// An identity provider. Printed without the secret.
  ///
  /// @param name what it is called on the sign-in page
  /// @param topicClaim empty where topics are said at the desk
  record Provider(
      URI issuer,
      String clientId,
      String clientSecret,
      String name,
      List<String> scopes,
      String roleClaim,
      Optional<String> topicClaim) {

    Provider {
      scopes = List.copyOf(scopes);
    }

    @Override
    public String toString() {
      return "Provider[issuer=" + issuer + ", clientId=" + clientId + "]";
    }
  }

  /// Whether browsers come by https, as the outside sees it.
  boolean isSecure() {
    return "https".equals(publicUrl.getScheme());
  }

  /// `https://parley.example.com`, as browsers name it in Origin.
  String origin() {
    int port = publicUrl.getPort();
    boolean usual = port < 0 || port == (isSecure() ? 443 : 80);
    return publicUrl.getScheme() + "://" + publicUrl.getHost() + (usual ? "" : ":" + port);
  }

  static DeskSettings read(SettingsReader reader) {
    Optional<Provider> provider = provider(reader);
    String local =
        reader.oneOf(
            SettingName.DESK_LOCAL, it -> it.matches("|true|false"), "true, false or empty");
    return new DeskSettings(
        reader.url(SettingName.PUBLIC_URL),
        local.isEmpty() ? provider.isEmpty() : local.equals("true"),
        provider,
        reader.duration(SettingName.DESK_SESSION),
        reader.duration(SettingName.DESK_IDLE),
        proxies(reader));
  }

  private static Optional<Provider> provider(SettingsReader reader) {
    Optional<String> issuer = reader.optional(SettingName.DESK_OIDC_ISSUER);
    Optional<String> id = reader.optional(SettingName.DESK_OIDC_CLIENT_ID);
    Optional<String> secret = reader.secret(SettingName.DESK_OIDC_CLIENT_SECRET);
    String name = reader.text(SettingName.DESK_OIDC_NAME);
    List<String> scopes =
        Stream.of(reader.text(SettingName.DESK_OIDC_SCOPES).split("[\\s,]+", -1)).toList();
    if (!scopes.contains("openid")) {
      reader.problem(SettingName.DESK_OIDC_SCOPES, "does not have openid; add it");
    }
    String role = reader.text(SettingName.DESK_OIDC_ROLE_CLAIM);
    Optional<String> topics = reader.optional(SettingName.DESK_OIDC_TOPIC_CLAIM);
    reader.together(SettingName.DESK_OIDC_ISSUER, SettingName.DESK_OIDC_CLIENT_ID);
    reader.together(SettingName.DESK_OIDC_ISSUER, SettingName.DESK_OIDC_CLIENT_SECRET);
    if (issuer.isEmpty() || id.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    URI url = reader.baseUrl(SettingName.DESK_OIDC_ISSUER);
    if (!"https".equals(url.getScheme()) && !isHere(url)) {
      reader.refuse(
          SettingName.DESK_OIDC_ISSUER, issuer.get(), "an https URL; passwords pass through it");
    }
    return Optional.of(new Provider(url, id.get(), secret.get(), name, scopes, role, topics));
  }

  private static boolean isHere(URI url) {
    return "localhost".equals(url.getHost()) || "127.0.0.1".equals(url.getHost());
  }

  private static List<AddressBlock> proxies(SettingsReader reader) {
    List<AddressBlock> blocks = new ArrayList<>();
    for (String entry : reader.list(SettingName.DESK_PROXIES)) {
      AddressBlock.parse(entry)
          .ifPresentOrElse(
              blocks::add,
              () ->
                  reader.refuse(
                      SettingName.DESK_PROXIES, entry, "an address or a CIDR such as 10.0.0.0/8"));
    }
    return blocks;
  }
}
