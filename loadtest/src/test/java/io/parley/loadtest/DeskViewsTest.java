package io.parley.loadtest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.parley.loadtest.DeskHouse.SOON;
import static io.parley.loadtest.DeskHouse.button;
import static io.parley.loadtest.DeskHouse.log;
import static io.parley.loadtest.DeskHouse.owner;
import static io.parley.loadtest.DeskHouse.reply;
import static io.parley.loadtest.DeskHouse.say;
import static io.parley.loadtest.DeskHouse.take;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.CheckedNode;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ScreenshotAnimations;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every view of the desk, light and dark: nothing that WCAG 2.2 AA forbids as far as axe can tell,
/// no script that fails, nothing that the page's security policy has to stop. The pictures of
/// DESK.md are taken on the way; `-Dparley.rewrite=true` puts them there.
@ExtendWith(DeskGround.Resolver.class)
final class DeskViewsTest {

  private static final List<String> WCAG =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

  private static final int WIDTH = 1360;
  private static final int HEIGHT = 860;

  /// What a picture of the documentation may weigh, in bytes.
  private static final long HEAVIEST_PICTURE = 200_000;

  private static final String JANE = "+14155550110";
  private static final String OMAR = "+14155550111";
  private static final String FAY = "+14155550112";
  private static final String GIA = "+14155550113";
  private static final String CLEO = "+14155550114";
  private static final String HAL = "+14155550116";
  private static final String EMIL = "whatsapp:+14155550115";

  @SuppressWarnings("NullAway.Init")
  private static DeskHouse house;

  @SuppressWarnings("NullAway.Init")
  private static Page ada;

  @SuppressWarnings("NullAway.Init")
  private static Page mia;

  @BeforeAll
  static void open(DeskGround ground) throws Exception {
    house = DeskHouse.open(ground, "desk_views", Map.of());
    ada = house.admin("Ada");
    mia = house.invite(ada, "Mia", "agent");
    Page ben = house.invite(ada, "Ben", "agent");
    for (Page page : List.of(ada, mia)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
    }

    for (Page page : List.of(mia, ben)) {
      // Who is away is shown on the board, and is offered nothing.
      DeskHouse.call(page, "POST", "/me/status", new JsonObject().put("status", "away"));
    }
    house.trigger("greeting", "+14155550115", "Emil", true);
    house.trigger("care", CLEO, "Cleo", false);
    house.asksForHelp(GIA, "Gia");
    house.show(ben, GIA);
    take(ben);
    house.asksForHelp(FAY, "Fay");
    house.show(mia, FAY);
    take(mia);
    house.write(FAY, "STOP");
    house.asksForHelp(OMAR, "Omar");
    house.asksForHelp(JANE, "Jane");
    house.show(mia, JANE);
    take(mia);
    say(mia, "Hello Jane, what is it about?");
    house.awaitText(JANE, "what is it about?");
    house.write(JANE, "The day cream arrived open. Can I have another one?");
    assertThat(log(mia)).containsText("arrived open", SOON);
    say(mia, "I am sorry. A new one leaves today, and you need not send the first back.");
    house.awaitText(JANE, "leaves today");
    house.write(JANE, "That was quick, thank you!");
    assertThat(log(mia)).containsText("That was quick", SOON);
    DeskHouse.call(
        mia,
        "POST",
        "/conversations/" + house.conversation(JANE) + "/notes",
        new JsonObject().put("text", "Second parcel this week; tell the warehouse."));
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  @AfterEach
  void nothingWentWrongOnThePages() {
    assertThat(house.complaints()).isEmpty();
  }

  // ---- what is looked at

  /// Finds nothing on the page as it stands, in light and in dark.
  private static void isAccessible(Page page, String view) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    List<String> found = new ArrayList<>(findings(new AxeBuilder(page).withTags(WCAG)));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    findings(new AxeBuilder(page).withRules(List.of("color-contrast")))
        .forEach(finding -> found.add("in dark: " + finding));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    assertThat(found).as(view).isEmpty();
  }

