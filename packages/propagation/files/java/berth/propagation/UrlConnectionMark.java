package berth.propagation;

import java.net.URL;
import java.util.Objects;
import sun.net.www.MessageHeader;

/** Of HttpURLConnection. */
public final class UrlConnectionMark {
  private UrlConnectionMark() {}

  /** Before a request is written, also one to where a redirect leads. */
  public static void write(MessageHeader headers, URL url) {
    try {
      String own = headers == null ? null : headers.findValue("baggage");
      if (headers == null || (own == null && !Work.isAwake())) return;
      String wanted = Mark.baggageFor(url.getHost(), own, Work.mark());
      if (Objects.equals(own, wanted)) return;
      if (wanted == null) headers.remove("baggage");
      else headers.set("baggage", wanted);
    } catch (Throwable lost) {
      // The mark is lost, which is allowed.
    }
  }
}
