package io.parley.loadtest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.parley.loadtest.DeskHouse.SOON;
import static io.parley.loadtest.DeskHouse.button;
import static io.parley.loadtest.DeskHouse.log;
import static io.parley.loadtest.DeskHouse.owner;
import static io.parley.loadtest.DeskHouse.reply;
import static io.parley.loadtest.DeskHouse.take;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A day's work at the desk: what is offered, who else is there, canned replies, what waits until
/// later, what comes after, and all of it by the keyboard.
@ExtendWith(DeskGround.Resolver.class)
final class DeskWorkTest {

  /// What may shift of the page while ten replies arrive, in Chromium's layout shift score.
  private static final double STEADY = 0.05;

  /// How many stops Tab may make on the way to a control.
  private static final int STOPS = 60;

  private static final LocatorAssertions.IsVisibleOptions SHOWN =
      new LocatorAssertions.IsVisibleOptions().setTimeout(20_000);

  @SuppressWarnings("NullAway.Init")
  private static DeskHouse house;

  @SuppressWarnings("NullAway.Init")
  private static Page admin;

  @SuppressWarnings("NullAway.Init")
  private static Page mia;

  @SuppressWarnings("NullAway.Init")
  private static Page ben;

  @BeforeAll
  static void open(DeskGround ground) throws Exception {
    house = DeskHouse.open(ground, "desk_work", Map.of());
    admin = house.admin("Ada");
    mia = house.invite(admin, "Mia", "agent");
    ben = house.invite(admin, "Ben", "agent");
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

  // ---- offers

  private static void status(Page page, String status) {
    page.getByLabel("Your status").selectOption(status);
  }

  private static Locator offer(Page page) {
    return page.getByRole(
        AriaRole.REGION, new Page.GetByRoleOptions().setName("Offered to you").setExact(true));
  }

  @Test
  void whatIsDeclinedIsOfferedToTheOtherWhoAccepts() throws Exception {
    String phone = "+14155550120";
    Page ida = house.invite(admin, "Ida", "agent");
    Page jon = house.invite(admin, "Jon", "agent");
    status(ida, "online");
    status(jon, "online");
    house.asksForHelp(phone, "Olga");

    Stages.await(
        "an offer", () -> offer(ida).getByText("Olga").isVisible() || offer(jon).isVisible());
    boolean idaFirst = offer(ida).isVisible();
    Page first = idaFirst ? ida : jon;
    Page second = idaFirst ? jon : ida;
    Locator left = offer(first).getByRole(AriaRole.TIMER);
    assertThat(left).hasText(Pattern.compile("^(1:00|0:\\d\\d|\\d\\d? ?s)$"));
    String before = left.innerText();
    Stages.await("the countdown goes on", () -> !left.innerText().equals(before));
    assertThat(offer(second)).hasCount(0);
    button(first, "Decline").click();

    assertThat(offer(second).getByText("Olga")).isVisible(SHOWN);
    assertThat(offer(first)).hasCount(0);
    button(second, "Accept").click();

    assertThat(second).hasURL(house.url("/desk/inbox/mine/" + house.conversation(phone)));
    assertThat(owner(second)).containsText("You hold it", SOON);
    assertThat(offer(second)).hasCount(0);
    status(ida, "offline");
    status(jon, "offline");
  }

  // ---- who else is there

  @Test
  void whoLooksAndWhoTypesIsSeenByTheOther() throws Exception {
    String phone = "+14155550121";
    house.asksForHelp(phone, "Pia");
    house.show(mia, phone);
    take(mia);

    house.show(ben, phone);

    assertThat(mia.getByText("Ben looks at this conversation, too.")).isVisible(SHOWN);
    assertThat(ben.getByText("Mia looks at this conversation, too.")).isVisible(SHOWN);
    reply(mia).pressSequentially("One moment");
    assertThat(ben.getByText("Mia is typing here")).isVisible(SHOWN);
    reply(mia).fill("");
    assertThat(ben.getByText("Mia is typing here")).hasCount(0);

    ben.navigate(house.url("/desk/inbox/closed"));
    assertThat(mia.getByText("Ben looks at this conversation, too."))
        .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(20_000));
  }

