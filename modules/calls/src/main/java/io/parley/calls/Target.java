package io.parley.calls;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a request goes: an http or https URL in its parts, as it is written on the wire. The
/// fragment is left out.
///
/// @param scheme `http` or `https`
/// @param host in lower case, an IPv6 address without its brackets
/// @param path with the query, as given: `/carts/7?full=true`
/// @param userInfo `user:password` as given, empty where there is none
public record Target(String scheme, String host, int port, String path, String userInfo) {

  /// A host by its characters alone; what it means is for [AddressGuard] to judge.
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:([^@]*)@)?(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

  /// Reads an absolute URL; empty where it is none of http or https with a host.
  public static Optional<Target> parse(String url) {
    try {
      return read(new URI(url));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /// What a `Location` header of an answer from here names; empty where that is no URL to go to.
  public Optional<Target> resolve(String location) {
    try {
      return read(new URI(url()).resolve(new URI(location.strip())));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /// What is not ASCII is percent-encoded as UTF-8, as browsers do.
  private static Optional<Target> read(URI given) {
    URI uri = URI.create(given.toASCIIString());
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    String authority = uri.getRawAuthority();
    if (authority == null || !(secure || scheme.equals("http"))) {
      return Optional.empty();
    }
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = matcher.group(3) == null ? (secure ? 443 : 80) : Integer.parseInt(matcher.group(3));
    if (port < 1 || port > 65_535) {
      return Optional.empty();
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return Optional.of(
        new Target(
            scheme,
            plain(matcher.group(2)),
            port,
            uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(),
            matcher.group(1) == null ? "" : matcher.group(1)));
  }

  /// Without an IPv6 address's brackets, and without the dot that ends a name in the DNS.
  private static String plain(String host) {
    String text = host.toLowerCase(Locale.ROOT);
    if (text.startsWith("[")) {
      return text.substring(1, text.length() - 1);
    }
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  public boolean secure() {
    return scheme.equals("https");
  }

  /// Whether the two are one server to a browser: what is secret there is no secret here.
  boolean sameOrigin(Target other) {
    return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
  }

  /// The URL without user and password.
  public String url() {
    return scheme + "://" + authority() + path;
  }

  /// The value of `Host`: with the port where it is not the scheme's own.
  public String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == (secure() ? 443 : 80) ? name : name + ":" + port;
  }

  /// Without password and query, which may be secrets.
  @Override
  public String toString() {
    return scheme + "://" + authority();
  }
}
