package berth.propagation;

import java.util.List;

/**
 * One request that came with a mark. It ends when its handler has returned: without an end, whatever the first marked request
 * happens to start (a loop, a pool) would have its mark for ever. What patched classes call never throws.
 */
public final class Work {
  /** Work that goes on after the end keeps the mark so long, ns. */
  private static final long GRACE = 500_000_000L;
  /** A handler that has returned without an answer (startAsync) may take so long, as the servlet API has it, ns. */
  private static final long ASYNCHRONOUS = 30_000_000_000L;

  /** Under which work a thread is, and what it was under before; `work` is null for a request without a mark. */
  private record Entered(Work work, Entered before) {}

  private static final ThreadLocal<Entered> ENTERED = new ThreadLocal<>();
  /** Has any request ever come with a mark? Until then nothing is entered: an app that nobody marks pays nearly nothing. */
  private static volatile boolean isAwake;

  private static volatile boolean isPatched;

  private record Parsed(String baggage, String mark) {}

  /** Clients on kept-alive connections send the same baggage again and again, and some servers have several handlers in a row. */
  private static volatile Parsed last = new Parsed("", null);

  private final String mark;
  private volatile boolean isAsynchronous;
  private volatile boolean isOver;
  private volatile long until;

  private Work(String mark) {
    this.mark = mark;
  }

  static boolean isAwake() {
    return isAwake;
  }

  /** Before a handler: this thread works under the mark of a baggage header. Also without one, once there are marks. */
  public static void enter(String baggage) {
    try {
      String mark = baggage == null ? null : read(baggage);
      if (mark == null && !isAwake) return;
      if (mark != null) wake();
      push(mark == null ? null : new Work(mark));
    } catch (Throwable lost) {
      // The mark is lost, which is allowed.
    }
  }

  private static String read(String baggage) {
    Parsed parsed = last;
    if (!parsed.baggage.equals(baggage)) last = parsed = new Parsed(baggage, Mark.read(baggage));
    return parsed.mark;
  }

  /** The first marks wait here: nothing carries them before. */
  private static void wake() {
    if (isPatched) return;
    synchronized (Work.class) {
      if (isPatched) return;
      isAwake = true;
      try {
        Agent.patchCarriers();
      } finally {
        isPatched = true;
      }
    }
  }

  /** The same for several header lines. */
  public static void enter(List<String> lines) {
    enter(lines == null || lines.isEmpty() ? (String) null : lines.size() == 1 ? lines.get(0) : String.join(",", lines));
  }

  /** After a handler, also one that failed. */
  public static void leave() {
    Entered entered = isAwake ? ENTERED.get() : null;
    if (entered == null) return;
    Work work = entered.work;
    pop();
    if (work == null) return;
    work.until = System.nanoTime() + (work.isAsynchronous ? ASYNCHRONOUS : GRACE);
    work.isOver = true;
  }

  /** The handler will return before its request is answered. */
  public static void goOn() {
    Entered entered = isAwake ? ENTERED.get() : null;
    if (entered != null && entered.work != null) entered.work.isAsynchronous = true;
  }

  /** Null: none, or it is over. */
  static Work current() {
    Entered entered = isAwake ? ENTERED.get() : null;
    Work work = entered == null ? null : entered.work;
    return work == null || (work.isOver && System.nanoTime() - work.until > 0) ? null : work;
  }

  static String mark() {
    Work work = current();
    return work == null ? null : work.mark;
  }

  static void push(Work work) {
    ENTERED.set(new Entered(work, ENTERED.get()));
  }

  static void pop() {
    Entered entered = ENTERED.get();
    if (entered == null) return;
    if (entered.before == null) ENTERED.remove();
    else ENTERED.set(entered.before);
  }
}
