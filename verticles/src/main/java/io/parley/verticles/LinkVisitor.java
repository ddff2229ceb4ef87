package io.parley.verticles;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;

/// Tells a person who follows a link from a program that fetches it: to show a preview of it, to
/// look for malware behind it, or to have it at hand in case.
///
/// A program that calls itself a browser cannot be told from one. Safe Links' scan at delivery is
/// such a program; its check at the click says `ms-office`, or names Safe Links as where it comes
/// from.
final class LinkVisitor {

  /// A program, by a word of its User-Agent in small letters.
  ///
  /// @param source where that word is documented
  private record Program(String word, String source) {}

  private static final List<Program> PROGRAMS =
      List.of(
          new Program("whatsapp", "developers.facebook.com/docs/whatsapp/link-previews"),
          // Facebook, Instagram and Messenger; and Apple's Messages, which calls itself this.
          new Program(
              "facebookexternalhit",
              "developers.facebook.com/docs/sharing/webmasters/web-crawlers"),
          new Program("facebot", "peter.upfold.org.uk/blog/2019/02 (Apple's Messages)"),
          new Program(
              "facebookcatalog", "developers.facebook.com/docs/sharing/webmasters/web-crawlers"),
          new Program(
              "meta-external", "developers.facebook.com/docs/sharing/webmasters/web-crawlers"),
          new Program("slackbot", "api.slack.com/robots"),
          new Program("slack-imgproxy", "api.slack.com/robots"),
          new Program(
              "twitterbot",
              "developer.x.com/en/docs/x-for-websites/cards/guides/troubleshooting-cards"),
          new Program("linkedinbot", "webmasterid.com/user-agents/social-preview-bot-user-agents"),
          new Program("discordbot", "webmasterid.com/user-agents/social-preview-bot-user-agents"),
          new Program("telegrambot", "its User-Agent: TelegramBot (like TwitterBot)"),
          new Program("snap url preview", "its User-Agent: Snap URL Preview Service"),
          new Program("pinterest/0.", "help.pinterest.com/en/business/article/pinterestbot"),
          new Program("kakaotalk-scrap", "its User-Agent: kakaotalk-scrap/1.0"),
          // Skype and Teams.
          new Program("skypeuripreview", "its User-Agent: SkypeUriPreview Preview/0.5"),
          new Program(
              "googlebot", "developers.google.com/search/docs/crawling-indexing/google-crawlers"),
          // Google-Read-Aloud, Google-Safety, Google-InspectionTool ...
          new Program(
              "google-", "developers.google.com/search/docs/crawling-indexing/google-crawlers"),
          new Program(
              "googleother", "developers.google.com/search/docs/crawling-indexing/google-crawlers"),
          new Program(
              "mediapartners",
              "developers.google.com/search/docs/crawling-indexing/google-crawlers"),
          new Program("google web preview", "its User-Agent: Google Web Preview"),
          new Program("applebot", "support.apple.com/119829"),
          new Program("bingpreview", "bing.com/webmasters/help/which-crawlers-does-bing-use"),
          new Program("microsoftpreview", "bing.com/webmasters/help/which-crawlers-does-bing-use"),
          // Outlook and Safe Links at the click.
          new Program("ms-office", "its User-Agent: ms-office; MSOffice 16"),
          new Program("msoffice", "its User-Agent: ms-office; MSOffice 16"),
          new Program("microsoft office", "its User-Agent: Microsoft Office/16.0"),
          new Program("twilioproxy", "its User-Agent: TwilioProxy/1.1"),
          new Program("headlesschrome", "its User-Agent: HeadlessChrome/..."),
          new Program("python-requests", "requests.readthedocs.io, default User-Agent"),
          new Program("go-http-client", "pkg.go.dev/net/http, default User-Agent"),
          new Program("java-http-client", "docs.oracle.com, java.net.http, default User-Agent"),
          new Program("curl/", "curl.se/docs/manpage.html#-A"),
          new Program("wget/", "gnu.org/software/wget/manual/wget.html"),
          // What programs call themselves that want to be known for one.
          new Program("crawler", "rfc-editor.org/rfc/rfc9309 speaks of crawlers"),
          new Program("spider", "robotstxt.org/faq/what.html"),
          new Program("bot/", "robotstxt.org/faq/what.html"),
          new Program("preview", "what it does"),
          new Program("scanner", "what it does"));

  /// Headers by which a browser tells that nobody has asked yet.
  private static final List<String> PURPOSES =
      List.of("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz");

  private static final List<String> AHEAD = List.of("prefetch", "prerender", "preview");

  private LinkVisitor() {}

  /// Whether a request is a person's who wants to see where a link leads.
  static boolean isPerson(HttpMethod method, MultiMap headers) {
    String agent = lower(headers, "User-Agent");
    return method.equals(HttpMethod.GET)
        && !agent.isBlank()
        && PROGRAMS.stream().noneMatch(program -> agent.contains(program.word))
        && PURPOSES.stream().noneMatch(name -> isAhead(lower(headers, name)))
        && !lower(headers, "Referer").contains("safelinks.protection.outlook.com");
  }

  private static boolean isAhead(String purpose) {
    return AHEAD.stream().anyMatch(purpose::contains);
  }

  private static String lower(MultiMap headers, String name) {
    String value = headers.get(name);
    return value == null ? "" : value.toLowerCase(Locale.ROOT);
  }
}
