import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** A hello world that tells what CPU it has used so far, µs. With an argument it ends as soon as it is up. */
public final class Hello {
  public static void main(String[] arguments) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext(
        "/",
        exchange -> {
          boolean isCpu = exchange.getRequestURI().getPath().equals("/cpu");
          byte[] text = (isCpu ? String.valueOf(cpuUs()) : "Hello, world\n").getBytes();
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    System.out.println(server.getAddress().getPort());
    if (arguments.length > 0) System.exit(0);
  }

  private static long cpuUs() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1_000;
  }
}
