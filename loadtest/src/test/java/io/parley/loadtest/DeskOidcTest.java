package io.parley.loadtest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.parley.loadtest.DeskHouse.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.vertx.core.json.JsonArray;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Signing in at the desk by an identity provider, through its login page.
@ExtendWith(DeskGround.Resolver.class)
final class DeskOidcTest {

  private static final String PASSWORD = "what Acme knows";

  @SuppressWarnings("NullAway.Init")
  private static StandInProvider provider;

  @SuppressWarnings("NullAway.Init")
  private static DeskHouse house;

  @BeforeAll
  static void open(DeskGround ground) throws Exception {
    provider =
        StandInProvider.start(
            Map.of(
                "nora",
                    new StandInProvider.User(
                        "Nora", PASSWORD, new JsonArray().add("staff").add("parley-agent")),
                "lena",
                    new StandInProvider.User(
                        "Lena", PASSWORD, new JsonArray().add("agent").add("lead")),
                "zoe", new StandInProvider.User("Zoe", PASSWORD, new JsonArray().add("staff"))));
    house =
        DeskHouse.open(
            ground,
            "desk_oidc",
            Map.of(
                "PARLEY_DESK_OIDC_ISSUER",
                provider.issuer(),
                "PARLEY_DESK_OIDC_CLIENT_ID",
                StandInProvider.CLIENT,
                "PARLEY_DESK_OIDC_CLIENT_SECRET",
                StandInProvider.SECRET,
                "PARLEY_DESK_OIDC_NAME",
                "Acme",
                "PARLEY_DESK_OIDC_ROLE_CLAIM",
                "roles"));
    provider.register(house.url("/desk/oidc/callback"));
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  @AfterEach
  void nothingWentWrongOnThePages() {
    assertThat(house.complaints()).isEmpty();
  }

  /// Wants to go somewhere, is shown the sign-in page, and goes to the provider's.
  private static Page atTheProvider(String path) {
    Page page = house.browser();
    page.navigate(house.url(path));
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in with Acme")).click();
    page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Acme login")).waitFor();
    return page;
  }

  private static void logIn(Page page, String user, String password) {
    page.getByLabel("User").fill(user);
    page.getByLabel("Password").fill(password);
    button(page, "Log in").click();
  }

  private static Locator desk(Page page) {
    return page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Desk"));
  }

  @Test
  void aNewAgentLandsWhereTheyWantedToGo() throws Exception {
    Page page = atTheProvider("/desk/inbox/topic:care?channel=sms");
    assertThat(page.getByLabel("Email")).hasCount(0);

    logIn(page, "nora", PASSWORD);

    desk(page).waitFor();
    assertThat(page).hasURL(house.url("/desk/inbox/topic:care?channel=sms"));
    assertThat(page.locator(".me-name")).containsText("Nora");
    assertThat(page.locator(".me-name")).containsText("agent");
    assertThat(house.ask("select role || ' ' || issuer from desk_user where name = 'Nora'"))
        .isEqualTo("agent " + provider.issuer());
  }

  @Test
  void theStrongestRoleOfTheClaimHolds() {
    Page page = atTheProvider("/desk/board");

    logIn(page, "lena", PASSWORD);

    desk(page).waitFor();
    assertThat(page).hasURL(house.url("/desk/board"));
    assertThat(page.locator(".me-name")).containsText("lead");
    assertThat(page.getByRole(AriaRole.TABLE).first()).isVisible();
  }

  @Test
  void whoHasNoRoleIsToldSo() throws Exception {
    Page page = atTheProvider("/desk/");

    logIn(page, "zoe", "not the password");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("Wrong name or password");
    logIn(page, "zoe", PASSWORD);

    assertThat(page.getByText("Sign-in was refused")).containsText("no_role");
    assertThat(desk(page)).hasCount(0);
    assertThat(house.ask("select count(*) from desk_user where name = 'Zoe'")).isEqualTo("0");
  }

  @Test
  void afterSigningOutTheDeskIsShut() {
    Page page = atTheProvider("/desk/inbox/all");
    logIn(page, "nora", PASSWORD);
    desk(page).waitFor();

    button(page, "Sign out").click();

    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in with Acme"))
        .waitFor();
    page.navigate(house.url("/desk/inbox/all"));
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in with Acme"))
        .waitFor();
  }
}
