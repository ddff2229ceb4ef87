package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A stage with a desk: people who sign in with browsers of their own, and customers who write.
final class DeskHouse implements AutoCloseable {

  static final String PASSWORD = "correct horse battery staple";

  private static final double PATIENCE_MILLIS = 30_000;

  private final Chromium chromium;
  private final Stage stage;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  private DeskHouse(Chromium chromium, Stage stage) {
    this.chromium = chromium;
    this.stage = stage;
  }

  static DeskHouse open(DeskGround ground, String name, Map<String, String> settings)
      throws Exception {
    Path folder = Stages.emptyFolder(name + "-files");
    Path flows = Files.createDirectories(folder.resolve("flows"));
    Bundled.copy("/desk/flows/care.json", flows.resolve("care.json"));
    Bundled.copy("/desk/flows/greeting.json", flows.resolve("greeting.json"));
    Bundled.copy("/desk/flows/survey.json", flows.resolve("survey.json"));
    Path desk = folder.resolve("desk.yaml");
    Bundled.copy("/desk/desk.yaml", desk);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PARLEY_FLOWS_DIR", flows.toString());
    all.put("PARLEY_DESK", desk.toString());
    all.put("PARLEY_FLOW_BINDINGS", Stage.SENDER + "=care");
    all.put("PARLEY_WHATSAPP_SENDER", Stage.WHATSAPP_SENDER);
    all.putAll(settings);
    return new DeskHouse(ground.chromium(), Stages.set(ground.postgres(), name, all));
  }

  Stage stage() {
    return stage;
  }

  String url(String path) {
    return stage.parley().baseUrl().resolve(path).toString();
  }

  // ---- people

  /// A browser of its own, signed in to nothing. What its pages complain of is kept.
  Page browser() {
    return browser(new Browser.NewContextOptions().setViewportSize(1360, 860));
  }

