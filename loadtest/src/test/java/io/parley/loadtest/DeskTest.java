package io.parley.loadtest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.parley.loadtest.DeskHouse.SOON;
import static io.parley.loadtest.DeskHouse.button;
import static io.parley.loadtest.DeskHouse.log;
import static io.parley.loadtest.DeskHouse.owner;
import static io.parley.loadtest.DeskHouse.reply;
import static io.parley.loadtest.DeskHouse.say;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The desk as agents see it: real browsers before the whole service.
@ExtendWith(DeskGround.Resolver.class)
final class DeskTest {

  private static final String ASHA = "+14155550101";

  @SuppressWarnings("NullAway.Init")
  private static DeskHouse house;

  @SuppressWarnings("NullAway.Init")
  private static Page mia;

  @SuppressWarnings("NullAway.Init")
  private static Page ben;

  @BeforeAll
  static void open(DeskGround ground) throws Exception {
    house = DeskHouse.open(ground, "desk", Map.of());
    Page admin = house.admin("Ada");
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

  @Test
  void ofTwoAgentsWhoTakeAConversationOneGetsItAndTheOtherIsToldWho() throws Exception {
    house.asksForHelp(ASHA, "Asha");
    house.show(mia, ASHA);
    house.show(ben, ASHA);
    Locator mias = button(mia, "Take");
    Locator bens = button(ben, "Take");
    mias.waitFor();
    bens.waitFor();

    mia.evaluate(
        "() => [...document.querySelectorAll('button')].find(b => b.textContent === 'Take').click()");
    ben.evaluate(
        "() => [...document.querySelectorAll('button')].find(b => b.textContent === 'Take')?.click()");

    assertThat(owner(mia)).containsText("You hold it", SOON);
    assertThat(owner(ben)).containsText("Mia holds it", SOON);
    assertThat(ben.getByText("Mia holds this conversation")).isVisible();
    assertThat(house.ask("select holder from handoff where theirs = '" + ASHA + "'")).isNotEmpty();
  }

  @Test
  void aReplyArrivesLive() throws Exception {
    String phone = "+14155550102";
    house.asksForHelp(phone, "Bea");
    house.show(mia, phone);
    button(mia, "Take").click();
    say(mia, "Hello Bea, what is it about?");
    house.awaitText(phone, "what is it about?");

    house.write(phone, "The blue one does not fit");

    assertThat(log(mia)).containsText("The blue one does not fit", SOON);
    assertThat(log(mia)).containsText("Delivered", SOON);
  }

  @Test
  void anAgentWhoTypesStopsTheBot() throws Exception {
    String phone = "+14155550103";
    house.trigger("care", phone, "Cleo", false);
    house.awaitText(phone, "Need help?");
    house.show(mia, phone);
    assertThat(owner(mia)).containsText("bot", SOON);

    reply(mia).pressSequentially("Hi");

    assertThat(owner(mia)).containsText("You hold it", SOON);
    house.write(phone, "something that no flow understands");
    assertThat(log(mia)).containsText("something that no flow understands", SOON);
    assertThat(house.texts(phone)).as("the flow asks nothing any more").hasSize(1);
  }

  @Test
  void theFlowGoesOnWhereTheAgentCloses() throws Exception {
    String phone = "+14155550104";
    house.asksForHelp(phone, "Dora");
    house.show(mia, phone);
    button(mia, "Take").click();
    say(mia, "It is on its way, Dora.");
    house.awaitText(phone, "It is on its way");

    button(mia, "Close").click();
    Locator dialog = mia.getByRole(AriaRole.DIALOG);
    dialog
        .getByLabel("The flow goes on", new Locator.GetByLabelOptions().setExact(false))
        .first()
        .check();
    dialog
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Close").setExact(true))
        .last()
        .click();

    house.awaitText(phone, "How did we do, from 1 to 5?");
    assertThat(log(mia)).containsText("How did we do, from 1 to 5?", SOON);
    assertThat(house.ask("select disposition from handoff where theirs = '" + phone + "'"))
        .isEqualTo("solved");
  }

  @Test
  void whereWhatsAppsWindowIsShutATemplateGoes() throws Exception {
    String phone = "whatsapp:+14155550105";
    house.trigger("greeting", "+14155550105", "Emil", true);
    house.awaitText(phone, "your order is on its way");
    house.show(mia, phone);
    button(mia, "Take").click();

    assertThat(mia.getByText("WhatsApp takes only a template")).isVisible();
    assertThat(mia.getByLabel("Preview")).containsText("can we still help you?", SOON);
    button(mia, "Send template").click();

    house.awaitText(phone, "Hi Emil, can we still help you?");
    assertThat(log(mia)).containsText("Delivered", SOON);
  }

  @Test
  void nothingCanBeSentToWhoSaidStop() throws Exception {
    String phone = "+14155550106";
    house.asksForHelp(phone, "Fay");
    house.show(mia, phone);
    button(mia, "Take").click();
    assertThat(owner(mia)).containsText("You hold it", SOON);

    house.write(phone, "STOP");

    assertThat(log(mia)).containsText("STOP", SOON);
    assertThat(reply(mia)).hasCount(0);
    assertThat(house.texts(phone)).hasSize(1);
  }

  @Test
  void nothingIsLostOrDoubledOnThePageWhereTheServerRestarts() throws Exception {
    String phone = "+14155550107";
    house.asksForHelp(phone, "Gia");
    house.show(mia, phone);
    button(mia, "Take").click();
    say(mia, "One moment, Gia.");
    house.awaitText(phone, "One moment");
    house.write(phone, "first");
    assertThat(log(mia)).containsText("first", SOON);

    house.stage().kill();
    house.stage().restart();
    house.write(phone, "second");
    house.write(phone, "third");

    assertThat(log(mia)).containsText("third", SOON);
    List<String> seen =
        DeskHouse.lines(log(mia))
            .flatMap(item -> item.lines().filter(List.of("first", "second", "third")::contains))
            .toList();
    assertThat(seen).containsExactly("first", "second", "third");
    say(mia, "All three are here.");
    house.awaitText(phone, "All three are here.");
    assertThat(house.texts(phone).stream().filter("All three are here."::equals)).hasSize(1);
  }
}
