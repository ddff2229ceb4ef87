package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkVisitorTest {

  private static final String BROWSER =
      "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/141.0.0.0 Mobile Safari/537.36";

  @ParameterizedTest
  @ValueSource(
      strings = {
        BROWSER,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) [FBAN/FBIOS;FBAV/500.0;FBLC/en_US]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Instagram 390.0.0 (iPhone14,5)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) GSA/380.0 Mobile Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) [Pinterest/iOS]"
      })
  void aBrowserIsAPerson(String agent) {
    assertThat(LinkVisitor.isPerson(HttpMethod.GET, headers("User-Agent", agent))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WhatsApp/2.23.18.78 i",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko)"
            + " Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "meta-externalagent/1.1",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
        "Twitterbot/1.0",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)",
        "GoogleOther",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0) BingPreview/1.0b",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
        "TwilioProxy/1.1",
        "SomeUnheardOfBot/3.2",
        "curl/8.5.0",
        "  "
      })
  void aProgramIsNone(String agent) {
    assertThat(LinkVisitor.isPerson(HttpMethod.GET, headers("User-Agent", agent))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Purpose, prefetch",
    "Sec-Purpose, prefetch;prerender",
    "Purpose, prefetch",
    "X-Purpose, preview",
    "X-Moz, prefetch",
    "Referer, https://nam10.safelinks.protection.outlook.com/?url=x"
  })
  void whatABrowserFetchesAheadIsNoPersons(String name, String value) {
    MultiMap headers = headers("User-Agent", BROWSER).add(name, value);

    assertThat(LinkVisitor.isPerson(HttpMethod.GET, headers)).isFalse();
  }

  @Test
  void whoLooksOnlyAtTheHeadIsNoPerson() {
    assertThat(LinkVisitor.isPerson(HttpMethod.HEAD, headers("User-Agent", BROWSER))).isFalse();
  }

  @Test
  void whoDoesNotSayWhatItIsIsNoPerson() {
    assertThat(LinkVisitor.isPerson(HttpMethod.GET, headers("Accept", "*/*"))).isFalse();
  }

  private static MultiMap headers(String name, String value) {
    return MultiMap.caseInsensitiveMultiMap().add(name, value);
  }
}