  Page browser(Browser.NewContextOptions options) {
    BrowserContext context =
        chromium.browser().newContext(options.setColorScheme(ColorScheme.LIGHT).setLocale("en-US"));
    contexts.add(context);
    Page page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.text().contains("Content Security Policy")) {
            complaints.add(message.text());
          }
        });
    return page;
  }

  /// What scripts failed at, and what the page's own security policy stopped.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// Takes the link of the log, and becomes the first admin.
  Page admin(String name) throws Exception {
    Stages.await("the first invite", () -> Colleague.invite(stage.log()).isPresent());
    return invited("/desk/invite/" + Colleague.invite(stage.log()).orElseThrow(), name);
  }

  /// Invites somebody as the admin who is signed in on that page; answers theirs.
  Page invite(Page admin, String name, String role) {
    JsonObject answer =
        call(admin, "POST", "/users", new JsonObject().put("role", role).put("email", email(name)));
    String url = answer.getJsonObject("invite", new JsonObject()).getString("url", "");
    assertThat(url).as(answer.encode()).contains("/desk/invite/");
    return invited(URI.create(url).getPath(), name);
  }

  /// Asks the desk's API as who is signed in on the page.
  static JsonObject call(Page page, String method, String path, JsonObject body) {
    return new JsonObject(
        (String)
            page.evaluate(
                """
                async ([method, path, body]) => {
                  const session = await (await fetch('/desk/api/session')).json();
                  const answer = await fetch('/desk/api' + path, {
                    method,
                    headers: {'Content-Type': 'application/json', 'X-CSRF': session.csrf},
                    body});
                  return await answer.text();
                }
                """,
                List.of(method, path, body.encode())));
  }

  private Page invited(String path, String name) {
    Page page = browser();
    page.navigate(url(path));
    page.getByLabel("Name").fill(name);
    Locator email = page.getByLabel("Email");
    if (email.inputValue().isEmpty()) {
      email.fill(email(name));
    }
    page.getByLabel("Password").fill(PASSWORD);
    button(page, "Create account").click();
    page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Desk")).waitFor();
    return page;
  }

  static String email(String name) {
    return name.toLowerCase(java.util.Locale.ROOT) + "@acme.example";
  }

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  // ---- what stands on a page

  /// How long what travels through the whole service may take to be seen.
  static final LocatorAssertions.ContainsTextOptions SOON =
      new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);

  static Locator log(Page page) {
    return page.getByRole(AriaRole.LOG);
  }

  static Locator owner(Page page) {
    return page.getByTestId("owner");
  }

  static Locator reply(Page page) {
    return page.getByRole(
        AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Reply").setExact(true));
  }

  static void say(Page page, String text) {
    reply(page).fill(text);
    button(page, "Send").click();
  }

  /// Takes the conversation that is open on the page.
  static void take(Page page) {
    button(page, "Take").click();
    PlaywrightAssertions.assertThat(owner(page)).containsText("You hold it", SOON);
  }

  /// The conversation with that customer, open on the page.
  void show(Page page, String phone) throws Exception {
    page.navigate(url("/desk/inbox/all/" + conversation(phone)));
    page.getByRole(AriaRole.LOG).waitFor();
  }

  /// The id of a customer's conversation.
  String conversation(String phone) throws Exception {
    try (var connection = stage.connect();
        var query = connection.prepareStatement("select id from conversation where theirs = ?")) {
      query.setString(1, phone);
      try (var rows = query.executeQuery()) {
        assertThat(rows.next()).as("a conversation with " + phone).isTrue();
        return rows.getString(1);
      }
    }
  }

  /// What a query of one value says.
  String ask(String sql) throws Exception {
    try (var connection = stage.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  /// Changes rows; answers how many.
  int change(String sql) throws Exception {
    try (var connection = stage.connect();
        var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  // ---- customers

  /// Begins a conversation by a flow.
  void trigger(String flow, String phone, String firstName, boolean whatsApp) throws Exception {
    Shopper shopper =
        new Shopper(firstName.toLowerCase(java.util.Locale.ROOT), firstName, phone, 120);
    JsonObject body =
        shopper
            .trigger("https://shop.example.com", flow + phone + Instant.now(), flow)
            .put(
                "consent",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("channel", "whatsapp")
                            .put("state", "granted")
                            .put("method", "checkout")
                            .put("at", Instant.now().toString())))
            .put("source", "desk");
    body.getJsonObject("commerce").getJsonArray("items").getJsonObject(0).put("quantity", 2);
    body.getJsonObject("controls").put("channel", whatsApp ? "whatsapp" : "sms");
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(stage.parley().baseUrl().resolve("/customerio/triggers"))
                .header("Authorization", "Bearer " + Stage.BEARER)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build(),
            BodyHandlers.ofString());
    assertThat(new JsonObject(answer.body()).getString("status"))
        .as(answer.body())
        .isEqualTo("started");
  }

  /// The customer of that number writes, by SMS.
  void write(String phone, String text) throws Exception {
    stage.twilio().receive(phone, Stage.SENDER, text).await(20, TimeUnit.SECONDS);
  }

  /// A customer who was asked by the flow, and asked for help: the conversation waits for a person.
  void asksForHelp(String phone, String firstName) throws Exception {
    trigger("care", phone, firstName, false);
    awaitText(phone, "Need help?");
    write(phone, "I need help with my order");
    Stages.await(
        "the conversation waits for a person",
        () ->
            !ask("select 1 from handoff_queue q join conversation c on c.id = q.conversation"
                    + " where c.theirs = '"
                    + phone
                    + "'")
                .isEmpty());
  }

  /// Waits for a message to a customer that holds these words.
  SentMessage awaitText(String phone, String words) throws Exception {
    return stage
        .twilio()
        .awaitMessage(message -> message.to().equals(phone) && message.body().contains(words))
        .await(20, TimeUnit.SECONDS);
  }

  /// What was sent to a customer, in order.
  List<String> texts(String phone) {
    return stage.twilio().messagesViaApi().stream()
        .filter(message -> message.to().equals(phone))
        .map(SentMessage::body)
        .toList();
  }

  /// Where pictures of the desk are kept.
  static Path pictures() throws IOException {
    return Files.createDirectories(
        Path.of(System.getProperty("parley.root", ".."), "loadtest", "target", "desk"));
  }

  /// Puts a picture among those of the documentation, where they are to be rewritten.
  static void keepPicture(Path picture) throws IOException {
    if (Boolean.getBoolean("parley.rewrite")) {
      Path docs =
          Files.createDirectories(
              Path.of(System.getProperty("parley.root", ".."), "modules", "desk", "docs"));
      Files.copy(picture, docs.resolve(picture.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() {
    contexts.forEach(BrowserContext::close);
    http.close();
    stage.close();
  }

  static Stream<String> lines(Locator log) {
    return log.locator("[data-item]").allInnerTexts().stream();
  }
}
