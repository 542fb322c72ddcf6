package berth.propagation;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;

/**
 * Carries the environment's mark from the request that is answered to those that are made for it. At first only servers are
 * patched, as they are loaded; what carries and sends marks is patched when the first one comes. Whatever goes wrong in here
 * the app does not notice: the mark is lost then, which is allowed. A wrong mark is not.
 */
public final class Agent implements ClassFileTransformer {
  private static final Set<String> SERVERS =
      Set.of(
          "com/sun/net/httpserver/Filter$Chain",
          "org/apache/catalina/connector/CoyoteAdapter",
          "org/apache/catalina/connector/Request",
          "org/eclipse/jetty/server/Server");
  private static final Set<String> CARRIERS =
      Set.of(
          "jdk/internal/net/http/HttpRequestImpl",
          "sun/net/www/protocol/http/HttpURLConnection",
          "java/util/concurrent/CompletableFuture",
          "java/util/concurrent/FutureTask",
          "java/util/concurrent/ThreadPoolExecutor",
          "java/util/concurrent/ForkJoinPool",
          "java/util/concurrent/ThreadPerTaskExecutor");

  private static Instrumentation instrumentation;

  public static void premain(String options, Instrumentation given) {
    try {
      instrumentation = given;
      given.addTransformer(new Agent(), true);
    } catch (Throwable lost) {
      // The app starts without us.
    }
  }

  /**
   * At the first mark, before its handler runs. All are loaded now: one that another thread just loads would be patched by
   * neither.
   */
  static void patchCarriers() {
    exportHeaders();
    for (String name : CARRIERS) {
      try {
        Class<?> carrier = Class.forName(name.replace('/', '.'), false, ClassLoader.getPlatformClassLoader());
        instrumentation.retransformClasses(carrier);
      } catch (Throwable lost) {
        // Java 17 has no ThreadPerTaskExecutor, and a small image of Java may have no HttpClient.
      }
    }
  }

  /** The headers of HttpURLConnection are a class of the JDK's own. */
  private static void exportHeaders() {
    Map<String, Set<Module>> exports = Map.of("sun.net.www", Set.of(Agent.class.getModule()));
    Module base = Object.class.getModule();
    instrumentation.redefineModule(base, Set.of(), exports, Map.of(), Set.of(), Map.of());
  }

  @Override
  public byte[] transform(ClassLoader loader, String name, Class<?> loaded, ProtectionDomain domain, byte[] bytes) {
    if (name == null || !(SERVERS.contains(name) || (loaded != null && CARRIERS.contains(name)))) return null;
    try {
      return Patcher.patch(name, bytes);
    } catch (Throwable lost) {
      return null;
    }
  }
}
