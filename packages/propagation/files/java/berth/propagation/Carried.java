package berth.propagation;

import java.util.concurrent.Callable;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is handed to other threads works under the mark of who handed it over, and only under that: whoever happens to
 * complete a future runs what others have added to it. So these are carried without a mark, too.
 */
public final class Carried {
  private Carried() {}

  private static boolean isNeeded(Object body) {
    return body != null && Work.isAwake();
  }

  public static <T> Supplier<T> of(Supplier<T> body) {
    return isNeeded(body) ? under(Work.current(), body) : body;
  }

  public static Runnable of(Runnable body) {
    return isNeeded(body) ? under(Work.current(), body) : body;
  }

  public static <T> Consumer<T> of(Consumer<T> body) {
    if (!isNeeded(body)) return body;
    Work work = Work.current();
    return given -> under(work, () -> body.accept(given)).run();
  }

  public static <T, U> BiConsumer<T, U> of(BiConsumer<T, U> body) {
    if (!isNeeded(body)) return body;
    Work work = Work.current();
    return (one, other) -> under(work, () -> body.accept(one, other)).run();
  }

  public static <T, R> Function<T, R> of(Function<T, R> body) {
    if (!isNeeded(body)) return body;
    Work work = Work.current();
    return given -> under(work, (Supplier<R>) () -> body.apply(given)).get();
  }

  public static <T, U, R> BiFunction<T, U, R> of(BiFunction<T, U, R> body) {
    if (!isNeeded(body)) return body;
    Work work = Work.current();
    return (one, other) -> under(work, (Supplier<R>) () -> body.apply(one, other)).get();
  }

  public static <T> Callable<T> of(Callable<T> body) {
    Work work = body == null ? null : Work.current();
    return work == null ? body : under(work, body);
  }

  /** Of a task that `submit` makes. What is scheduled fires later, or again and again: it is rarely that request's own. */
  public static <T> Callable<T> of(Callable<T> body, Object task) {
    return task instanceof RunnableScheduledFuture ? body : of(body);
  }

  /**
   * Of `execute`: only lambdas of the app. A class with a name is usually a worker that goes on with what others put into its
   * queue.
   */
  public static Runnable ofLambda(Runnable body) {
    Work work = body == null ? null : Work.current();
    if (work == null || !body.getClass().isHidden() || body.getClass().getClassLoader() == null) return body;
    return under(work, body);
  }

  private static Runnable under(Work work, Runnable body) {
    return () -> {
      Work.push(work);
      try {
        body.run();
      } finally {
        Work.pop();
      }
    };
  }

  private static <T> Supplier<T> under(Work work, Supplier<T> body) {
    return () -> {
      Work.push(work);
      try {
        return body.get();
      } finally {
        Work.pop();
      }
    };
  }

  private static <T> Callable<T> under(Work work, Callable<T> body) {
    return () -> {
      Work.push(work);
      try {
        return body.call();
      } finally {
        Work.pop();
      }
    };
  }
}
