package berth.propagation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the mark is as text, and who may see it: the `berth-*` members of W3C `baggage`. */
final class Mark {
  /** Servers refuse headers of some length; then the app's own are worth more than ours. */
  private static final int HEADER_MAX = 8_000;

  private static final int VALUE_MAX = 128;
  private static final List<String> HOSTS = hosts();

  private Mark() {}

  private static List<String> hosts() {
    String said = System.getenv("BERTH_PROPAGATE_TO");
    List<String> hosts = new ArrayList<>();
    for (String host : (said == null || said.isEmpty() ? ".internal" : said).toLowerCase(Locale.ROOT).split(",")) {
      if (!host.isBlank()) hosts.add(host.strip());
    }
    return hosts;
  }

  /** `.internal` means all below it, `a.internal` that one and all below it. */
  private static boolean isOurs(String host) {
    if (host == null) return false;
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) name = name.substring(0, name.length() - 1);
    for (String one : HOSTS) {
      if (one.startsWith(".") ? name.endsWith(one) : name.equals(one) || name.endsWith("." + one)) return true;
    }
    return false;
  }

  /** The members of a baggage header that are ours, the last of each name; null when there is none. */
  static String read(String baggage) {
    if (baggage == null || !baggage.contains("berth-")) return null;
    Map<String, String> found = new LinkedHashMap<>();
    for (String member : baggage.split(",")) {
      String pair = member.split(";", 2)[0];
      int at = pair.indexOf('=');
      if (at < 0) continue;
      String name = pair.substring(0, at).strip();
      String value = pair.substring(at + 1).strip();
      if (isName(name) && isValue(value)) found.put(name, value);
    }
    if (found.isEmpty()) return null;
    List<String> members = new ArrayList<>();
    found.forEach((name, value) -> members.add(name + "=" + value));
    return String.join(",", members);
  }

  private static boolean isName(String name) {
    return name.startsWith("berth-")
        && name.length() > 6
        && name.chars().skip(6).allMatch(one -> one >= 'a' && one <= 'z');
  }

  private static boolean isValue(String value) {
    return !value.isEmpty()
        && value.length() <= VALUE_MAX
        && value.chars().allMatch(one -> one < 128 && (Character.isLetterOrDigit(one) || "_.:-".indexOf(one) >= 0));
  }

  /** What a host gets as baggage: `own` is what the app says, `mark` under which it works; null: nothing. */
  static String baggageFor(String host, String own, String mark) {
    if (!isOurs(host)) return own == null ? null : without(own);
    if (mark == null) return own;
    return own == null || own.isEmpty() ? mark : with(own, mark);
  }

  /** What the app says itself of a member counts. */
  private static String with(String own, String mark) {
    StringBuilder whole = new StringBuilder(own);
    for (String member : mark.split(",")) {
      if (!has(own, member.substring(0, member.indexOf('=')))) whole.append(',').append(member);
    }
    return whole.length() > HEADER_MAX ? own : whole.toString();
  }

  private static boolean has(String baggage, String name) {
    for (String member : baggage.split(",")) {
      if (member.split("=", 2)[0].strip().equals(name)) return true;
    }
    return false;
  }

  /** A tracer of the app hands on whatever came in, also to somebody outside. */
  private static String without(String own) {
    if (!own.contains("berth-")) return own;
    List<String> left = new ArrayList<>();
    for (String member : own.split(",")) {
      if (!member.strip().startsWith("berth-")) left.add(member);
    }
    return left.isEmpty() ? null : String.join(",", left);
  }
}
