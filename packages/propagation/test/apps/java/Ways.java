import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** An app that knows nothing of marks: it calls another service for whoever asks it, in many ways. Each gives the JSON answer. */
final class Ways {
  interface Way {
    String call(String url) throws Exception;
  }

  private static final HttpClient client = HttpClient.newHttpClient();
  /** Fewer threads than requests: the threads that the first requests start work for all. */
  private static final ExecutorService pool = Executors.newFixedThreadPool(3);

  private static final ScheduledExecutorService scheduled = Executors.newScheduledThreadPool(2);
  private static final Map<String, AtomicBoolean> started = new ConcurrentHashMap<>();
  private static final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private static final Map<String, HttpRequest> requests = new ConcurrentHashMap<>();
  private static final List<String> seen = new CopyOnWriteArrayList<>();

  static final Map<String, Way> all =
      Map.ofEntries(
          Map.entry("client", Ways::send),
          Map.entry("clientAsync", url -> sendAsync(url).join()),
          Map.entry("chained", url -> sendAsync(url).thenCompose(first -> sendAsync(url)).join()),
          Map.entry("connection", Ways::connect),
          Map.entry("slept", Ways::slept),
          Map.entry("pool", url -> pool.submit(() -> send(url)).get()),
          Map.entry("invokeAll", Ways::invoked),
          Map.entry("execute", Ways::executed),
          Map.entry("supplied", url -> CompletableFuture.supplyAsync(() -> quiet(url)).join()),
          Map.entry("suppliedInPool", url -> CompletableFuture.supplyAsync(() -> quiet(url), pool).join()),
          Map.entry("forkJoin", url -> ForkJoinPool.commonPool().submit(() -> send(url)).get()),
          // The app's request is one object for all: whoever sends it first must not stay in it.
          Map.entry("sharedRequest", url -> client.send(requests.computeIfAbsent(url, Ways::request), text()).body()),
          // Somebody else's thread completes the future that this request waits for.
          Map.entry("batched", Ways::batched),
          Map.entry("worker", Ways::inWorker),
          Map.entry("scheduled", url -> scheduled.schedule(() -> send(url), 2, TimeUnit.MILLISECONDS).get()),
          Map.entry("thread", Ways::inThread),
          Map.entry("own", url -> own(url, "a=1,b=2")),
          Map.entry("leak", url -> own(url, "a=1,berth-env=pz")),
          Map.entry("ownConnection", url -> ownConnection(url, "a=1,b=2")),
          Map.entry("leakConnection", url -> ownConnection(url, "a=1,berth-env=pz")),
          Map.entry("startLoop", Ways::startLoop),
          Map.entry("seenByLoop", url -> seen.toString()));

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }

  private static HttpRequest request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).build();
  }

  private static String send(String url) throws Exception {
    return client.send(request(url), text()).body();
  }

  private static CompletableFuture<String> sendAsync(String url) {
    return client.sendAsync(request(url), text()).thenApply(HttpResponse::body);
  }

  private static String own(String url, String baggage) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create(url)).header("Baggage", baggage).build(), text()).body();
  }

  private static String connect(String url) throws Exception {
    return new String(URI.create(url).toURL().openConnection().getInputStream().readAllBytes());
  }

  private static String ownConnection(String url, String baggage) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestProperty("baggage", baggage);
    return new String(connection.getInputStream().readAllBytes());
  }

  private static String quiet(String url) {
    try {
      return send(url);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static String slept(String url) throws Exception {
    Thread.sleep(3);
    return send(url);
  }

  private static String invoked(String url) throws Exception {
    Callable<String> task = () -> send(url);
    return pool.invokeAll(List.of(task)).get(0).get();
  }

  private static String executed(String url) {
    CompletableFuture<String> done = new CompletableFuture<>();
    pool.execute(() -> done.complete(quiet(url)));
    return done.join();
  }

  private static String inThread(String url) throws Exception {
    CompletableFuture<String> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> done.complete(quiet(url)));
    thread.start();
    thread.join();
    return done.join();
  }

  private static boolean isFirst(String name) {
    return started.computeIfAbsent(name, one -> new AtomicBoolean()).compareAndSet(false, true);
  }

  private static String batched(String url) {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    CompletableFuture<String> done = turn.thenApply(nothing -> quiet(url));
    queue.add(() -> turn.complete(null));
    // Whoever comes now works off what all have put in.
    for (Runnable one = queue.poll(); one != null; one = queue.poll()) one.run();
    return done.join();
  }

  /** A worker with a name, started by who comes first, as libraries have them. */
  private static final class Worker implements Runnable {
    private final ConcurrentLinkedQueue<Runnable> jobs = new ConcurrentLinkedQueue<>();

    @Override
    public void run() {
      for (; ; ) {
        Runnable job = jobs.poll();
        if (job != null) job.run();
        else Thread.onSpinWait();
      }
    }
  }

  private static final Worker worker = new Worker();

  private static String inWorker(String url) {
    if (isFirst("worker")) Executors.newSingleThreadExecutor(Ways::daemon).execute(worker);
    CompletableFuture<String> done = new CompletableFuture<>();
    worker.jobs.add(() -> done.complete(quiet(url)));
    return done.join();
  }

  private static Thread daemon(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    return thread;
  }

  private static String startLoop(String url) {
    if (!isFirst("loop")) return "null";
    // A task that goes on, one that comes again, and a timer.
    Executors.newSingleThreadExecutor(Ways::daemon).submit(() -> see(url, 200));
    scheduled.scheduleAtFixedRate(() -> see(url, 1), 20, 20, TimeUnit.MILLISECONDS);
    new Timer(true)
        .schedule(
            new TimerTask() {
              @Override
              public void run() {
                see(url, 1);
              }
            },
            20,
            20);
    return "null";
  }

  private static void see(String url, int times) {
    for (; times > 0; times--) {
      try {
        long at = System.currentTimeMillis();
        seen.add("{\"at\":" + at + ",\"got\":" + send(url) + "}");
        if (times > 1) Thread.sleep(30);
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }
  }
}
