package io.parley.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SidBookTest {

  @Test
  void anEnvironmentIsAtTwilioUnlessItSaysWhere() {
    SidBook book = Sids.BOOK;

    assertThat(book.home()).isEqualTo("production");
    assertThat(book.environments())
        .containsEntry("production", "https://studio.twilio.com")
        .containsEntry("staging", "http://localhost:8080");
    assertThat(book.environmentAt("http://localhost:8080")).contains("staging");
    assertThat(book.sid("child", "staging")).contains(Sids.sid("FW", 'b'));
    assertThat(book.sid("child", "nowhere")).isEmpty();
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    assertThat(
            SidBook.read(
                """
                files: prod
                environment: {}
                environments:
                  production:
                    url: studio.twilio.com
                    token: abc
                sids:
                  a: {production: FW1, staging: FW2}
                  b: {production: FW1}
                  c: FW3
                  d: {production: 4}
                """))
        .isEqualTo(
            new SidBook.Reading.Unreadable(
                List.of(
                    "has environment, and knows only files, environments and sids",
                    "has environments.production.token, and an environment has only a url",
                    "has environments.production.url \"studio.twilio.com\", which is not of the form"
                        + " https://host",
                    "says files: prod, which is none of its environments",
                    "has sids.a.staging, and no environment staging",
                    "has no map at sids.c",
                    "has no text at sids.d.production",
                    "has FW1 in production twice: for a and for b")));
  }

  @Test
  void aTextThatIsNoYamlIsNotRead() {
    assertThat(SidBook.read("a: b: c")).isInstanceOf(SidBook.Reading.Unreadable.class);
    assertThat(SidBook.read("[]")).isInstanceOf(SidBook.Reading.Unreadable.class);
    assertThat(SidBook.read("")).isInstanceOf(SidBook.Reading.Unreadable.class);
  }
}
