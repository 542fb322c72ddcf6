import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Prints its port. With `virtual` as argument each request has a virtual thread. */
public final class App {
  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    boolean isVirtual = arguments.length > 0 && arguments[0].equals("virtual");
    server.setExecutor(isVirtual ? virtualThreads() : Executors.newFixedThreadPool(8));
    server.createContext("/", App::answer);
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  /** Java 17 has none. */
  private static Executor virtualThreads() throws Exception {
    return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  private static void answer(HttpExchange exchange) {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String answer;
      int status = 200;
      try {
        String query = exchange.getRequestURI().getRawQuery();
        answer = Ways.all.get(parameter(query, "by")).call(parameter(query, "url"));
      } catch (Throwable failed) {
        failed.printStackTrace();
        status = 500;
        answer = String.valueOf(failed);
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (java.io.IOException gone) {
      gone.printStackTrace();
    }
  }

  private static String parameter(String query, String name) {
    for (String pair : query.split("&")) {
      if (pair.startsWith(name + "=")) return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
    }
    return "";
  }
}