  @Test
  void nothingJumpsWhereMessagesArrive() throws Exception {
    String phone = "+14155550122";
    house.asksForHelp(phone, "Quentin");
    house.show(mia, phone);
    take(mia);
    reply(mia).fill("I am writing while you do");
    assertThat(log(mia)).containsText("I need help with my order", SOON);
    mia.evaluate(
        """
        () => {
          window.shifts = [];
          new PerformanceObserver(list => {
            for (const one of list.getEntries()) {
              window.shifts.push([one.value, one.sources.map(source => String(source.node?.className))]);
            }
          }).observe({type: 'layout-shift', buffered: false});
        }
        """);

    for (int i = 1; i <= 10; i++) {
      house.write(
          phone, "reply " + i + ", which is long enough to be broken into lines ".repeat(3));
    }

    assertThat(log(mia)).containsText("reply 10,", SOON);
    assertThat(
            ((Number) mia.evaluate("window.shifts.reduce((sum, [value]) => sum + value, 0)"))
                .doubleValue())
        .as("shifts: %s", mia.evaluate("JSON.stringify(window.shifts)"))
        .isLessThan(STEADY);
    assertThat(reply(mia)).hasValue("I am writing while you do");
    assertThat(log(mia).getByText("reply 10,")).isInViewport();
  }

  // ---- the composer

  @Test
  void aCannedReplyComesBySlashWithItsVariableFilled() throws Exception {
    String phone = "+14155550123";
    house.asksForHelp(phone, "Rosa");
    house.show(mia, phone);
    take(mia);

    reply(mia).pressSequentially("/ship");
    Locator choices = mia.getByRole(AriaRole.LISTBOX);
    assertThat(choices).containsText("Hi Rosa, shipping takes 4 to 6 days.");
    reply(mia).press("Enter");

    assertThat(reply(mia)).hasValue("Hi Rosa, shipping takes 4 to 6 days.");
    assertThat(mia.getByTestId("segments")).containsText("1 segment, 124 left of 160");
    reply(mia).press("End");
    reply(mia).pressSequentially(" ☂");
    assertThat(mia.getByTestId("segments"))
        .containsText("1 segment, 32 left of 70 UCS-2 because of ☂");
    button(mia, "Send").click();
    assertThat(house.awaitText(phone, "shipping takes").body())
        .isEqualTo("Hi Rosa, shipping takes 4 to 6 days. ☂");
    assertThat(reply(mia)).hasValue("");
  }

  // ---- later, and after