  private static List<String> findings(AxeBuilder axe) {
    return axe.setLegacyMode(true).analyze().getViolations().stream()
        .map(DeskViewsTest::words)
        .toList();
  }

  private static String words(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getHelp()
        + rule.getNodes().stream()
            .map(node -> "\n  " + node.getTarget() + " " + why(node))
            .toList();
  }

  private static String why(CheckedNode node) {
    return String.valueOf(node.getFailureSummary());
  }

  private static void picture(Page page, String name) throws Exception {
    Path path = DeskHouse.pictures().resolve(name + ".png");
    page.mouse().move(0, 0);
    byte[] picture =
        page.screenshot(
            new Page.ScreenshotOptions()
                .setPath(path)
                .setAnimations(ScreenshotAnimations.DISABLED));
    assertThat((long) picture.length).as(name).isLessThan(HEAVIEST_PICTURE);
    DeskHouse.keepPicture(path);
  }

  private static void dark(Page page) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
  }

  private static void light(Page page) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }

  private static void go(Page page, String path, String heading) {
    page.navigate(house.url("/desk/" + path));
    page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(heading).setExact(true))
        .first()
        .waitFor();
  }

  // ---- the views

  @Test
  void signingIn() throws Exception {
    Page page = house.browser();
    page.navigate(house.url("/desk/"));
    page.getByLabel("Email").waitFor();

    isAccessible(page, "sign-in");
    picture(page, "sign-in");

    page.getByLabel("Email").fill("nobody@acme.example");
    page.getByLabel("Password").fill("not the password");
    button(page, "Sign in").click();
    page.getByRole(AriaRole.ALERT).waitFor();
    isAccessible(page, "sign-in that was refused");
  }

  @Test
  void anInvite() {
    JsonObject invited =
        DeskHouse.call(
            ada,
            "POST",
            "/users",
            new JsonObject().put("role", "lead").put("email", "l@x.example"));
    Page page = house.browser();
    page.navigate(
        house.url(URI.create(invited.getJsonObject("invite").getString("url")).getPath()));
    page.getByLabel("Password").waitFor();

    isAccessible(page, "invite");
    page.navigate(house.url("/desk/invite/no-such-link"));
    page.getByRole(AriaRole.ALERT).waitFor();
    isAccessible(page, "invite that is over");
  }

  @Test
  void theInboxWithMessagesAndContext() throws Exception {
    house.show(mia, JANE);
    assertThat(log(mia)).containsText("That was quick", SOON);
    assertThat(mia.locator(".context-pane")).containsText("Day cream", SOON);

    isAccessible(mia, "inbox");
    picture(mia, "inbox-light");
    dark(mia);
    picture(mia, "inbox-dark");
    light(mia);
    button(mia, "Draw the flow").click();
    mia.locator(".react-flow__node").first().waitFor();
    isAccessible(mia, "flow in the context");
  }

  @Test
  void theInboxOnAPhone() throws Exception {
    mia.setViewportSize(390, 844);
    try {
      mia.navigate(house.url("/desk/inbox/all"));
      mia.getByRole(AriaRole.LISTITEM).first().waitFor();
      isAccessible(mia, "list on a phone");
      house.show(mia, JANE);
      assertThat(log(mia)).containsText("That was quick", SOON);
      isAccessible(mia, "messages on a phone");
      picture(mia, "phone");
      assertThat((boolean) mia.evaluate("document.body.scrollWidth <= window.innerWidth"))
          .as("nothing is wider than the phone")
          .isTrue();
    } finally {
      mia.setViewportSize(WIDTH, HEIGHT);
    }
  }

  @Test
  void theComposerInAllItsStates() throws Exception {
    house.show(mia, JANE);
    reply(mia).fill("/");
    mia.getByRole(AriaRole.LISTBOX).waitFor();
    isAccessible(mia, "canned replies");
    reply(mia).fill("");
    mia.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Note")).click();
    mia.getByLabel("Note for your colleagues").waitFor();
    isAccessible(mia, "note");

    house.show(mia, GIA);
    assertThat(mia.getByText("Ben holds this conversation")).isVisible();
    isAccessible(mia, "locked");

    house.show(mia, CLEO);
    assertThat(owner(mia)).containsText("bot", SOON);
    isAccessible(mia, "with the bot");

    house.show(mia, EMIL);
    assertThat(mia.getByText("WhatsApp takes only a template")).isVisible();
    isAccessible(mia, "WhatsApp is shut");
  }

  @Test
  void theComposerOfWhoSaidStop() throws Exception {
    house.show(mia, FAY);
    assertThat(mia.getByText("This conversation is closed")).isVisible();
    isAccessible(mia, "closed");

    // Opted out by another way, while the conversation is open.
    house.asksForHelp(HAL, "Hal");
    house.change(
        """
        insert into contact (address, block, block_evidence, block_at, updated_at)
        values ('%s', 'OPTED_OUT', 'carrier', now(), now())
        on conflict (address) do update set block = 'OPTED_OUT', block_evidence = 'carrier',
                                            block_at = now(), updated_at = now()
        """
            .formatted(HAL));
    house.show(mia, HAL);
    mia.locator(".composer .bar-stop").waitFor();
    assertThat(reply(mia)).hasCount(0);
    isAccessible(mia, "opted out");
  }

  @Test
  void theDialogs() throws Exception {
    house.show(mia, JANE);
    for (String keys : List.of("Alt+KeyE", "Alt+KeyM", "Alt+KeyA", "?")) {
      log(mia).focus();
      mia.keyboard().press(keys);
      Locator dialog = mia.getByRole(AriaRole.DIALOG);
      dialog.waitFor();
      isAccessible(mia, "dialog of " + keys);
      mia.keyboard().press("Escape");
      assertThat(dialog).hasCount(0);
    }
  }

  @Test
  void theBoard() throws Exception {
    go(ada, "board", "Board");
    ada.getByRole(AriaRole.TABLE).first().waitFor();

    isAccessible(ada, "board");
    picture(ada, "board");
  }

  @Test
  void theTimeline() throws Exception {
    ada.navigate(house.url("/desk/inbox/all/" + house.conversation(GIA) + "/timeline"));
    ada.locator(".timeline li").first().waitFor();

    isAccessible(ada, "timeline");
  }

  @Test
  void theFlowsAndOneWithItsTraffic() throws Exception {
    go(ada, "flows", "Flows");
    ada.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("care")).first().waitFor();
    isAccessible(ada, "flows");
    go(ada, "flows/care", "Flows");
    ada.locator(".react-flow__node").first().waitFor();
    assertThat(ada.locator(".flow-stage")).containsText("came", SOON);

    isAccessible(ada, "flow with its traffic");
    picture(ada, "flow");
    ada.getByText("As a table").click();
    isAccessible(ada, "flow as a table");
  }

  @Test
  void theDeadLetters() throws Exception {
    go(ada, "dead-letters", "Dead letters");
    assertThat(ada.getByText("No dead letters")).isVisible();
    isAccessible(ada, "no dead letters");
    house.change(
        """
        insert into dead_letter (conversation, turn, index, destination, sender, contact, epoch,
                                 format, effect, attempts, reason, created_at, died_at)
        select conversation, turn, index, 'customerio', ours, theirs, epoch, format, effect, 5,
               'answered 400: no such workspace', now(), now()
          from handoff where theirs = '%s'
        """
            .formatted(OMAR));
    ada.reload();
    button(ada, "Replay").waitFor();

    isAccessible(ada, "dead letters");
    button(ada, "Discard").click();
    assertThat(ada.getByText("No dead letters")).isVisible();
  }

  @Test
  void theTranscriptsTheUsersAndTheAudit() {
    go(ada, "transcripts", "Transcripts");
    isAccessible(ada, "transcripts");
    go(ada, "users", "Users");
    assertThat(ada.getByRole(AriaRole.TABLE).first()).containsText("Mia", SOON);
    isAccessible(ada, "users");
    go(ada, "audit", "Audit");
    assertThat(ada.getByRole(AriaRole.TABLE).first()).containsText("Mia", SOON);
    isAccessible(ada, "audit");
  }
}
