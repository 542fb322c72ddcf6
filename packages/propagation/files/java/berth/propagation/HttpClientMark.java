package berth.propagation;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;

/** Of java.net.http, whose classes are not seen from here: they are of another class loader. */
public final class HttpClientMark {
  private static final BiPredicate<String, String> ALL = (name, value) -> true;

  private HttpClientMark() {}

  /**
   * The headers (an HttpHeaders) with which one request goes to one place; the app's own request object stays as it is.
   *
   * @param map the same headers; it compares names without case
   */
  public static Object headers(Object headers, Map<String, List<String>> map, URI uri) {
    try {
      List<String> lines = map.get("baggage");
      if (lines == null && !Work.isAwake()) return headers;
      String own = lines == null ? null : String.join(",", lines);
      String wanted = Mark.baggageFor(uri.getHost(), own, Work.mark());
      if (Objects.equals(own, wanted)) return headers;
      Map<String, List<String>> all = new HashMap<>(map);
      all.keySet().removeIf("baggage"::equalsIgnoreCase);
      if (wanted != null) all.put("baggage", List.of(wanted));
      return headers.getClass().getMethod("of", Map.class, BiPredicate.class).invoke(null, all, ALL);
    } catch (Throwable lost) {
      return headers;
    }
  }
}