  @Test
  void whatSleepsIsWokenByTheCustomersReply() throws Exception {
    String phone = "+14155550124";
    house.asksForHelp(phone, "Sven");
    house.show(mia, phone);
    take(mia);

    button(mia, "Snooze").click();
    mia.getByRole(AriaRole.DIALOG).getByText("In an hour").click();
    Locator head = mia.locator(".thread-who");
    assertThat(head).containsText("snoozed until", SOON);
    mia.navigate(house.url("/desk/inbox/snoozed/" + house.conversation(phone)));
    assertThat(mia.locator(".row-link")).hasCount(1);

    house.write(phone, "I am back");

    assertThat(log(mia)).containsText("I am back", SOON);
    assertThat(head).not().containsText("snoozed until", SOON);
    assertThat(mia.locator(".row-link"))
        .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(20_000));
    assertThat(owner(mia)).containsText("You hold it");
  }

  @Test
  void aSurveyBeginsWhereTheAgentCloses() throws Exception {
    String phone = "+14155550125";
    house.asksForHelp(phone, "Tess");
    house.show(mia, phone);
    take(mia);

    button(mia, "Close").click();
    Locator dialog = mia.getByRole(AriaRole.DIALOG);
    dialog.getByText("Another flow begins").click();
    dialog.locator(".under select").selectOption("survey");
    dialog
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Close").setExact(true))
        .last()
        .click();

    house.awaitText(phone, "How many stars");
    assertThat(log(mia)).containsText("How many stars do we get", SOON);
    house.write(phone, "5");
    house.awaitText(phone, "Thank you, we pass it on.");
    assertThat(house.texts(phone)).noneMatch(it -> it.contains("How did we do"));
    assertThat(
            house.ask(
                "select count(*) from handoff where closed_at is null and theirs = '"
                    + phone
                    + "'"))
        .isEqualTo("0");
  }

  // ---- without a mouse

  /// Goes by Tab to the control of that name.
  private static void tabTo(Page page, String name) {
    for (int stop = 0; stop < STOPS; stop++) {
      page.keyboard().press("Tab");
      String here =
          (String)
              page.evaluate(
                  """
                  () => {
                    const at = document.activeElement;
                    const label = at?.querySelector('.nav-label');
                    return at?.getAttribute('aria-label') ?? (label ?? at)?.textContent ?? '';
                  }
                  """);
      if (here.strip().equals(name)) {
        return;
      }
    }
    throw new AssertionError(name + " is not reached by Tab");
  }

  @Test
  void aConversationIsAnsweredAndClosedWithoutAMouse() throws Exception {
    String phone = "+14155550126";
    house.asksForHelp(phone, "Ute");
    Page page = house.browser();
    page.navigate(house.url("/desk/"));
    assertThat(page.getByLabel("Email")).isFocused();
    page.keyboard().type(DeskHouse.email("Ben"));
    page.keyboard().press("Tab");
    page.keyboard().type(DeskHouse.PASSWORD);
    page.keyboard().press("Enter");
    page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Desk")).waitFor();
    assertThat(page).hasURL(house.url("/desk/inbox/mine"));

    tabTo(page, "Unassigned");
    page.keyboard().press("Enter");
    assertThat(page).hasURL(house.url("/desk/inbox/unassigned"));
    page.keyboard().press("/");
    page.keyboard().type("Ute");
    assertThat(page.locator(".row-link")).hasCount(1);
    assertThat(page.locator(".row-link")).containsText("Ute");
    page.keyboard().press("Alt+KeyI");
    page.keyboard().press("ArrowDown");
    assertThat(page.locator(".row-link")).isFocused();
    page.keyboard().press("Enter");
    assertThat(log(page)).containsText("I need help with my order", SOON);
    page.keyboard().press("Alt+KeyT");
    assertThat(owner(page)).containsText("You hold it", SOON);
    page.keyboard().press("Alt+KeyL");
    assertThat(reply(page)).isFocused();
    page.keyboard().type("Hello Ute, it is on its way.");
    page.keyboard().press("Control+Enter");
    house.awaitText(phone, "Hello Ute, it is on its way.");

    page.keyboard().press("Alt+KeyE");
    assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
    tabTo(page, "Close");
    page.keyboard().press("Enter");

    house.awaitText(phone, "How did we do, from 1 to 5?");
    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(house.ask("select disposition from handoff where theirs = '" + phone + "'"))
        .isEqualTo("solved");
  }

  @Test
  void everyKeyOfTheHelpIsExplainedOnce() {
    mia.navigate(house.url("/desk/inbox/mine"));
    mia.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Desk")).waitFor();
    mia.keyboard().press("?");
    mia.getByRole(AriaRole.DIALOG).waitFor();
    List<String> keys = mia.getByRole(AriaRole.DIALOG).locator("kbd").allInnerTexts();
    assertThat(keys).doesNotHaveDuplicates().contains("Alt+J", "Alt+E");
    mia.keyboard().press("Escape");
    assertThat(mia.getByRole(AriaRole.DIALOG)).hasCount(0);
  }
}
