package io.parley.customerio;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.customerio.AppApi.Customer;
import io.parley.customerio.AppApi.OptedOut;
import io.parley.customerio.AppApi.Sender;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppApiTest {

  private final AppApi api = new AppApi(URI.create("https://api.customer.io/"), "secret");

  @Test
  void idsAreEncodedSoThatNobodyElseIsMeant() {
    AppApi.Request request =
        api.optOut(new Customer("+14155550142", "phone"), new Sender("sms", "MG1"), true);

    assertThat(request.url())
        .isEqualTo("https://api.customer.io/v1/customers/%2B14155550142/optouts?id_type=phone");
    assertThat(request.body())
        .isEqualTo("{\"optouts\":[{\"channel\":\"sms\",\"from\":\"MG1\",\"optout\":true}]}");
    assertThat(api.optOut(new Customer("a b/c@d", "id"), new Sender("sms", "1"), true).url())
        .contains("/a%20b%2Fc%40d/");
    assertThat(api.toString()).doesNotContain("secret");
  }

  @Test
  void aPageTellsWhereTheNextBegins() {
    assertThat(
            AppApi.readPage(
                """
                {"optouts": [{"customer_id": "42", "optouts": [{"channel": "sms", "from": "mg1"}]}],
                 "next": "abc"}
                """))
        .contains(
            new AppApi.Page(
                List.of(new OptedOut("42", List.of(new Sender("sms", "mg1")))),
                Optional.of("abc")));
    assertThat(AppApi.readPage("{}")).as("an answer about nobody").isEmpty();
    assertThat(api.page(Optional.of("a=b")).url()).endsWith("/v1/optouts?limit=1000&start=a%3Db");
  }
}
