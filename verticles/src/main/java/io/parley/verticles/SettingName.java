package io.parley.verticles;

/// Every setting: its default and what it is for. The README's table and the printed list come from
/// here.
enum SettingName {
  HTTP_HOST("0.0.0.0", "address to listen on"),
  HTTP_PORT("8080", "port to listen on; 0 takes a free one"),
  PUBLIC_URL(
      "http://localhost:8080", "where Twilio reaches this service; signatures are checked over it"),
  DATABASE_URL("", "postgresql://user:password@host:port/name; empty runs an embedded Postgres"),
  DATA_DIR("parley-data", "where the embedded Postgres keeps its data"),
  DATABASE_POOL(
      "8", "connections for edges and couriers, beside two for each lane and two for sends"),
  DATABASE_START_TIMEOUT(
      "60s", "how long a start waits for a database that does not answer before it ends"),
  LANES("2", "writers that commit turns, each over a connection of its own, beside one to read"),
  IDLE("60s", "after which an idle conversation leaves memory"),
  FLOWS_DIR("flows", "folder of Studio flow files; each NAME.json is the flow NAME"),
  POLICY("", "file of the brand's rules; empty is policy.yaml, where there is one"),
  DESK("", "file of the desk's rules; empty is desk.yaml, where there is one"),
  RULES(
      "",
      "file of the rules by which events and traits start flows; empty is rules.yaml, where there is"
          + " one"),
  TAGS_DIR(
      "tags", "folder of tags of your own, each NAME.yaml a taxonomy; read anew as it changes"),
  TAGGER(
      "model",
      "what replies are tagged by: model (and rules), or rules alone, which takes some 300 MB less"),
  FLOW_BINDINGS(
      "",
      "flows that replies start, by our address: +15550001111=cart,whatsapp:+15550001111=care; IS..."
          + " for a chat service's conversations"),
  SMS_SENDER("", "our SMS address for triggers that name none: E.164 or a Messaging Service"),
  WHATSAPP_SENDER("", "our WhatsApp address for triggers that name none: whatsapp:+..."),
  DEFAULT_REGION("US", "region of phone numbers without a country code"),
  TWILIO_ACCOUNT_SID("", "account that sends; without it nothing is sent or received"),
  TWILIO_AUTH_TOKEN(
      "", "its token; two, comma-separated, while one is being rotated (the first one calls)"),
  TWILIO_API_URL("https://api.twilio.com", "where messages are created"),
  TWILIO_CONVERSATIONS_URL(
      "https://conversations.twilio.com", "where is said what is said in a conversation"),
  CONVERSATION_AGENTS(
      "", "chat identities of agents, whose words move no flow: ann@example.com,desk-*"),
  TWILIO_TIMEOUT("10s", "how long a request to Twilio may take before its send is in doubt"),
  IN_DOUBT_SETTLE(
      "60s", "how long a send stays in doubt before Twilio's list is believed to lack it"),
  SEGMENTS_PER_SECOND("1", "rate of each sender, in segments"),
  CUSTOMERIO_SITE_ID("", "Track API credential; without it outcomes are kept in nobody's queue"),
  CUSTOMERIO_API_KEY("", "Track API credential"),
  CUSTOMERIO_REGION("us", "us or eu"),
  CUSTOMERIO_TRACK_URL("", "another base URL of the Track API"),
  CUSTOMERIO_TIMEOUT("10s", "how long a request to Customer.io may take before it is repeated"),
  CUSTOMERIO_REQUESTS_PER_SECOND("100", "rate of Track API requests"),
  CUSTOMERIO_LONGEST_PAUSE("1m", "how long Customer.io is left alone at most while it is down"),
  CUSTOMERIO_APP_KEY(
      "",
      "App API key; without it opt-outs are neither listed nor compared there, and flows look nobody up and send no e-mail"),
  CUSTOMERIO_APP_URL("", "another base URL of the App API"),
  CUSTOMERIO_APP_REQUESTS_PER_SECOND("10", "rate of App API requests"),
  CUSTOMERIO_INBOUND_URL(
      "",
      "where text messages that Twilio posts here are passed on to: https://track.customer.io/inbound/sms; empty for nowhere"),
  CUSTOMERIO_OPT_OUT(
      "optouts",
      "how opt-outs are carried out in Customer.io: optouts, unsubscribed, channel:sms, topic:7; several, comma-separated"),
  OPT_OUT_RECONCILE(
      "1d", "how often all opt-outs are compared with Customer.io's and mended; off for never"),
  CUSTOMERIO_SIGNING_KEY(
      "", "key of X-CIO-Signature on triggers and reports; several, comma-separated, in rotation"),
  REPORT_FRESHNESS("8d", "how old a signed report may be; Customer.io repeats one for seven days"),
  CUSTOMERIO_TOPICS(
      "", "what topics of Customer.io are about: 7=marketing,8=care; others are topic_N"),
  TRIGGER_BASIC("", "user:password that triggers may carry as Basic"),
  TRIGGER_BEARER("", "token that triggers may carry as Bearer"),
  WRITE_KEYS(
      "",
      "write keys of those who tell of persons by Segment's calls: shop=KEY, comma-separated; without"
          + " one /v1/identify and the like take nothing"),
  TRIGGER_FRESHNESS("2h", "how old a signed trigger may be; Customer.io retries for about an hour"),
  API_KEYS(
      "",
      "keys that may use the Studio API besides the Twilio account: SK...:secret, comma-separated"),
  STUDIO_BUSY(
      "conflict",
      "an execution by API for a contact with an active one: conflict refuses it, replace ends the active one"),
  STUDIO_REQUESTS_PER_SECOND("20", "rate of requests to the Studio API; 0 for no limit"),
  INBOUND_EXECUTIONS_PER_SECOND(
      "100", "rate of new executions by the Studio API and by messages; 0 for no limit"),
  CALL_TIMEOUT("10s", "how long a call to another system may take in all"),
  CALL_TIMEOUTS("", "the same for some hosts: api.example.com=3s,*.slow.example.com=20s"),
  CALLS_PER_HOST("20", "calls to one host under way at once"),
  CALLS_ALLOWED_PRIVATE(
      "", "private addresses that flows may call: hosts, addresses or CIDRs, comma-separated"),
  CALLS_REPEAT(
      "", "hosts at which a call whose answer was lost may be made again, whatever its method"),
  CALLS_BREAK_AFTER("5", "failures in a row after which a host is left alone"),
  CALLS_BREAK_FOR("30s", "how long it is left alone before one call tries it again"),
  FUNCTIONS(
      "", "where functions run: ZH...=URL, ZS...=URL or URL=URL by its beginning, comma-separated"),
  OFFER_SECRETS(
      "", "secrets that the policy's requests to shops name: SHOP_TOKEN=value, comma-separated"),
  DESTINATIONS(
      "",
      "file of who else is told what came of conversations; empty is destinations.yaml, where there is one"),
  DESTINATION_SECRETS(
      "", "secrets that the destinations file names: AUDIT_SECRET=value, comma-separated"),
  TARGET_SECRETS(
      "",
      "secrets that targets of handoffs in the desk file name: CHATWOOT_TOKEN=value, comma-separated"),
  OPERATOR_TOKEN(
      "", "token of those who answer customers, as Bearer; without it handoffs are read by no one"),
  DESK_LOCAL(
      "",
      "whether users with a password of their own sign in at the desk: true or false; empty for true"
          + " unless an identity provider is set"),
  DESK_OIDC_ISSUER("", "identity provider for the desk (OpenID Connect): its https issuer URL"),
  DESK_OIDC_CLIENT_ID("", "what the identity provider knows the desk as"),
  DESK_OIDC_CLIENT_SECRET("", "the desk's secret at the identity provider"),
  DESK_OIDC_NAME("single sign-on", "what the identity provider is called on the sign-in page"),
  DESK_OIDC_SCOPES("openid profile email", "what the identity provider is asked for"),
  DESK_OIDC_ROLE_CLAIM(
      "roles",
      "claim of the id token that holds a user's role: agent, lead, admin or auditor, also with"
          + " parley- before it; dots lead into objects"),
  DESK_OIDC_TOPIC_CLAIM(
      "", "claim that holds the topics a user sees; empty where admins say so at the desk"),
  DESK_SESSION("12h", "how long a sign-in at the desk lasts at most"),
  DESK_IDLE("2h", "after which a user who does nothing is signed out of the desk"),
  DESK_PROXIES(
      "",
      "proxies whose X-Forwarded-For is believed when sign-ins are counted by address: addresses or"
          + " CIDRs, comma-separated"),
  DEAD_LETTER_KEY(
      "",
      "key that seals the bodies of dead letters, the base64 of 32 bytes; two, comma-separated, while"
          + " one is being rotated (the first one seals); without it they are kept in plain text"),
  LINK_URL("", "what short links begin with, before /r/; empty is PARLEY_PUBLIC_URL"),
  LINK_LIFETIME("", "how long a short link leads on; empty for ever"),
  CONFIG_FILE("", "file of NAME=value lines with any of these settings; the environment wins");

  private static final String PREFIX = "PARLEY_";

  private final String fallback;
  private final String meaning;

  SettingName(String fallback, String meaning) {
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /// The name in the environment: `PARLEY_HTTP_PORT`.
  String variable() {
    return PREFIX + name();
  }

  String fallback() {
    return fallback;
  }

  String meaning() {
    return meaning;
  }
}
