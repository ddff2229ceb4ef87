package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.report.Comparison;
import io.parley.loadtest.report.ComparisonPage;
import io.parley.loadtest.report.MadeUpRun;
import io.parley.loadtest.report.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The page of a run, looked at in a real browser.
final class ReportTest {

  private static final String HOSTILE = "</script></pre><img src=x onerror=alert(1)>\u202E\"'&";

  private static Chromium chromium;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void end() {
    chromium.close();
  }

  /// How a page is looked at.
  enum Looked {
    LIGHT(ColorScheme.LIGHT, 1280),
    DARK(ColorScheme.DARK, 1280),
    PHONE(ColorScheme.LIGHT, 360),
    DARK_PHONE(ColorScheme.DARK, 360);

    private final ColorScheme scheme;
    private final int width;

    Looked(ColorScheme scheme, int width) {
      this.scheme = scheme;
      this.width = width;
    }
  }

  /// A page with what it asked for and complained of.
  private record Opened(Page page, List<String> asked, List<String> complaints)
      implements AutoCloseable {

    @Override
    public void close() {
      page.context().close();
    }
  }

  private static Opened open(Path file, Looked looked) {
    BrowserContext context =
        chromium
            .browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setColorScheme(looked.scheme)
                    .setViewportSize(looked.width, 900));
    Page page = context.newPage();
    List<String> asked = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    page.onRequest(request -> asked.add(request.url()));
    page.onConsoleMessage(
        message -> {
          if (List.of("error", "warning").contains(message.type())) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.navigate(file.toUri().toString());
    return new Opened(page, asked, complaints);
  }

  /// Keeps a picture where `-Dparley.pictures=FOLDER` says.
  private static void picture(Page page, String name) {
    Optional.ofNullable(System.getProperty("parley.pictures"))
        .ifPresent(
            pictures ->
                page.screenshot(
                    new Page.ScreenshotOptions()
                        .setPath(Path.of(pictures, name + ".png"))
                        .setFullPage(true)));
  }

  private static void isSound(Opened opened) {
    Page page = opened.page();
    assertThat(opened.complaints()).isEmpty();
    assertThat(opened.asked()).allMatch(url -> url.startsWith("file:") || url.startsWith("data:"));
    assertThat(opened.asked().stream().filter(url -> url.startsWith("file:"))).hasSize(1);
    assertThat(new AxeBuilder(page).analyze().getViolations().stream().map(ReportTest::told))
        .isEmpty();
    assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        .as("nothing makes the page wider than the screen")
        .isEqualTo(0);
  }

  private static String told(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getNodes().stream().map(node -> node.getHtml()).limit(3).toList();
  }

  @ParameterizedTest
  @EnumSource
  void standsAloneAndIsReadable(Looked looked) throws IOException {
    Path file = RunFolder.write(new MadeUpRun(7, 120, 1).result(), folder);

    try (Opened opened = open(file, looked)) {
      picture(opened.page(), "report-" + looked);
      isSound(opened);
      assertThat(opened.page().locator(".verdict").innerText()).contains("Passed");
      assertThat(opened.page().locator("figure.chart").count()).isGreaterThan(15);
    }
  }

  @Test
  void pointingAtAChartTellsItsValues() throws IOException {
    Path file = RunFolder.write(new MadeUpRun(7, 120, 1).result(), folder);

    try (Opened opened = open(file, Looked.LIGHT)) {
      Locator figure = opened.page().locator("figure.chart").first();
      figure.locator(".plot").hover();
      assertThat(figure.locator(".tip").innerText())
          .containsPattern("\\d:\\d\\d")
          .contains("offered", "achieved");
      figure.locator(".plot").hover(new Locator.HoverOptions().setPosition(350, 100));
      assertThat(figure.locator(".tip").innerText()).contains("twilio: 30% of requests");
      picture(opened.page(), "pointed");
      assertThat(opened.complaints()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void foldsOutTheTraceOfABrokenPromise(Looked looked) throws IOException {
    RunResult broken =
        MadeUpRun.with(
            new MadeUpRun(7, 60, 1).result(),
            List.of(
                Kept.of("every accepted event has one turn", 9_412, List.of()),
                Kept.of(
                    "nothing is sent to who has opted out",
                    148,
                    List.of(
                        new Kept.Broken(
                            "0b5c8a52-6a8e-4b8e-9d8a-4f3f0f4b7c11",
                            "a message left 1.2 s after STOP was acknowledged",
                            """
                            10:00:01.120  turn 1  trigger -> Send question
                            10:00:09.310  turn 2  reply STOP -> Suppress
                            10:00:10.520  SM0000 created at Twilio, effect 0b5c:1:1
                            """),
                        new Kept.Broken("", HOSTILE, HOSTILE)))),
            List.of(
                new Judged("next_message p99", "25ms", "218 ms", false),
                new Judged(HOSTILE, "0", HOSTILE, false)));
    Path file = RunFolder.write(broken, folder);

    try (Opened opened = open(file, looked)) {
      Page page = opened.page();
      page.locator(".ledger summary").first().click();
      picture(page, "broken-" + looked);
      assertThat(page.locator(".verdict").innerText()).contains("Failed", "1 of 2 promises");
      assertThat(page.locator(".ledger pre").first().isVisible()).isTrue();
      assertThat(page.locator(".ledger pre").first().innerText()).contains("reply STOP");
      assertThat(page.locator("img").count()).isZero();
      page.locator(".ledger summary").nth(1).click();
      assertThat(page.locator(".ledger pre").nth(1).innerText())
          .isEqualTo("</script></pre><img src=x onerror=alert(1)>\uFFFD\"'&");
      isSound(opened);
    }
  }

  @ParameterizedTest
  @EnumSource
  void drawsTwoRunsOverEachOther(Looked looked) throws IOException {
    Comparison comparison =
        Comparison.of(new MadeUpRun(7, 120, 1).result(), new MadeUpRun(8, 120, 1.25).result());
    Path file = Files.writeString(folder.resolve("compare.html"), ComparisonPage.of(comparison));

    try (Opened opened = open(file, looked)) {
      picture(opened.page(), "compare-" + looked);
      isSound(opened);
      assertThat(opened.page().locator(".verdict").first().innerText())
          .contains("Worse", "Trigger accepted p50");
      assertThat(opened.page().locator(".warnings").innerText()).contains("seeds differ");
    }
  }

  @Test
  void keepsFiguresBesideThePage() throws IOException {
    RunFolder.write(new MadeUpRun(7, 60, 1).result(), folder);

    assertThat(folder.resolve("result.json")).isNotEmptyFile();
    assertThat(Files.readAllLines(folder.resolve("next_message.hgrm")).getFirst())
        .contains("Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  }
}
